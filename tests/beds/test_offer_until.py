"""Until when an offer stands: shorter as the arrival comes near, not over at night."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from bookings.beds.waitlist.times import LEAST, offer_until
from bookings.core.clock import at_local

DAY = dt.date(2026, 12, 1)
HOUR = dt.timedelta(hours=1)
instants = st.datetimes(
    dt.datetime(2026, 12, 1), dt.datetime(2026, 12, 20), timezones=st.just(dt.UTC)
)


def at(hour, minute=0, *, days=0):
    return at_local(DAY + dt.timedelta(days=days), dt.time(hour, minute))


def until(now, cutoff, most=12):
    return offer_until(now, cutoff=cutoff, most_hours=most)


def test_long_before_it_stands_for_the_policys_hours():
    assert until(at(9), at(22, days=10)) == at(21)


def test_near_the_arrival_it_stands_for_a_quarter_of_what_is_left():
    assert until(at(14), at(22)) == at(16)


def test_it_stands_for_half_an_hour_at_least():
    assert until(at(21), at(22)) == at(21, 30)


def test_with_less_than_half_an_hour_left_nobody_is_offered_anything():
    assert until(at(21, 31), at(22)) is None


def test_nobody_has_to_answer_at_night():
    assert until(at(16), at(22, days=10)) == at(8, 30, days=1)


@given(instants, instants, st.integers(1, 48))
def test_it_ends_after_half_an_hour_and_before_the_guest_must_have_come(now, cutoff, most):
    ends = until(now, cutoff, most)

    assert (ends is None) == (cutoff - now < LEAST)
    assert ends is None or now + LEAST <= ends <= cutoff


@given(instants, instants, instants)
def test_the_nearer_the_arrival_the_sooner_it_ends(now, one, other):
    sooner, later = (until(now, cutoff) for cutoff in sorted([one, other]))

    assert sooner is None or later is None or sooner <= later
