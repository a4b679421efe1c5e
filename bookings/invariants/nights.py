"""Beds and nights."""

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from bookings.beds.house import closed_nights
from bookings.beds.models import BedMove, BedNight, RoomNight, Stay
from bookings.beds.planner import PlanBed
from bookings.core.clock import nights_between
from bookings.invariants.common import CHUNK, Breaches, twice
from bookings.people.former import FormerDocument
from bookings.people.models import Graduate
from bookings.places.models import Bed, Station


def one_stay_a_bed_night() -> Breaches:
    """1 No bed has two stays on a night, no guest two beds; bed, room, guest and stay agree."""
    yield from twice(BedNight, "bed", "night")
    yield from twice(BedNight, "graduate", "night")
    for row in BedNight.objects.exclude(room=F("bed__room"), graduate=F("stay__graduate")):
        yield f"bed-night {row.pk}: bed and room, or guest and stay, do not belong together"


def one_sex_a_room_night() -> Breaches:
    """2 No room has two sexes on a night, and none but its own."""
    rooms = BedNight.objects.values("room", "night").annotate(one=Min("sex"), other=Max("sex"))
    for row in rooms.exclude(one=F("other")).iterator():
        yield f"room {row['room']} on {row['night']} has two sexes"
    of_another = Q(stay__status__in=Stay.HOLDING) & ~Q(sex=F("graduate__sex"))  # later corrected
    strangers = BedNight.objects.filter(of_another | ~Q(room__sex__in=["flexible", F("sex")]))
    for night in strangers.iterator():
        yield f"bed-night {night.pk}: its guest is of another sex than its row or its room"
    unkept = BedNight.objects.exclude(
        Exists(RoomNight.objects.filter(room=OuterRef("room"), night=OuterRef("night")))
    )
    for night in unkept.iterator():
        yield f"bed-night {night.pk}: its room has no sex on that night"
    slept_in = set(BedNight.objects.values_list("room", "night", "sex").distinct())
    for key in RoomNight.objects.values_list("room", "night", "sex").iterator():
        if key not in slept_in:
            yield f"room {key[0]} on {key[1]} is kept for {key[2]} but nobody sleeps there"


def every_promised_night_has_a_bed() -> Breaches:
    """3 The plan is complete: each night of a stay that holds has a bed, one bed, in use."""
    stays = Stay.objects.annotate(
        rows=Count("bed_nights"),
        beds=Count("bed_nights__bed", distinct=True),
        first=Min("bed_nights__night"),
        last=Max("bed_nights__night"),
        moved=Exists(
            BedMove.objects.filter(stay=OuterRef("pk"), first_night__gt=F("stay__arrival"))
        ),
    )
    for stay in stays.iterator(CHUNK):
        nights = _nights_due(stay)
        if stay.rows != len(nights):
            yield f"stay {stay.pk} ({stay.status}): {len(nights)} nights, {stay.rows} with a bed"
        elif nights and (stay.first, stay.last) != (nights[0], nights[-1]):
            yield f"stay {stay.pk}: its beds are on other nights than its own"
        if stay.beds > 1 and not stay.moved:
            yield f"stay {stay.pk} changes its bed, and nobody moved it"
    yield from _nights_on_closed_beds()


def _nights_due(stay: Stay) -> list[Any]:
    """The nights for which a stay must have beds."""
    if stay.status in Stay.HOLDING:
        return nights_between(stay.arrival, stay.departure)
    if stay.status == Stay.Status.LEFT:
        return nights_between(stay.arrival, stay.slept_until)
    return []


def _nights_on_closed_beds() -> Breaches:
    for station in Station.objects.all():
        beds = Bed.objects.filter(room__station=station)
        plan_beds = tuple(PlanBed(bed.pk, bed.room_id) for bed in beds)
        held = BedNight.objects.filter(room__station=station, stay__status__in=Stay.MOVABLE)
        span = held.aggregate(first=Min("night"), last=Max("night"))
        if span["first"]:
            until = span["last"] + dt.timedelta(days=1)
            closed = closed_nights([station], plan_beds, span["first"], until)
            for bed, night in held.values_list("bed", "night"):
                if (bed, night) in closed:
                    yield f"bed {bed} is promised on {night}, when it is closed"


def nights_within_the_allowance() -> Breaches:
    """5 Nights used and promised are counted right and never exceed the allowance; who had a document
    before and who has it now are one."""
    people = Graduate.objects.only("nights_taken", "nights_allowed")
    for person in people.annotate(rows=Count("stays__bed_nights")).iterator(CHUNK):
        rows = person.rows
        if person.nights_taken != rows:
            yield f"graduate {person.pk}: {person.nights_taken} nights counted, {rows} in beds"
        if person.nights_taken > person.nights_allowed:
            yield f"graduate {person.pk}: {person.nights_taken} of {person.nights_allowed} nights"
    same = Graduate.objects.filter(district=OuterRef("district"), doc_hash=OuterRef("doc_hash"))
    for former in FormerDocument.objects.filter(Exists(same)):
        yield f"graduate {former.graduate_id} had a document that somebody has"
