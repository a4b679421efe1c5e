"""Nothing is public that nobody has chosen, and nothing small."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client

from bookings import tasks
from bookings.beds.models import BedNight, Stay
from bookings.people.models import User
from bookings.places.models import District
from bookings.statistics.pages import nights, retention
from bookings.statistics.pages.asked import asked
from bookings.statistics.reports.models import PublicNumbers
from bookings.statistics.reports.public import choose, count, numbers_of
from bookings.statistics.tallies.models import Tally
from tests.events import reviewer
from tests.factories import NOW, TODAY, make_district, make_station
from tests.statistics.test_retention import recounted

pytestmark = pytest.mark.django_db
ALL = dict.fromkeys(PublicNumbers.CHOICES, True)
NEXT = dt.date(2026, 12, 23)
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


def test_guests_are_those_of_the_last_settled_year(district):
    of_year = Stay.objects.filter(status__in=["arrived", "left"], arrival__year=2025)
    slept = BedNight.objects.filter(stay__status__in=["arrived", "left"], night__year=2025)

    found = PublicNumbers.objects.get(district=district).figures

    assert found["guests"] == of_year.count() > 40
    assert found["nights"] == slept.count() > 100
    assert set(found["years"].values()) == {2025}


def test_who_stayed_is_told_with_its_denominator_bounds_and_response(district):
    told = numbers_of(district)["told"]["staying"]
    found = [
        counts
        for (month, horizon), counts in recounted("month").items()
        if horizon == 180 and month.startswith("2025")
    ]

    assert told["stayed"] == sum(one["numerator"] for one in found) > 5
    assert told["known"] == sum(one["denominator"] for one in found)
    assert told["low"] <= told["rate"] <= told["high"] and 0 < told["response"] <= 1


def test_the_public_is_told_what_observers_read_of_the_year(district):
    observer = User.objects.get(email="observer@example.test").membership
    page = asked({"year": "2025", "horizon": "180"}, observer, today=TODAY)
    slept, expected = [one.table.footer for one in nights.sections(page)]
    stayed = retention.broken_down(page).table.footer

    figures = PublicNumbers.objects.get(district=district).figures

    assert figures["guests"] == expected[1].value - expected[2].value
    assert figures["nights"] == slept[5].value
    assert [figures["staying"][of] for of in ("stayed", "known")] == [
        cell.value for cell in stayed[6:8]
    ]
    read = [*expected, slept[5], *stayed]
    assert not any(cell.is_hidden for cell in read)


def happened(
    district, month=dt.date(2025, 3, 1), *, day=TODAY, expected=90, missed=10, **of_guests
):
    """What the worker has counted of a month by a day."""
    of_guests = {"numerator": 60, "denominator": 92, "silent": 8, "declined": 9, **of_guests}
    counts = {
        "due": [["expected", expected], ["missed", missed]],
        "spent": [["promised", "left", 400], ["slept", "left", 400]],
        "guests month 180": [["", part, n] for part, n in of_guests.items()],
    }
    kept = {"day": day, "seal": 0, "counted_at": NOW, "counts": counts}
    district.tallies.update(day=day)
    Tally.objects.update_or_create(district=district, month=month, station=None, defaults=kept)


def read(district, *, on=TODAY):
    row = PublicNumbers.objects.get(district=district)
    count(row=row, now=NOW + (on - TODAY))
    told = numbers_of(district)["told"]
    staying = told["staying"] and (told["staying"]["stayed"], told["staying"]["known"])
    return told["guests"], told["nights"], staying


@pytest.fixture
def elsewhere():
    district = make_district("370829")
    choose(district=district, by=reviewer(), now=NOW, **ALL)
    return district


@pytest.mark.parametrize(
    "later",
    [
        {"expected": 92},
        {"expected": 80},
        {"numerator": 61, "denominator": 93, "silent": 7},
        {"numerator": 70, "denominator": 110, "expected": 120},
        {"silent": 2},
    ],
)
@pytest.mark.parametrize("is_off_between", [False, True])
def test_a_year_is_told_on_as_it_was_counted_first(elsewhere, later, is_off_between):
    happened(elsewhere)
    first = read(elsewhere)

    happened(elsewhere, day=NEXT, **later)
    if is_off_between:
        choose(district=elsewhere, by=reviewer(), now=NOW, **NONE)
        count(row=PublicNumbers.objects.get(district=elsewhere), now=NOW + (NEXT - TODAY))
        choose(district=elsewhere, by=reviewer(), now=NOW, **ALL)

    assert read(elsewhere, on=NEXT) == first == (80, 400, (60, 92))


def test_what_was_not_told_of_a_year_stays_untold(elsewhere):
    happened(elsewhere, missed=2, silent=3)
    assert read(elsewhere) == (None, 400, None)

    happened(elsewhere, day=NEXT)

    assert read(elsewhere, on=NEXT) == (None, 400, None)


def test_the_next_year_is_told_for_itself_once_it_is_settled(elsewhere):
    happened(elsewhere)
    before = read(elsewhere)
    readings = []

    for day in (dt.date(2027, 3, 31), dt.date(2027, 4, 1), dt.date(2027, 7, 1)):
        happened(elsewhere, dt.date(2026, 5, 1), day=day, expected=70, numerator=50)
        readings.append(read(elsewhere, on=day))

    assert readings == [before, (60, 400, (60, 92)), (60, 400, (50, 92))]


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
