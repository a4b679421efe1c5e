"""Staff move a stay to a bed, swap two, undo an act."""

import datetime as dt
import uuid

from django.db import transaction

from bookings.beds import allocate
from bookings.beds.models import BedMove, Stay
from bookings.beds.relocate import GuestIsHere, InTheWay, Moved, relocate
from bookings.core import audit
from bookings.core.clock import local_date
from bookings.people.models import User
from bookings.places.models import Bed


@transaction.atomic
def move_stay(
    *, stay: Stay, seen: Bed, to: Bed, by: User, now: dt.datetime, sure: bool = False
) -> uuid.UUID | None:
    """Move a stay from the bed it was `seen` in. Where one other stay is in the way, whose guest has not
    arrived and who fits into that bed, the two swap. The act's number; None where it is there already.

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
        other = _only_one_in(to, stay, local_date(now))
        if other is None or other.status not in Stay.MOVABLE:
            raise
        batch = relocate({stay: to, other: seen}, sure=sure, by=by, now=now)
    return _noted(batch, stay, by=by, now=now)


def _only_one_in(bed: Bed, stay: Stay, today: dt.date) -> Stay | None:
    """The one other stay that has this bed on the nights of a stay, from tonight on."""
    nights = stay.bed_nights.filter(night__gte=today).values("night")
    others = Stay.objects.filter(bed_nights__bed=bed, bed_nights__night__in=nights).distinct()
    found = list(others.exclude(pk=stay.pk).select_related("station", "graduate")[:2])
    return found[0] if len(found) == 1 else None


@transaction.atomic
def undo_move(*, batch: uuid.UUID, stay: Stay, by: User, now: dt.datetime) -> None:
    """Put back what one act moved, all of it. `stay` is one of those moved. Undone before: nothing
    happens. Errors: Moved, NothingToMove, InTheWay; GuestIsHere, where a guest has arrived since."""
    allocate.lock(stay.station)
    moves = BedMove.objects.filter(batch=batch, undone_at=None).select_related(
        "stay__station", "stay__graduate", "from_bed", "to_bed"
    )
    wanted = {}
    for move in moves:
        if allocate.bed_of(move.stay) != move.to_bed:
            raise Moved
        if move.stay.arrived_at and move.at < move.stay.arrived_at:
            raise GuestIsHere
        wanted[move.stay] = move.from_bed
    if not wanted:
        return
    back = relocate(wanted, sure=True, by=by, now=now)
    BedMove.objects.filter(batch__in=[batch, back]).update(undone_at=now)
    _noted(batch, stay, by=by, now=now, undone=True)


def _noted(
    batch: uuid.UUID | None, stay: Stay, *, by: User, now: dt.datetime, undone: bool = False
) -> uuid.UUID | None:
    action, district = "undo_move" if undone else "move", stay.station.district_id
    for move in BedMove.objects.filter(batch=batch).select_related("stay") if batch else []:
        beds = {"from": move.from_bed_id, "to": move.to_bed_id}
        audit.record(action, move.stay, by=by, now=now, district_id=district, **beds)
    return batch
