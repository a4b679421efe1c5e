"""When a message may go, and how many SMS it is."""

import datetime as dt
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bookings.messages.hours import FIRST, LONGEST, MAX_ATTEMPTS, after_quiet, back_off
from bookings.messages.parts import parts

QUIET = dt.time(21, 30), dt.time(8)
NOON_REST = dt.time(12), dt.time(14)
TODAY = dt.date(2026, 11, 23)


def at(hour, minute=0, day=TODAY):
    return dt.datetime.combine(day, dt.time(hour, minute))


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        (at(12), at(12)),
        (at(21, 29), at(21, 29)),
        (at(21, 30), at(8, day=TODAY + dt.timedelta(days=1))),
        (at(0), at(8)),
        (at(7, 59), at(8)),
        (at(8), at(8)),
    ],
)
def test_what_falls_into_the_night_goes_in_the_morning(moment, goes):
    assert after_quiet(moment, QUIET) == goes


def test_quiet_hours_may_lie_within_a_day_or_not_be_there():
    assert after_quiet(at(13), NOON_REST) == at(14)
    assert after_quiet(at(15), NOON_REST) == at(15)
    assert after_quiet(at(3), None) == at(3)


MINUTES = st.integers(0, 24 * 60 - 1)


@given(MINUTES, MINUTES, MINUTES)
def test_quiet_hours_never_end_in_quiet_hours_nor_before_they_began(moment, start, end):
    assume(start != end)
    quiet = at(*divmod(start, 60)).time(), at(*divmod(end, 60)).time()
    moment = at(*divmod(moment, 60))

    goes = after_quiet(moment, quiet)

    assert moment <= goes <= moment + dt.timedelta(days=1)
    assert after_quiet(goes, quiet) == goes


@given(st.integers(1, MAX_ATTEMPTS + 5), st.randoms(use_true_random=False))
def test_each_wait_is_at_most_twice_the_former_and_never_nothing(attempts, dice):
    wait = back_off(attempts, dice)

    assert FIRST / 2 <= wait <= min(FIRST * 2 ** (attempts - 1), LONGEST)


def test_all_tries_together_take_some_hours():
    dice = Random(1)

    whole = sum((back_off(n, dice) for n in range(1, MAX_ATTEMPTS)), dt.timedelta())

    assert dt.timedelta(hours=1) < whole < dt.timedelta(hours=5)


@pytest.mark.parametrize(("characters", "count"), [(1, 1), (64, 1), (65, 2), (128, 2), (129, 3)])
def test_a_text_with_its_signature_is_counted_in_parts(characters, count):
    assert parts("字" * characters, "青年驿站") == count


def test_a_character_outside_the_first_plane_counts_twice():
    assert (parts("😀" * 32, "青年驿站"), parts("😀" * 33, "青年驿站")) == (1, 2)
