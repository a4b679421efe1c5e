"""A station's state read into the planner's plain values, and the free beds by night."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from bookings.beds.models import BedNight, RoomNight, Stay
from bookings.beds.planner import House, PlanBed, PlanStay
from bookings.core.clock import nights_between
from bookings.places.models import Bed, Closure, Station


def read_house(station: Station, first: dt.date, until: dt.date) -> House:
    """Rooms, beds and closures of the nights [first, until)."""
    beds = Bed.objects.filter(room__station=station).select_related("room").order_by("pk")
    plan_beds = tuple(PlanBed(bed.pk, bed.room_id) for bed in beds)
    return House(
        rooms={bed.room_id: bed.room.sex for bed in beds},
        beds=plan_beds,
        closed=closed_nights(station, plan_beds, first, until),
    )


def closed_nights(
    station: Station, beds: tuple[PlanBed, ...], first: dt.date, until: dt.date
) -> frozenset[tuple[int, dt.date]]:
    in_station = Q(bed__room__station=station) | Q(room__station=station)
    closures = Closure.objects.filter(in_station, first_night__lt=until, until__gt=first)
    return frozenset(
        (bed.id, night)
        for closure in closures
        for bed in beds
        if bed.id == closure.bed_id or bed.room == closure.room_id
        for night in nights_between(max(closure.first_night, first), min(closure.until, until))
    )


def read_stays(station: Station, first: dt.date) -> list[PlanStay]:
    """The stays that hold beds from `first` on, each with its bed."""
    held = BedNight.objects.filter(stay__station=station, night__gte=first).values_list(
        "stay_id", "bed_id", "night", "sex", "stay__status"
    )
    nights: dict[int, set[dt.date]] = {}
    known: dict[int, tuple[int, str, str]] = {}
    for stay, bed, night, sex, status in held:
        nights.setdefault(stay, set()).add(night)
        known[stay] = (bed, sex, status)
    return [
        PlanStay(stay, sex, frozenset(nights[stay]), bed, fixed=status not in Stay.MOVABLE)
        for stay, (bed, sex, status) in sorted(known.items())
    ]


@dataclass(frozen=True)
class FreeNight:
    night: dt.date
    free: int


def free_nights(station: Station, sex: str, first: dt.date, days: int) -> list[FreeNight]:
    """Beds free for one sex, night by night, in today's plan. Queries: four, however many beds."""
    until = first + dt.timedelta(days=days)
    house = read_house(station, first, until)
    window = {"night__gte": first, "night__lt": until, "room__station": station}
    taken = set(BedNight.objects.filter(**window).values_list("bed_id", "night"))
    sexes = {(r.room_id, r.night): r.sex for r in RoomNight.objects.filter(**window)}
    free: Counter[dt.date] = Counter()
    for bed in house.beds:
        if house.rooms[bed.room] not in ("flexible", sex):
            continue
        for night in nights_between(first, until):
            key = (bed.id, night)
            if key in taken or key in house.closed or sexes.get((bed.room, night), sex) != sex:
                continue
            free[night] += 1
    return [FreeNight(night, free[night]) for night in nights_between(first, until)]
