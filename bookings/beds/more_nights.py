"""More nights for a stay that holds beds. The station must be locked."""

import datetime as dt
import uuid
from dataclasses import replace

from bookings.beds import inventory
from bookings.beds.allocate import NoBed, NotDecided, bed_of, find, wish_of
from bookings.beds.around import clear_bed
from bookings.beds.house import read_station
from bookings.beds.models import BedMove, Stay
from bookings.beds.planner import NoPlan, Plan, PlanStay, Undecided
from bookings.core.clock import nights_between
from bookings.people.models import User


def find_more(stay: Stay, nights: list[dt.date], *, elsewhere: bool = False) -> Plan:
    """A plan that gives the stay these nights after its own. Who has arrived keeps the bed, or, with
    `elsewhere`, gets any bed for them; who has not may get another one for the whole stay.

    Errors: NoBed (proven), NotDecided.
    """
    wish = wish_of(stay.application)
    if stay.status in Stay.MOVABLE:
        whole = frozenset([*nights_between(stay.arrival, stay.departure), *nights])
        wish = replace(wish, id=stay.pk, nights=whole)
        return find(stay.station, wish, without={stay.pk})
    wish = replace(wish, nights=frozenset(nights))
    return find(stay.station, wish) if elsewhere else _in_its_bed(stay, wish)


def _in_its_bed(stay: Stay, wish: PlanStay) -> Plan:
    bed = bed_of(stay)
    assert bed
    house, stays = read_station(stay.station, min(wish.nights), max(wish.nights))
    try:
        return Plan(bed.pk, clear_bed(house, stays, replace(wish, bed=bed.pk)))
    except NoPlan as error:
        raise NoBed from error
    except Undecided as error:
        raise NotDecided from error


def give_more(
    stay: Stay, found: Plan, nights: list[dt.date], *, by: User, now: dt.datetime
) -> BedMove | None:
    """Write such a plan. A guest in house who changes beds for it has been moved by somebody."""
    bed = bed_of(stay)
    assert bed
    moves = dict(found.moves)
    if stay.status in Stay.MOVABLE and found.bed != bed.pk:
        moves[stay.pk] = found.bed
    inventory.move(moves)
    inventory.take(stay, found.bed, nights)
    if stay.status in Stay.MOVABLE or found.bed == bed.pk:
        return None
    return BedMove.objects.create(
        batch=uuid.uuid4(),
        stay=stay,
        from_bed=bed,
        to_bed_id=found.bed,
        first_night=nights[0],
        by=by,
        at=now,
    )
