"""Evidence and curve, counted again in plain Python; what ends and what is only followed no further."""

import datetime as dt
from collections import Counter

import pytest
from django.utils import timezone

from bookings.retention.models import FollowUp, Outcome
from bookings.statistics.arithmetic import kaplan_meier
from bookings.statistics.lasting import curve, ends, evidence
from bookings.statistics.retention import end_of
from bookings.statistics.scope import Period, Scope
from tests.factories import NOW, TODAY, make_district
from tests.retention.test_follow_up import left
from tests.statistics.recount.test_funnel import weight

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PERIOD = Period(dt.date(2025, 10, 1), dt.date(2026, 11, 1))


@pytest.fixture
def scope(district):
    return Scope(district, PERIOD, TODAY)


def known_answers():
    """Each question of a mature month that an outcome is known of, with the one that rules."""
    for question in (
        FollowUp.objects.filter(horizon__gt=0).exclude(status="declined").order_by("horizon")
    ):
        month = timezone.localtime(question.stay.left_at).date()
        told = sorted(question.outcomes.all(), key=weight)
        is_mature = end_of(month) + question.horizon * DAY <= TODAY
        if told and is_mature and month >= PERIOD.first_day:
            yield question, told[-1]


def test_the_evidence_equals_a_recount(scope):
    known, stayed = Counter(), Counter()
    for question, answer in known_answers():
        known[question.horizon, answer.level] += 1
        stayed[question.horizon, answer.level] += answer.kind == "employed_here"

    found = evidence(scope)

    assert {(one.horizon, one.level): one.known for one in found} == known
    assert {(one.horizon, one.level): one.stayed for one in found} == stayed
    assert known.total() > 100


def test_the_curve_equals_a_recount(scope):
    by_stay = {}
    for question, answer in known_answers():
        by_stay.setdefault(question.stay_id, []).append((question.horizon, answer.kind))
    last = []
    for seen in by_stay.values():
        gone = [horizon for horizon, kind in seen if kind != "employed_here"]
        last.append((gone[0], True) if gone else (seen[-1][0], False))

    counted = Counter()
    for _month, key, count in ends(scope):
        counted[key] += count
    assert counted == Counter(last)
    assert curve(scope) == kaplan_meier(last)


@pytest.fixture
def guest():
    """One guest who left on 24 November, asked after 30 and 90 days; learn(days, kind)."""
    question = left(district=make_district("370829"))
    later = question.stay.follow_ups.get(horizon=90)
    how = {"source": "self", "level": "self_report", "at": NOW}

    def learn(horizon, kind):
        about = {30: question, 90: later}[horizon]
        Outcome.objects.create(follow_up=about, kind=kind, **how)
        month = Period(TODAY, TODAY)
        scope = Scope(question.stay.station.district, month, TODAY + 200 * DAY)
        return [key for _month, key, _count in ends(scope)]

    return learn


def test_who_works_here_is_followed_until_last_heard_of(guest):
    assert guest(30, "employed_here") == [(30, False)]
    assert guest(90, "employed_here") == [(90, False)]


def test_it_ends_when_first_known_to_be_elsewhere(guest):
    guest(30, "looking")

    assert guest(90, "employed_here") == [(30, True)]


def test_silence_in_between_ends_nothing(guest):
    assert guest(90, "employed_here") == [(90, False)]
