"""A station's state read into the planner's plain values, and the free beds by night."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Min, Q

from bookings.applications.models import Need
from bookings.beds.models import BedNight, RoomNight, Stay
from bookings.beds.planner import House, PlanBed, PlanStay
from bookings.core.clock import nights_between
from bookings.places.models import Bed, Closure, Room, Station


def read_station(station: Station, first: dt.date, until: dt.date) -> tuple[House, list[PlanStay]]:
    """All that bears on the nights [first, until): the house, and the stays that hold beds. Nights
    before all that may still be moved are history, and left out."""
    movable = Stay.objects.filter(station=station, status__in=Stay.MOVABLE)
    earliest = movable.aggregate(day=Min("arrival"))["day"]
    first = min(first, earliest or first)
    stays = read_stays(station, first)
    last = max((max(stay.nights) for stay in stays), default=until)
    after = max(last, until) + dt.timedelta(days=1)
    return read_house(station, first, after), stays


def read_house(station: Station, first: dt.date, until: dt.date) -> House:
    """Rooms, beds and closures of the nights [first, until)."""
    rooms = Room.objects.filter(station=station).in_bulk()
    beds = Bed.objects.filter(room__in=rooms).order_by("pk")
    plan_beds = tuple(
        PlanBed(bed.pk, bed.room_id, _offers(bed, rooms[bed.room_id])) for bed in beds
    )
    return House(
        rooms={bed.room_id: rooms[bed.room_id].sex for bed in beds},
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


def _offers(bed: Bed, room: Room) -> frozenset[str]:
    """The needs that a bed meets."""
    met = {
        Need.LOWER_BUNK: bed.kind != Bed.Kind.UPPER,
        Need.ACCESSIBLE: bed.is_accessible,
        Need.GROUND_FLOOR: room.floor == 1,
    }
    return frozenset(need.value for need, is_met in met.items() if is_met)


def read_stays(station: Station, first: dt.date) -> list[PlanStay]:
    """The stays that hold beds from `first` on, each with its bed. A guest whom staff moved to another
    bed is there once a bed, under a number of its own for the former ones."""
    held = BedNight.objects.filter(room__station=station, night__gte=first).order_by("night")
    nights: dict[tuple[int, int], set[dt.date]] = defaultdict(set)
    known: dict[int, tuple[int, str, str, list[str], int | None]] = {}
    for stay, bed, night, *told in held.values_list(
        *("stay_id", "bed_id", "night", "sex", "stay__status"),
        *("stay__application__needs", "stay__application__friend__stay"),
    ):
        nights[stay, bed].add(night)
        known[stay] = (bed, *told)
    return [
        PlanStay(
            stay if bed == known[stay][0] else -number,
            sex,
            frozenset(slept),
            bed,
            fixed=status not in Stay.MOVABLE,
            needs=frozenset(needs),
            friends=frozenset([friend] if friend else []),
        )
        for number, ((stay, bed), slept) in enumerate(sorted(nights.items()), 1)
        for _last, sex, status, needs, friend in [known[stay]]
    ]


def closure_nights(closure: Closure, house: House) -> frozenset[tuple[int, dt.date]]:
    """The (bed, night) pairs of one closure, written or not."""
    return frozenset(
        (bed.id, night)
        for bed in house.beds
        if bed.id == closure.bed_id or bed.room == closure.room_id
        for night in nights_between(closure.first_night, closure.until)
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
