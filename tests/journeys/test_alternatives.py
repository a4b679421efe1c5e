"""No bed on these nights: what is free instead is offered at once, and one press takes it over."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from bookings import journey
from bookings.beds.allocate import NoBed
from bookings.beds.models import BedNight
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def station():
    """One bed, taken from the day after tomorrow for three nights."""
    station = make_station(make_district(), beds=1)
    events.submit(make_draft(make_person(station.district), station, arrival=TODAY + 2 * DAY))
    return station


@pytest.fixture
def wish(station):
    return make_draft(make_person(station.district), station, arrival=TODAY + 2 * DAY)


def offered(wish):
    found = journey.alternatives(application=events.own(wish), now=NOW)
    return [(one.station.slug, (one.arrival - TODAY).days, one.nights) for one in found]


def test_the_nearest_days_and_a_shorter_stay(station, wish):
    assert offered(wish) == [("sample", 5, 3), ("sample", 6, 3)]

    wish.arrival = TODAY
    wish.save()
    assert offered(wish) == [("sample", 5, 3), ("sample", 6, 3), ("sample", 0, 2), ("sample", 0, 1)]


def test_the_same_nights_at_another_station_come_first(station, wish):
    other = make_station(station.district, slug="other", beds=1)
    make_station(station.district, slug="shut", beds=1)
    type(other).objects.filter(slug="shut").update(is_open=False)

    assert offered(wish)[0] == ("other", 2, 3)
    assert "shut" not in {slug for slug, *_ in offered(wish)}


def test_nothing_that_the_rules_would_refuse(station, wish):
    wish.graduate.graduation_date = dt.date(2023, 11, 27)  # the last day to arrive is in four days
    wish.graduate.save()

    assert offered(wish) == []


def test_nothing_is_held_by_looking(station, wish):
    before = BedNight.objects.count()

    offered(wish)

    assert BedNight.objects.count() == before


def test_the_page_offers_them_and_one_press_takes_one_over(station, wish):
    guest = Client()
    guest.force_login(wish.user)
    signed = {"committed": "on", "signature": wish.graduate.name}

    page = guest.post("/apply/check/", signed)

    assert page.context["form"].errors
    first = page.context["instead"][0]
    chosen = {"station": first.station.pk, "arrival": first.arrival, "nights": first.nights}
    assert guest.post("/apply/stay/?back=1", chosen).url == "/apply/check/"
    assert guest.post("/apply/check/", signed).url == f"/applications/{wish.pk}/"
    assert events.own(wish).status == "in_review"


def test_they_are_free_indeed(station, wish):
    with pytest.raises(NoBed):
        events.submit(wish)
    for _slug, days, nights in offered(wish):
        another = make_draft(
            make_person(station.district), station, arrival=TODAY + days * DAY, nights=nights
        )
        journey.withdraw(application=_sent(another), by=another.user, now=NOW)


def _sent(draft):
    events.submit(draft)
    return events.own(draft)


def test_the_page_of_the_nights_says_that_no_bed_is_free_and_what_is(station, wish):
    guest = Client()
    guest.force_login(wish.user)
    nights = {"station": station.pk, "arrival": wish.arrival, "nights": 3}

    page = guest.post("/apply/stay/", nights)

    assert [(one.arrival - TODAY).days for one in page.context["instead"]] == [5, 6]
    assert guest.post("/apply/stay/", {**nights, "anyway": "on"}).url == "/apply/papers/"
    assert guest.post("/apply/stay/", {**nights, "arrival": TODAY + 5 * DAY}).status_code == 302
