"""Staff move stays to other beds, by the rules of the house. The station must be locked."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.applications.models import Need
from bookings.beds import inventory
from bookings.beds.allocate import bed_of
from bookings.beds.house import read_station
from bookings.beds.models import BedMove, Stay
from bookings.beds.obstacles import Obstacle, obstacle
from bookings.beds.planner import House, PlanStay
from bookings.core.clock import local_date
from bookings.core.errors import Refusal
from bookings.people.models import User
from bookings.places.models import Bed, Station


class InTheWay(Refusal):
    """The sentence says who or what."""

    code = "in_the_way"


class Moved(Refusal):
    code = "moved"
    sentence = gettext_lazy(
        "This stay has another bed by now, so nothing was changed. Look at the board again."
    )


class NothingToMove(Refusal):
    code = "nothing_to_move"
    sentence = gettext_lazy("This stay has no nights ahead that could be moved.")


class GuestIsHere(Refusal):
    code = "guest_is_here"
    sentence = gettext_lazy(
        "The guest has arrived and knows the bed. Confirm that the guest moves from tonight on."
    )


def relocate(
    wanted: Mapping[Stay, Bed], *, sure: bool, by: User, now: dt.datetime
) -> uuid.UUID | None:
    """Move stays of one station to beds, all at once: who has not arrived with all nights, who has
    from tonight on, if one is `sure`. The act's number, to undo it by; None where each is there.

    Errors: NothingToMove, GuestIsHere, InTheWay.
    """
    moves = {stay: bed for stay, bed in wanted.items() if bed_of(stay) != bed}
    if not moves:
        return None
    today = local_date(now)
    for stay in moves:
        if stay.status not in Stay.HOLDING or stay.departure <= today:
            raise NothingToMove
        if stay.status == Stay.Status.ARRIVED and not sure:
            raise GuestIsHere
    station = next(iter(moves)).station
    house, stays = _ahead(station, today)
    found = obstacle(house, stays, {stay.pk: bed.pk for stay, bed in moves.items()})
    if found:
        raise InTheWay(told(found))
    return _write(moves, by=by, now=now)


def _write(moves: Mapping[Stay, Bed], *, by: User, now: dt.datetime) -> uuid.UUID:
    batch = uuid.uuid4()
    since = {stay.pk: _first(stay, local_date(now)) for stay in moves}
    BedMove.objects.bulk_create(
        BedMove(
            batch=batch,
            stay=stay,
            from_bed=bed_of(stay),
            to_bed=bed,
            first_night=since[stay.pk],
            by=by,
            at=now,
        )
        for stay, bed in moves.items()
    )
    inventory.move({stay.pk: bed.pk for stay, bed in moves.items()}, since=since)
    return batch


def _first(stay: Stay, today: dt.date) -> dt.date:
    """The first night that moves: of a guest in house, the first to come in the bed of last."""
    if stay.status != Stay.Status.ARRIVED:
        return stay.arrival
    return stay.bed_nights.filter(night__gte=today, bed=bed_of(stay)).earliest("night").night


def _ahead(station: Station, today: dt.date) -> tuple[House, list[PlanStay]]:
    """The station from tonight on: a guest in house with the nights ahead only."""
    house, stays = read_station(station, today, today)
    ahead = []
    for stay in stays:
        nights = frozenset(n for n in stay.nights if n >= today) if stay.fixed else stay.nights
        if nights:
            ahead.append(
                PlanStay(stay.id, stay.sex, nights, stay.bed, stay.fixed, stay.needs, stay.friends)
            )
    return house, ahead


def told(found: Obstacle) -> str:
    """What is in the way, as a sentence."""
    who = str(_(", ")).join(
        stay.application.reference
        for stay in Stay.objects.filter(pk__in=found.others).select_related("application")
    )
    needs = str(_(", ")).join(str(Need(need).label) for need in found.lacking)
    sentences = {
        "closed": _("This bed is out of use on some of these nights."),
        "room": _("This room is for the other sex."),
        "need": _("This bed lacks what the guest needs: %(needs)s.") % {"needs": needs},
        "taken": _("Somebody has this bed on some of these nights: %(who)s.") % {"who": who},
        "other_sex": _("Guests of the other sex are in this room on some of these nights: %(who)s.")
        % {"who": who},
    }
    return sentences[found.kind]
