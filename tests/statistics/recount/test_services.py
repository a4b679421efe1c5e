"""What the services gave, counted another way: row by row in Python."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import astuple

import pytest
from django.utils import timezone

from bookings.desk.models import Redemption
from bookings.desk.services.models import Booking
from bookings.places.models import District
from bookings.statistics.pages import services
from bookings.statistics.reports.figures import asked_for
from bookings.statistics.scope import Period, Scope
from bookings.statistics.services import services_altogether, services_given
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


def recounted_altogether():
    """By service: uses, booked, taken up; then the people behind each number that can be told apart."""
    counts = defaultdict(Counter)
    people = defaultdict(lambda: defaultdict(set))
    taken = set()
    for one in Booking.objects.select_related("slot__service", "stay", "redemption"):
        if one.slot.starts_at <= NOW and holds(one, one.slot, one.stay):
            code, is_taken = one.slot.service.code, hasattr(one, "redemption")
            counts[code].update(booked=1, taken_up=is_taken)
            people[code]["came" if is_taken else "missed"].add(one.stay.graduate_id)
            taken |= {one.redemption.pk} if is_taken else set()
    for one in Redemption.objects.select_related("service", "stay"):
        code = one.service.code
        counts[code].update(uses=1)
        people[code]["guests"].add(one.stay.graduate_id)
        if one.pk not in taken:
            people[code]["unbooked"].add(one.stay.graduate_id)
    return [
        [counts[code][name] for name in ("uses", "booked", "taken_up")]
        + [len(people[code][name]) for name in ("guests", "unbooked", "came", "missed")]
        for code in sorted(counts)
    ]


def test_a_service_at_all_stations_equals_a_recount(district):
    scope = Scope(district, Period(dt.date(2020, 1, 1), TODAY + dt.timedelta(days=31)), TODAY)

    _names, *counts = zip(
        *(astuple(one) for one in services_altogether(scope, now=NOW)), strict=True
    )

    assert [list(one) for one in zip(*counts, strict=True)] == recounted_altogether()
    assert all(map(sum, counts))


def test_outside_a_line_is_a_service_over_the_year(district, django_assert_num_queries):
    page = asked_for(district, "year", dt.date(2026, 1, 1), "outside", today=TODAY)

    with django_assert_num_queries(3):
        [section] = services.sections(page)

    lines = section.table.rows
    assert len({row[0].value for row in lines}) == len(lines) == len(recounted_altogether())
    assert {cell.kind for row in lines for cell in row[1:]} == {"count"}
    assert {cell.is_hidden for row in lines for cell in row} == {False, True}


def test_one_station_and_its_months_are_counted_alone(district):
    everything = given(district)
    station, month = everything[0].station, everything[0].month

    chosen = given(district, district.stations.get(name_zh=station), first=month)

    expected = [row for row in everything if row.station == station and row.month >= month]
    assert [row.counts for row in chosen] == [row.counts for row in expected]


def test_another_districts_services_are_not_counted(district):
    other = District.objects.create(code="370829", name_zh="示例县", name_en="Sample", hotline="0")

    assert given(other) == []
