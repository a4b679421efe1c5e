"""Nights and arrivals, counted another way: night by night in Python."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import replace

import pytest
from django.utils import timezone

from bookings.applications.models import Application
from bookings.beds.models import BedNight, Stay
from bookings.core.audit import AuditEntry
from bookings.core.clock import nights_between
from bookings.places.models import Bed, Closure
from bookings.statistics.nights import arrivals, nights
from bookings.statistics.rows import Behind, rows_of
from bookings.statistics.scope import Period, Scope
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PERIOD = Period(dt.date(2025, 12, 1), dt.date(2026, 11, 1))
NAMES = ["committed", "asked", "promised", "used", "left_early", "no_show", "late", "in_time"]


@pytest.fixture
def scope(district):
    return Scope(district, PERIOD, TODAY)


def recounted(stations):
    counts = {month: Counter() for month in PERIOD.months}
    for bed in Bed.objects.filter(room__station__in=stations):
        closed = {
            night
            for one in Closure.objects.all()
            if one.bed_id == bed.pk or one.room_id == bed.room_id
            for night in nights_between(one.first_night, one.until)
        }
        for night in nights_between(PERIOD.first_day, TODAY):
            counts[night.replace(day=1)]["committed"] += night not in closed
    for month, name, _application in told(stations):
        counts[month][name] += 1
    return {month: [count[name] for name in NAMES] for month, count in counts.items()}


def told(stations):
    """Each number that a night of an application is counted in: month, number, application."""
    for application, night, names in [*asked(stations), *lived(stations)]:
        if PERIOD.first_day <= night < TODAY:
            for name in names:
                yield night.replace(day=1), name, application


def asked(stations):
    for one in Application.objects.exclude(status="draft").filter(station__in=stations):
        for night in nights_between(one.arrival, one.arrival + one.nights * DAY):
            yield one.pk, night, ["asked"]


def lived(stations):
    for stay in Stay.objects.filter(station__in=stations):
        for night in nights_between(stay.arrival, stay.departure):
            yield stay.application_id, night, became_of(stay, night)


def became_of(stay, night):
    """The numbers that one night of a stay is counted in."""
    came = stay.status in ("arrived", "left")
    if not (came or stay.passes.exists()):
        return []
    if BedNight.objects.filter(stay=stay, night=night).exists() and came:
        return ["promised", "used"]
    if stay.status in ("cancelled", "lapsed"):
        return ["promised", "late" if gave_back_late(stay) else "in_time"]
    return ["promised", *{"left": ["left_early"], "no_show": ["no_show"]}.get(stay.status, [])]


def gave_back_late(stay):
    said = AuditEntry.objects.filter(
        action="withdraw", subject=f"application:{stay.application_id}"
    ).last()
    return bool(said) and timezone.localtime(said.at).date() >= stay.arrival


def published(scope):
    return {row.month: [getattr(row, name) for name in NAMES] for row in nights(scope)}


def test_every_number_of_the_district_equals_a_recount(scope):
    stations = scope.district.stations.all()

    assert published(scope) == recounted(stations)
    assert all(sum(column) for column in zip(*published(scope).values(), strict=True))


def test_every_number_of_a_station_equals_a_recount(scope):
    station = scope.district.stations.first()

    assert published(Scope(scope.district, PERIOD, TODAY, station)) == recounted([station])


def test_each_number_of_a_month_opens_the_applications_whose_nights_it_counts(scope):
    expected = defaultdict(set)
    for month, name, application in told(scope.district.stations.all()):
        expected[month, name].add(application)

    for month in PERIOD.months:
        for name in NAMES[1:]:
            within = replace(scope, period=Period(month, month))
            found = rows_of(Behind(f"nights_{name}", within, 30)).values_list("pk", flat=True)
            assert sorted(found) == sorted(expected[month, name]), (month, name)


def test_what_was_promised_is_the_sum_of_what_became_of_it(scope):
    for row in nights(scope):
        kept = row.used + row.left_early + row.no_show + row.late + row.in_time
        assert row.promised == kept + row.unsettled


def test_who_did_not_come_equals_a_recount(scope):
    expected, missed = Counter(), Counter()
    for stay in Stay.objects.filter(status__in=["arrived", "left", "no_show"]):
        month = stay.arrival.replace(day=1)
        expected[month] += 1
        missed[month] += stay.status == "no_show"

    found = {row.month: (row.expected, row.missed) for row in arrivals(scope)}

    assert found == {month: (expected[month], missed[month]) for month in PERIOD.months}


@pytest.fixture
def station():
    return make_station(make_district("370829"), beds=2)


def here(station, today):
    month = today.replace(day=1)
    return nights(Scope(station.district, Period(month, month), today))[0]


def test_a_closed_bed_is_not_given(station):
    room = station.rooms.get()
    dates = {"first_night": dt.date(2026, 11, 1), "until": dt.date(2026, 11, 6)}
    Closure.objects.create(bed=room.beds.first(), reason="修理", **dates)
    Closure.objects.create(room=room, reason="粉刷", **dates | {"until": dt.date(2026, 11, 3)})

    assert here(station, dt.date(2026, 11, 11)).committed == 20 - 5 - 2


def test_nights_given_back_on_the_day_are_late_and_those_before_are_not(station):
    early, late = (make_draft(make_person(station.district), station) for _ in range(2))
    for draft in (early, late):
        events.promise(draft, now=NOW - 2 * DAY)
    events.withdraw(early, now=NOW - DAY)
    events.withdraw(late, now=NOW)

    row = here(station, TODAY + 3 * DAY)

    assert (row.late, row.in_time, row.wasted, row.promised) == (3, 3, 3, 6)


def test_nights_to_come_do_not_count(station):
    events.promise(make_draft(make_person(station.district), station))

    assert here(station, TODAY).promised == 0
    assert here(station, TODAY + DAY).promised == here(station, TODAY + DAY).unsettled == 1


def test_another_districts_nights_do_not_count(station):
    events.promise(make_draft(make_person(station.district), station))
    other = make_station(make_district("370830"), slug="other")

    assert here(other, TODAY + 3 * DAY).promised == here(other, TODAY + 3 * DAY).asked == 0
