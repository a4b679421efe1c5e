"""Nothing is public that nobody has chosen, and nothing small."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client

from bookings import tasks
from bookings.beds.models import Stay
from bookings.people.models import User
from bookings.places.models import District
from bookings.statistics.reports.models import PublicNumbers
from bookings.statistics.reports.public import choose, count, numbers_of
from tests.events import reviewer
from tests.factories import NOW, make_district, make_station
from tests.statistics.test_retention import recounted

pytestmark = pytest.mark.django_db
ALL = dict.fromkeys(PublicNumbers.CHOICES, True)
NONE = dict.fromkeys(PublicNumbers.CHOICES, False)


@pytest.fixture(scope="module")
def district(once):
    once(lambda: call_command("seed_demo", stays=300, verbosity=0))
    return once(District.objects.get)


def test_a_district_that_chose_nothing_tells_nothing():
    district = make_district("370829")
    make_station(district, slug="elsewhere")

    assert numbers_of(district) == {}
    assert Client().get("/numbers/370829/").status_code == 200
    assert Client().get("/numbers/370829/").context["told"] is None


def test_only_what_is_chosen_is_told(district):
    manager = User.objects.get(email="manager@example.test")
    choose(district=district, by=manager, now=NOW, **{**NONE, "guests": True})

    assert numbers_of(district)["told"].keys() == {"guests"}


def test_guests_are_counted_to_the_end_of_the_last_month(district):
    stays = Stay.objects.filter(status__in=["arrived", "left"], arrival__lt=dt.date(2026, 11, 1))

    assert numbers_of(district)["told"]["guests"] == stays.count() > 100


def test_who_stayed_is_told_with_its_denominator_bounds_and_response(district):
    told = numbers_of(district)["told"]["staying"]
    found = [
        counts
        for (month, horizon), counts in recounted("month").items()
        if horizon == 180 and month <= "2026-04"
    ]

    assert told["stayed"] == sum(one["numerator"] for one in found) > 5
    assert told["known"] == sum(one["denominator"] for one in found)
    assert told["low"] <= told["rate"] <= told["high"] and 0 < told["response"] <= 1


def test_small_numbers_are_not_told():
    district = make_district("370829")
    make_station(district, slug="elsewhere")
    row = choose(district=district, by=reviewer(), now=NOW, **ALL)

    count(row=row, now=NOW)

    assert numbers_of(district)["told"]["staying"] is None
    page = Client().get("/numbers/370829/")
    assert page.context["told"]["beds"] == {"stations": 1, "beds": 1}


def test_they_are_counted_once_a_month(district):
    assert tasks.count_all_public_numbers() == 0

    [row] = PublicNumbers.objects.all()
    assert count(row=row, now=NOW + dt.timedelta(days=30))
    assert numbers_of(district)["as_of"] == dt.date(2026, 12, 1)


def test_an_unknown_district_is_not_there():
    assert Client().get("/numbers/999999/").status_code == 404
