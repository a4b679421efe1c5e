"""Nights and stays are given once in a life or each year, over split stays, and never twice."""

import datetime as dt

import pytest

from bookings.invariants import breaches
from bookings.places.models import Policy
from tests import events
from tests.factories import TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DECEMBER, JANUARY = dt.date(2026, 12, 28), dt.date(2027, 1, 4)


def person_under(**rules):
    district = make_district()
    Policy.objects.update(days_ahead=90, **rules)
    return make_person(district), make_station(district, beds=3)


def ask(person, station, *, arrival, nights):
    """The reason that the allowance clause gives for one more application."""
    person.refresh_from_db()
    decision = events.submit(make_draft(person, station, arrival=arrival, nights=nights))
    [finding] = [one for one in decision.findings if one["clause"] == "allowance"]
    return finding["reason"]


def test_once_in_a_life_a_new_year_gives_nothing_new():
    person, station = person_under()

    assert ask(person, station, arrival=DECEMBER, nights=6) == "within"
    assert ask(person, station, arrival=JANUARY, nights=2) == "too_many"
    assert ask(person, station, arrival=JANUARY, nights=1) == "within"


def test_each_year_gives_its_nights_by_the_day_of_arrival():
    person, station = person_under(period="year")

    assert (
        ask(person, station, arrival=DECEMBER, nights=7) == "within"
    )  # its last nights in January
    assert ask(person, station, arrival=TODAY, nights=1) == "used_up_this_year"
    assert ask(person, station, arrival=JANUARY, nights=7) == "within"
    assert ask(person, station, arrival=JANUARY, nights=1) == "used_up_this_year"
    assert list(breaches()) == []


def test_nights_given_back_may_be_asked_for_again():
    person, station = person_under(period="year")
    first = make_draft(person, station, arrival=DECEMBER, nights=7)
    events.submit(first)
    events.withdraw(first)

    assert ask(person, station, arrival=DECEMBER, nights=7) == "within"
    assert list(breaches()) == []


@pytest.mark.parametrize(
    ("rules", "second", "third"),
    [
        ({"stays": 2}, "within", "no_stay_left"),
        ({"stays": 1}, "no_stay_left", "no_stay_left"),
        ({"stays": 1, "period": "year"}, "no_stay_left_this_year", "within"),
        ({"stays": None}, "within", "within"),
    ],
)
def test_a_policy_may_count_stays_too(rules, second, third):
    person, station = person_under(**rules)

    assert ask(person, station, arrival=TODAY, nights=1) == "within"
    assert ask(person, station, arrival=DECEMBER, nights=1) == second
    assert ask(person, station, arrival=JANUARY, nights=1) == third
