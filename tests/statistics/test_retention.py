"""The published rate and its bounds: counted again in plain Python, and held by arithmetic."""

import calendar
import datetime as dt
import json
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from bookings.retention.models import FollowUp, Outcome
from bookings.statistics.retention import DEFINITION, Cohort
from tests.factories import NOW, TODAY, make_district
from tests.people.world import member
from tests.retention.test_follow_up import left
from tests.statistics.recount.test_funnel import weight

DAY = dt.timedelta(days=1)
KEYS = {
    "month": lambda stay: f"{timezone.localtime(stay.left_at):%Y-%m}",
    "station": lambda stay: stay.station.slug,
    "university": lambda stay: stay.graduate.university,
    "degree": lambda stay: stay.graduate.degree,
    "purpose": lambda stay: stay.application.purpose,
    "channel": lambda stay: stay.application.channel.code if stay.application.channel else "",
}


def published(capsys, *, first="2020-01", last="2026-11", by="month", **options):
    capsys.readouterr()
    call_command("retention", "--json", "--from", first, "--to", last, "--by", by, **options)
    return json.loads(capsys.readouterr().out)


def recounted(by):
    """What the command should print, by a walk over the rows."""
    counts = {}
    related = ("stay__station", "stay__graduate", "stay__application__channel")
    for question in FollowUp.objects.filter(horizon__gt=0).select_related(*related):
        gone = timezone.localtime(question.stay.left_at).date()
        last = gone.replace(day=calendar.monthrange(gone.year, gone.month)[1])
        if last + question.horizon * DAY > TODAY:
            continue
        count = counts.setdefault((KEYS[by](question.stay), question.horizon), Counter())
        known = sorted(question.outcomes.all(), key=weight)
        if question.status == "declined":
            count["declined"] += 1
        elif known:
            count["denominator"] += 1
            count["numerator"] += known[-1].kind == "employed_here"
        else:
            count["silent"] += 1
    return counts


COUNTS = st.integers(0, 50)


@given(COUNTS, COUNTS, COUNTS, st.integers(0, 50))
def test_the_bounds_hold_whatever_the_silent_did(stayed, gone, silent, of_silent):
    cohort = Cohort("", 30, numerator=stayed, denominator=stayed + gone, silent=silent)
    truth = stayed + min(of_silent, silent)

    if stayed + gone + silent == 0:
        assert (cohort.rate, cohort.low, cohort.high) == (None, None, None)
    else:
        assert cohort.low <= truth / (stayed + gone + silent) <= cohort.high
        assert cohort.rate is None or cohort.low <= cohort.rate <= cohort.high


@pytest.mark.django_db
def test_the_stronger_evidence_rules_and_of_equal_ones_the_latest(capsys, time_machine_at):
    question = left()

    def learn(kind, level, days):
        Outcome.objects.create(
            follow_up=question,
            kind=kind,
            source="register",
            level=level,
            by=by,
            at=NOW + days * DAY,
        )
        time_machine_at(NOW + 90 * DAY)
        [row] = published(capsys, last="2026-11")["rows"]
        return row["numerator"]

    by = member(make_district("370829"), "manager")
    assert learn("employed_here", "self_report", 31) == 1
    assert learn("looking", "self_report", 32) == 0
    assert learn("employed_here", "social_insurance", 20) == 1
    assert learn("looking", "document", 40) == 1
    assert learn("looking", "social_insurance", 41) == 0


@pytest.fixture
def time_machine_at(noon):
    return noon.move_to


@pytest.mark.django_db
def test_a_month_counts_when_its_last_guest_has_been_gone_long_enough(capsys, time_machine_at):
    left()  # on 24 November
    thirty_days_after_november = dt.datetime(2026, 12, 30, 4, tzinfo=dt.UTC)

    time_machine_at(thirty_days_after_november - DAY)
    assert published(capsys)["rows"] == []

    time_machine_at(thirty_days_after_november)
    assert published(capsys)["rows"] == [
        {
            "key": "2026-11",
            "horizon": 30,
            "numerator": 0,
            "denominator": 0,
            "silent": 1,
            "declined": 0,
            "rate": None,
            "low": 0.0,
            "high": 1.0,
        }
    ]
    assert published(capsys)["definition"] == DEFINITION
    assert published(capsys, last="2026-10")["rows"] == []
    assert published(capsys, first="2026-11", district="370811")["rows"] != []


@pytest.mark.django_db
def test_who_declined_is_in_no_rate(capsys, time_machine_at):
    left(consent=False)
    time_machine_at(NOW + 60 * DAY)

    [row] = published(capsys)["rows"]

    assert (row["declined"], row["silent"], row["denominator"], row["high"]) == (1, 0, 0, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"first": "2026-13"}, "no month such as"),
        ({"first": "2026-12", "last": "2026-11"}, "lies after"),
        ({"district": "999999"}, "no district 999999"),
    ],
)
def test_a_wrong_question_is_told(capsys, options, complaint):
    with pytest.raises(CommandError, match=complaint):
        published(capsys, **options)


@pytest.mark.django_db
def test_the_next_districts_guests_are_not_counted(capsys, time_machine_at):
    left()
    make_district("370829")
    time_machine_at(NOW + 60 * DAY)

    assert published(capsys, district="370829")["rows"] == []
