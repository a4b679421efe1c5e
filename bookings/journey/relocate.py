"""Staff move a stay to a bed, swap two, undo an act."""

import datetime as dt
import uuid

from django.db import transaction

from bookings.beds import allocate
from bookings.beds.models import BedMove, Stay
from bookings.beds.relocate import InTheWay, Moved, relocate
from bookings.core import audit
from bookings.people.models import User
from bookings.places.models import Bed


@transaction.atomic
def move_stay(
    *, stay: Stay, seen: Bed, to: Bed, by: User, now: dt.datetime, sure: bool = False
) -> uuid.UUID | None:
    """Move a stay from the bed it was `seen` in. Where one other stay is in the way that fits into
    that bed, the two swap. The act's number; None where it is there already.

    Errors: Moved, NothingToMove, GuestIsHere, InTheWay.
    """
    allocate.lock(stay.station)
    stay.refresh_from_db()
    here = allocate.bed_of(stay)
    if here == to:
        return None
    if here != seen or to.room.station_id != stay.station_id:
        raise Moved
    try:
        batch = relocate({stay: to}, sure=sure, by=by, now=now)
    except InTheWay:
        other = _only_one_in(to, stay)
        if other is None:
            raise
        batch = relocate({stay: to, other: seen}, sure=sure, by=by, now=now)
    return _noted(batch, stay, by=by, now=now)


def _only_one_in(bed: Bed, stay: Stay) -> Stay | None:
    """The one other stay that has this bed on the nights of a stay."""
    nights = stay.bed_nights.values("night")
    others = Stay.objects.filter(bed_nights__bed=bed, bed_nights__night__in=nights).distinct()
    found = list(others.exclude(pk=stay.pk).select_related("station", "graduate")[:2])
    return found[0] if len(found) == 1 else None


@transaction.atomic
def undo_move(*, batch: uuid.UUID, stay: Stay, by: User, now: dt.datetime) -> None:
    """Put back what one act moved, all of it. `stay` is one of those moved. Undone before: nothing
    happens. Errors: Moved, NothingToMove, InTheWay."""
    allocate.lock(stay.station)
    moves = BedMove.objects.filter(batch=batch, undone_at=None).select_related(
        "stay__station", "stay__graduate", "from_bed", "to_bed"
    )
    wanted = {}
    for move in moves:
        if allocate.bed_of(move.stay) != move.to_bed:
            raise Moved
        wanted[move.stay] = move.from_bed
    if not wanted:
        return
    back = relocate(wanted, sure=True, by=by, now=now)
    BedMove.objects.filter(batch__in=[batch, back]).update(undone_at=now)
    _noted(batch, stay, by=by, now=now, undone=True)


def _noted(
    batch: uuid.UUID | None, stay: Stay, *, by: User, now: dt.datetime, undone: bool = False
) -> uuid.UUID | None:
    if batch:
        district = stay.station.district_id
        action = "undo_move" if undone else "move"
        audit.record(action, stay, by=by, now=now, district_id=district, batch=str(batch))
    return batch
