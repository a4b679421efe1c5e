"""The tallies say what a count over the rows says, whatever was done since they were counted."""

import datetime as dt
from collections import Counter

import pytest
from django.core.management import call_command
from django.test import Client

from bookings import tasks
from bookings.applications.models import Application
from bookings.people.models import User
from bookings.places.models import District, Station
from bookings.statistics.pages.asked import HORIZONS
from bookings.statistics.retention import BY
from bookings.statistics.scope import Period, Scope
from bookings.statistics.tallies.models import Tally
from bookings.statistics.tallies.tallied import ALL
from tests.factories import TODAY

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PERIOD = Period(dt.date(2025, 9, 1), dt.date(2026, 12, 1))


@pytest.fixture(scope="module")
def season(once):
    def make():
        call_command("seed_demo", stays=300, verbosity=0)
        Application.objects.filter(status="in_review").update(review_due=TODAY - DAY)
        tasks.count()

    once(make)


def summed(counts):
    whole = Counter()
    for month, key, count in counts:
        whole[month, key] += count
    return +whole


def from_rows(one, scope):
    return summed((line.month, line.key, line.how_many) for line in one.from_rows(scope))


def read(one, scope):
    """All that is kept."""
    parts = [(by, days) for by in BY for days in HORIZONS] if one.part_of else [()]
    return summed(count for part in parts for count in one(scope, *part))


def untrue(district, day=TODAY):
    """What is kept otherwise than a recount finds it."""
    scope = Scope(district, PERIOD, day)
    return [name for name, one in ALL.items() if read(one, scope) != from_rows(one, scope)]


@pytest.mark.parametrize("name", ALL)
def test_what_is_kept_equals_a_count_over_the_rows(season, name):
    district = District.objects.get()
    for station in (None, Station.objects.get(slug="sample-west")):
        scope = Scope(district, PERIOD, TODAY, station)

        assert read(ALL[name], scope) == from_rows(ALL[name], scope) != {}


@pytest.mark.parametrize("name", ALL)
def test_what_is_kept_is_read_in_one_query(season, name, django_assert_num_queries):
    scope = Scope(District.objects.get(), PERIOD, TODAY)

    with django_assert_num_queries(1):
        ALL[name](scope, *["station", 30][: ALL[name].part_of])


def test_what_is_kept_of_each_station_is_read_in_one_query(season, django_assert_num_queries):
    district = District.objects.get()
    with django_assert_num_queries(1):
        found = ALL["steps"].by_station(Scope(district, PERIOD, TODAY))

    assert found == {
        one.pk: ALL["steps"](Scope(district, PERIOD, TODAY, one)) for one in Station.objects.all()
    }


def test_a_page_says_when_it_was_counted(season):
    client = Client()
    client.force_login(User.objects.get(email="manager@example.test"))

    asked = client.get("/statistics/retention/").context["asked"]

    assert (asked.scope.today, asked.counted_at) == (TODAY, Tally.objects.first().counted_at)


def test_numbers_that_nobody_counted_for_two_days_are_counted_for_the_page(season, noon):
    noon.shift(2 * 24 * 3600)
    client = Client()
    client.force_login(User.objects.get(email="manager@example.test"))

    asked = client.get("/statistics/retention/").context["asked"]

    assert (asked.scope.today, asked.counted_at) == (TODAY + 2 * DAY, None)


def test_of_years_without_a_guest_no_row_is_asked(season, django_assert_num_queries):
    before = Scope(District.objects.get(), Period(dt.date(2021, 1, 1), dt.date(2021, 12, 1)), TODAY)

    with django_assert_num_queries(2):
        assert ALL["steps"](before) == []
