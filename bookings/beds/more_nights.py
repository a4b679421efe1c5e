"""More nights for a stay that holds beds. The station must be locked."""

import datetime as dt
import uuid
from dataclasses import replace

from bookings.beds import inventory
from bookings.beds.allocate import NoBed, NotDecided, bed_of, find, wish_of
from bookings.beds.around import clear_bed
from bookings.beds.house import read_station
from bookings.beds.models import BedMove, Stay
from bookings.beds.planner import NoPlan, Plan, Undecided
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
    if elsewhere:
        return find(stay.station, replace(wish, nights=frozenset(nights)))
    bed = bed_of(stay)
    assert bed
    return find_in_bed(stay, bed.pk, nights)


def find_in_bed(stay: Stay, bed: int, nights: list[dt.date]) -> Plan:
    """A plan that gives a guest this very bed on these nights. Errors: NoBed (proven), NotDecided."""
    wish = replace(wish_of(stay.application), nights=frozenset(nights), bed=bed)
    house, stays = read_station(stay.station, nights[0], nights[-1])
    try:
        return Plan(bed, clear_bed(house, stays, wish))
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
