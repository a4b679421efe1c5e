"""A station's state read into the planner's plain values, and the free beds by night."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from bookings.applications.models import Need
from bookings.beds.models import BedNight, RoomNight, Stay
from bookings.beds.planner import House, PlanBed, PlanStay
from bookings.core.clock import nights_between
from bookings.places.models import Bed, Closure, Station

LEFT: list[Any] = [
    None,
    Stay.Status.LEFT,
    [],
    None,
]  # what is told of a stay that holds nothing any more


def read_station(station: Station, first: dt.date, until: dt.date) -> tuple[House, list[PlanStay]]:
    """All that bears on the nights [first, until): the house, and the stays that hold beds. Nights
    before all that may still be moved are history, and left out."""
    stays = read_stays(station, first)
    first = min([first, *(min(stay.nights) for stay in stays)])
    last = max([until, *(max(stay.nights) for stay in stays)])
    return read_house(station, first, last + dt.timedelta(days=1)), stays


def read_house(station: Station, first: dt.date, until: dt.date) -> House:
    """Rooms, beds and closures of the nights [first, until)."""
    beds = (
        Bed.objects.filter(room__station=station)
        .order_by("pk")
        .values_list(*("pk", "room", "room__sex", "room__floor", "kind", "is_accessible"))
    )
    plan_beds = tuple(PlanBed(bed, room, _offers(*offers)) for bed, room, _sex, *offers in beds)
    return House(
        rooms={room: sex for _bed, room, sex, *_offers in beds},
        beds=plan_beds,
        closed=closed_nights([station], plan_beds, first, until),
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


def read_stays(station: Station, first: dt.date) -> list[PlanStay]:
    """The stays that hold beds from `first` on, or from the first night that may still be moved, each
    with its bed, and who has left in these nights. A guest whom staff moved to another bed is there
    once a bed, under a number of its own for the former ones."""
    known = {stay: told for stay, *told in _holding(station)}
    movable = [arrival for arrival, status, *_ in known.values() if status in Stay.MOVABLE]
    first = min([first, *movable])
    held = BedNight.objects.filter(room__station=station, night__gte=first)
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


def _holding(station: Station) -> QuerySet[Stay, Any]:
    return Stay.objects.filter(station=station, status__in=Stay.HOLDING).values_list(
        *("pk", "arrival", "status", "application__needs", "application__friend__stay")
    )


@dataclass(frozen=True)
class FreeNight:
    night: dt.date
    free: int


def free_nights(
    stations: Collection[Station], sex: str, first: dt.date, days: int
) -> dict[int, list[FreeNight]]:
    """Beds free for one sex in today's plan, night by night, by station. Four queries in all."""
    until = first + dt.timedelta(days=days)
    beds = list(Bed.objects.filter(room__station__in=stations).select_related("room"))
    plan_beds = [PlanBed(bed.pk, bed.room_id) for bed in beds]
    window = {"night__gte": first, "night__lt": until, "room__station__in": stations}
    gone = set(BedNight.objects.filter(**window).values_list("bed_id", "night"))
    gone |= closed_nights(stations, plan_beds, first, until)
    sexes = {(r.room_id, r.night): r.sex for r in RoomNight.objects.filter(**window)}
    free: Counter[tuple[int, dt.date]] = Counter(
        (bed.room.station_id, night)
        for bed in beds
        if bed.room.sex in ("flexible", sex)
        for night in nights_between(first, until)
        if (bed.pk, night) not in gone and sexes.get((bed.room_id, night), sex) == sex
    )
    nights = nights_between(first, until)
    return {
        station.pk: [FreeNight(night, free[station.pk, night]) for night in nights]
        for station in stations
    }
