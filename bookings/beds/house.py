"""A station's state read into the planner's plain values, and the free beds by night."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from bookings.applications.models import Need
from bookings.beds.forecast import places_left
from bookings.beds.models import BedNight, Stay
from bookings.beds.planner import House, PlanBed, PlanStay
from bookings.core.clock import nights_between
from bookings.places.models import Bed, Closure, Room, Station

LEFT: list[Any] = [
    None,
    Stay.Status.LEFT,
    [],
    None,
]  # what is told of a stay that holds nothing any more


def read_station(station: Station, first: dt.date, until: dt.date) -> tuple[House, list[PlanStay]]:
    """All that bears on the nights [first, until): the house, and the stays that hold beds. Nights
    before all that may still be moved are history, and left out."""
    return _read([station], first, until)


def _read(
    stations: Collection[Station], first: dt.date, until: dt.date
) -> tuple[House, list[PlanStay]]:
    """The same of several stations, as if they were one house."""
    stays = read_stays(stations, first)
    first = min([first, *(min(stay.nights) for stay in stays)])
    last = max([until, *(max(stay.nights) for stay in stays)])
    return _read_house(stations, first, last + dt.timedelta(days=1)), stays


def _read_house(stations: Collection[Station], first: dt.date, until: dt.date) -> House:
    """Rooms, beds and closures of the nights [first, until)."""
    beds = (
        Bed.objects.filter(room__station__in=stations)
        .order_by("pk")
        .values_list(*("pk", "room", "room__sex", "room__floor", "kind", "is_accessible"))
    )
    plan_beds = tuple(PlanBed(bed, room, _offers(*offers)) for bed, room, _sex, *offers in beds)
    return House(
        rooms={room: sex for _bed, room, sex, *_offers in beds},
        beds=plan_beds,
        closed=closed_nights(stations, plan_beds, first, until),
    )


def closed_nights(
    stations: Collection[Station], beds: Iterable[PlanBed], first: dt.date, until: dt.date
) -> frozenset[tuple[int, dt.date]]:
    """The (bed, night) pairs out of use in the nights [first, until)."""
    inside = Q(bed__room__station__in=stations) | Q(room__station__in=stations)
    closures = Closure.objects.filter(inside, first_night__lt=until, until__gt=first)
    beds = tuple(beds)
    return frozenset(
        (bed.id, night)
        for closure in closures
        for bed in beds
        if bed.id == closure.bed_id or bed.room == closure.room_id
        for night in nights_between(max(closure.first_night, first), min(closure.until, until))
    )


@cache
def _offers(floor: int, kind: str, is_accessible: bool) -> frozenset[str]:
    """The needs that a bed meets."""
    met = {
        Need.LOWER_BUNK: kind != Bed.Kind.UPPER,
        Need.ACCESSIBLE: is_accessible,
        Need.GROUND_FLOOR: floor == 1,
    }
    return frozenset(need.value for need, is_met in met.items() if is_met)


def read_stays(stations: Collection[Station], first: dt.date) -> list[PlanStay]:
    """The stays that hold beds from `first` on, or from the first night that may still be moved, each
    with its bed, and who has left in these nights. A guest whom staff moved to another bed is there
    once a bed, under a number of its own for the former ones."""
    known = {stay: told for stay, *told in _holding(stations)}
    movable = [arrival for arrival, status, *_ in known.values() if status in Stay.MOVABLE]
    first = min([first, *movable])
    held = BedNight.objects.filter(room__station__in=stations, night__gte=first)
    nights: dict[tuple[int, int], set[dt.date]] = defaultdict(set)
    last: dict[int, tuple[int, str]] = {}
    for stay, bed, night, sex in held.order_by("night").values_list("stay", "bed", "night", "sex"):
        nights[stay, bed].add(night)
        last[stay] = bed, sex
    return [
        PlanStay(
            stay if bed == last[stay][0] else -number,
            last[stay][1],
            frozenset(slept),
            bed,
            fixed=status not in Stay.MOVABLE,
            needs=frozenset(needs),
            friends=frozenset([friend] if friend else []),
        )
        for number, ((stay, bed), slept) in enumerate(sorted(nights.items()), 1)
        for _arrival, status, needs, friend in [known.get(stay, LEFT)]
    ]


def closure_nights(closure: Closure, house: House) -> frozenset[tuple[int, dt.date]]:
    """The (bed, night) pairs of one closure, written or not."""
    return frozenset(
        (bed.id, night)
        for bed in house.beds
        if bed.id == closure.bed_id or bed.room == closure.room_id
        for night in nights_between(closure.first_night, closure.until)
    )


def _holding(stations: Collection[Station]) -> QuerySet[Stay, Any]:
    return Stay.objects.filter(station__in=stations, status__in=Stay.HOLDING).values_list(
        *("pk", "arrival", "status", "application__needs", "application__friend__stay")
    )


@dataclass(frozen=True)
class FreeNight:
    night: dt.date
    free: int


def free_nights(
    stations: Collection[Station], sex: str, first: dt.date, days: int
) -> dict[int, list[FreeNight]]:
    """How many more guests of one sex could be placed, night by night, by station; those who have not
    arrived may be in another bed then than in today's plan. Five queries in all."""
    nights = nights_between(first, first + dt.timedelta(days=days))
    house, stays = _read(stations, first, nights[-1])
    rooms: dict[int, set[int]] = defaultdict(set)
    for where, room in Room.objects.filter(station__in=stations).values_list("station", "pk"):
        rooms[where].add(room)
    free = {}
    for station in stations:
        part, guests = _part(house, stays, rooms[station.pk])
        left = places_left(part, guests, nights)
        free[station.pk] = [FreeNight(night, left[night][sex]) for night in nights]
    return free


def _part(house: House, stays: list[PlanStay], rooms: set[int]) -> tuple[House, list[PlanStay]]:
    """Some rooms of a house, and who sleeps in them."""
    beds = tuple(bed for bed in house.beds if bed.room in rooms)
    of_bed = {bed.id for bed in beds}
    closed = frozenset((bed, night) for bed, night in house.closed if bed in of_bed)
    part = House({room: house.rooms[room] for room in house.rooms if room in rooms}, beds, closed)
    return part, [stay for stay in stays if stay.bed in of_bed]
