"""Bounds, interval and curve, each held by something reckoned another way."""

import statistics
from collections import Counter
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.statistics.arithmetic import Interval, bounds, kaplan_meier, median, wilson

COUNTS = st.integers(0, 60)
ENDS = st.lists(st.tuples(st.sampled_from([0, 30, 90, 180, 365]), st.booleans()), max_size=40)


@given(COUNTS, COUNTS, COUNTS, st.data())
def test_the_bounds_hold_the_truth_whatever_the_silent_did(stayed, gone, silent, data):
    of_silent = data.draw(st.integers(0, silent))
    asked = stayed + gone + silent

    found = bounds(stayed, stayed + gone, silent)

    if not asked:
        assert found is None
    else:
        assert found.low <= (stayed + of_silent) / asked <= found.high


@given(COUNTS, COUNTS)
def test_the_bounds_meet_where_nobody_is_silent(stayed, gone):
    found = bounds(stayed, stayed + gone, 0)

    assert found is None or found.low == found.high == stayed / (stayed + gone)


@given(COUNTS, COUNTS)
def test_the_interval_holds_the_share_and_stays_a_share(stayed, gone):
    found = wilson(stayed, stayed + gone)

    if stayed + gone == 0:
        assert found is None
    else:
        assert 0 <= found.low <= stayed / (stayed + gone) <= found.high <= 1


@given(st.integers(0, 60), st.integers(1, 60))
def test_the_interval_mirrors(stayed, gone):
    here, there = wilson(stayed, stayed + gone), wilson(gone, stayed + gone)

    assert here.low == pytest.approx(1 - there.high)


@pytest.mark.parametrize(
    ("stayed", "known", "low", "high"),
    # of R. G. Newcombe's table of methods for one proportion, 1998
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(stayed, known, low, high):
    assert wilson(stayed, known) == pytest.approx(Interval(low, high), abs=5e-5)


def by_hand(ends, time):
    """The share that goes on after `time`: of each moment, of those followed to it, the part that
    did not end then."""
    share = Fraction(1)
    for moment in sorted({t for t, _ in ends if t <= time}):
        followed = sum(1 for t, _ in ends if t >= moment)
        gone = sum(1 for t, is_end in ends if t == moment and is_end)
        share *= Fraction(followed - gone, followed)
    return share


@given(ENDS)
def test_the_curve_is_the_product_of_what_is_left_at_each_time(ends):
    for step in kaplan_meier(ends):
        assert step.share == pytest.approx(float(by_hand(ends, step.time)))


@given(ENDS)
def test_the_curve_never_rises_and_counts_everybody(ends):
    steps = kaplan_meier(ends)

    assert all(before.share >= after.share for before, after in pairwise(steps))
    assert sum(step.ended for step in steps) == sum(is_end for _, is_end in ends)
    assert not steps or steps[0].at_risk == len(ends)


@given(st.lists(st.sampled_from([30, 90, 180]), min_size=1))
def test_where_all_are_followed_to_the_end_the_curve_is_the_plain_share(times):
    for step in kaplan_meier((time, True) for time in times):
        assert step.share == pytest.approx(sum(t > step.time for t in times) / len(times))


def test_who_is_followed_no_further_counts_until_then():
    steps = kaplan_meier([(30, True), (30, False), (90, True), (90, False)])

    assert [(step.at_risk, step.ended) for step in steps] == [(4, 1), (2, 1)]
    assert [step.share for step in steps] == [0.75, 0.375]


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=20))
def test_the_median_of_counted_numbers_is_that_of_the_numbers(numbers):
    assert median(Counter(numbers)) == statistics.median(numbers)
