"""What the services gave, counted another way: row by row in Python."""

import datetime as dt
from collections import Counter, defaultdict

import pytest
from django.utils import timezone

from bookings.desk.models import Redemption
from bookings.desk.services.models import Booking
from bookings.places.models import District
from bookings.statistics.scope import Period, Scope
from bookings.statistics.services import services_given
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
STANDING = {"promised", "arrived"}


def given(district, station=None, first=dt.date(2020, 1, 1)):
    scope = Scope(district, Period(first, TODAY + dt.timedelta(days=31)), TODAY, station)
    return services_given(scope, now=NOW)


def key(day, service):
    return f"{day:%Y-%m}", service.station.name, service.name


def holds(booking, slot, stay):
    day = timezone.localtime(slot.starts_at).date()
    here = stay.status in STANDING or bool(stay.left_at and stay.left_at >= slot.starts_at)
    called_off = booking.cancelled_at or slot.cancelled_at
    return here and not called_off and stay.arrival <= day <= stay.departure


def recounted():
    counts, people = defaultdict(Counter), defaultdict(set)
    for one in Redemption.objects.select_related("service__station", "stay"):
        place = key(one.day, one.service)
        people[place].add(one.stay.graduate_id)
        counts[place].update(uses=1)
    for one in Booking.objects.select_related("slot__service__station", "stay", "redemption"):
        begun = one.slot.starts_at <= NOW
        if begun and holds(one, one.slot, one.stay):
            place = key(timezone.localtime(one.slot.starts_at), one.slot.service)
            counts[place].update(booked=1, taken_up=hasattr(one, "redemption"))
    return {
        place: [count["uses"], len(people[place]), count["booked"], count["taken_up"]]
        for place, count in counts.items()
    }


def test_every_number_equals_a_recount_over_the_rows(district):
    rows = given(district)

    published = {(f"{row.month:%Y-%m}", row.station, row.service): row.counts for row in rows}
    assert published == recounted()
    sums = [sum(counts) for counts in zip(*published.values(), strict=True)]
    uses, guests, booked, taken_up = sums
    assert uses > guests > 5
    assert booked > taken_up > 0


def test_one_station_and_its_months_are_counted_alone(district):
    everything = given(district)
    station, month = everything[0].station, everything[0].month

    chosen = given(district, district.stations.get(name_zh=station), first=month)

    expected = [row for row in everything if row.station == station and row.month >= month]
    assert [row.counts for row in chosen] == [row.counts for row in expected]


def test_another_districts_services_are_not_counted(district):
    other = District.objects.create(code="370829", name_zh="示例县", name_en="Sample", hotline="0")

    assert given(other) == []
