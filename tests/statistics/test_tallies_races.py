"""Two workers who have counted the same: one puts its tallies in place. The control takes the guard away."""

import datetime as dt
from functools import partial

import pytest

from bookings.statistics.tallies import keep
from bookings.statistics.tallies.models import Tally
from tests.factories import NOW, TODAY, make_district
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
MONTH = dt.date(2026, 11, 1)


def replace(district, former):
    tallies = keep.count_month(district, MONTH, today=TODAY, seal=1, now=NOW)
    return keep._replace(district, former, {MONTH: None}, tallies)


@pytest.fixture
def district():
    return make_district()


def test_one_of_two_replaces(district):
    assert sorted(race(*[partial(replace, district, None)] * 2)) == [False, True]
    assert Tally.objects.count() == 1


def test_control_without_the_compare_the_slower_one_replaces_too(district, monkeypatch):
    monkeypatch.setattr(keep, "_former", lambda district: None)

    results = race(*[partial(replace, district, None)] * 2)

    assert results == [True, True]
