"""Refusals, reviews, waits and pre-checks, counted another way."""

import datetime as dt
from collections import Counter, defaultdict
from statistics import median

import pytest
from django.db.models import Q
from django.utils import timezone

from bookings.applications.models import Application
from bookings.applications.working_days import add_working_days
from bookings.core.clock import at_local
from bookings.eligibility.models import PrecheckCount
from bookings.eligibility.precheck_count import count_precheck
from bookings.statistics import decisions
from bookings.statistics.decisions import prechecks, refusals, reviews, total, waits
from bookings.statistics.rows import Behind, rows_of
from bookings.statistics.scope import Period, Scope, within_months
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY, SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)
PERIOD = Period(dt.date(2025, 12, 1), dt.date(2026, 11, 1))


@pytest.fixture
def scope(district):
    return Scope(district, PERIOD, TODAY)


def midnight(day):
    return at_local(day, dt.time())


def sent_in_the_period():
    for one in Application.objects.exclude(status="draft"):
        day = timezone.localtime(one.submitted_at).date()
        if PERIOD.first_day <= day < PERIOD.until:
            yield one, day


def opened(name, scope, key=None):
    """The applications that a number opens."""
    return set(rows_of(Behind(name, scope, 30, key=key)).values_list("pk", flat=True))


def refuse_again(application, clause):
    """For one more clause than before."""
    decision = application.decisions.latest()
    decision.pk, decision.number = None, decision.number + 1
    for finding in decision.findings:
        finding["outcome"] = "fail" if finding["clause"] == clause else finding["outcome"]
    decision.save(force_insert=True)


def test_refusals_equal_a_recount(scope):
    for number, (one, _day) in enumerate(sent_in_the_period()):
        if one.status == "refused" and number % 2:
            refuse_again(one, "standing")
    failed, alone = defaultdict(set), defaultdict(set)
    for one, _day in sent_in_the_period():
        if one.status == "refused":
            findings = one.decisions.latest().findings
            clauses = [f["clause"] for f in findings if f["outcome"] == "fail"]
            for clause in clauses:
                failed[clause].add(one.pk)
                alone[clause] |= {one.pk} if len(clauses) == 1 else set()

    for row in refusals(scope):
        counted = [failed[row.clause], alone[row.clause]]
        assert [row.applications, row.alone] == [len(keys) for keys in counted]
        for keys, name in zip(counted, ("refused", "refused_alone"), strict=True):
            assert opened(name, scope, row.clause) == keys
    assert sum(map(len, failed.values())) > sum(map(len, alone.values())) > 10


def test_months_that_follow_each_other_are_searched_as_one():
    april, may, december = (dt.date(2026, month, 1) for month in (4, 5, 12))

    found = within_months([december, may, april], "at")

    assert found == Q(**Period(april, may).instants("at")) | Q(
        **Period(december, december).instants("at")
    )


def test_reviews_equal_a_recount(scope):
    in_time, late, hours, decided = Counter(), Counter(), {}, set()
    for one, day in sent_in_the_period():
        decision = one.decisions.filter(by__isnull=False).order_by("number").first()
        if decision:
            promised = add_working_days(day, decision.policy.review_days)
            is_late = timezone.localtime(decision.at).date() > promised
            (late if is_late else in_time)[day.replace(day=1)] += 1
            spent = (decision.at - one.submitted_at).total_seconds() / 3600
            hours.setdefault(day.replace(day=1), []).append(round(spent * 10))
            decided.add(one.pk)

    for row in reviews(scope):
        assert (row.in_time, row.late) == (in_time[row.month], late[row.month])
        assert row.median_hours == median(hours[row.month]) / 10
    assert total(reviews(scope)).decided == in_time.total() + late.total()
    assert opened("decided", scope) == decided


def test_waits_equal_a_recount(scope):
    counted = Counter()
    for one, day in sent_in_the_period():
        if hasattr(one, "wait"):
            counted[day.replace(day=1), one.wait.status] += 1

    found = {
        (row["month"], status): count
        for row in waits(scope)
        for status, count in row.items()
        if status != "month" and count
    }

    assert found == counted and counted


def test_prechecks_equal_a_recount(scope):
    counted = Counter()
    for row in PrecheckCount.objects.all():
        counted[row.outcome] += row.count if PERIOD.first_day <= row.day < PERIOD.until else 0

    assert prechecks(scope) == counted


@pytest.fixture
def station():
    return make_station(make_district("370829"))


def reviewed(station, now):
    """Sent on a Monday at noon with two working days to review, decided at `now`."""
    draft = make_draft(make_person(station.district), station, arrival=TODAY + 9 * DAY)
    events.submit(draft)
    events.approve(draft, now=now)
    scope = Scope(station.district, Period(TODAY, TODAY), TODAY)
    [row] = reviews(scope)
    rows = [decisions.reviewed(scope, is_late=is_late).count() for is_late in (False, True)]
    assert rows == [row.in_time, row.late]
    return row.in_time, row.late


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        (NOW + 2 * DAY, (1, 0)),
        (midnight(TODAY + 3 * DAY) - SECOND, (1, 0)),
        (midnight(TODAY + 3 * DAY), (0, 1)),
        (NOW + 3 * DAY, (0, 1)),
    ],
)
def test_a_decision_is_in_time_until_the_end_of_the_last_promised_day(station, moment, found):
    assert reviewed(station, moment) == found


def test_what_nobody_has_decided_counts_once_its_day_is_over(station):
    draft = make_draft(make_person(station.district), station, arrival=TODAY + 9 * DAY)
    events.submit(draft)
    found = []

    for day in (TODAY + 2 * DAY, TODAY + 3 * DAY):
        scope = Scope(station.district, Period(TODAY, TODAY), day)
        [row] = reviews(scope)
        found.append((row.overdue, row.share, decisions.overdue(scope).count()))

    assert found == [(0, None, 0), (1, 0.0, 1)]


def test_the_first_decision_of_a_person_counts_not_a_later_one(station):
    draft = make_draft(make_person(station.district), station, arrival=TODAY + 9 * DAY)
    events.submit(draft)
    events.refuse(draft, now=NOW + DAY)
    events.appeal(draft, now=NOW + 2 * DAY)
    events.approve(draft, by="colleague", now=NOW + 5 * DAY)

    [row] = reviews(Scope(station.district, Period(TODAY, TODAY), TODAY))

    assert (row.in_time, row.late, row.median_hours) == (1, 0, 24)


def test_a_pre_check_is_counted_and_nothing_else_kept(client):
    district = make_district("370829")
    address = (
        "/check/370829/?local=no&has_home=no&degree=bachelor&graduation_date=2025-07-01&purpose="
    )

    client.get(address + "job_seeking")
    client.get(address + "job_seeking")
    client.get("/check/370829/?degree=bachelor")  # not answered

    [row] = PrecheckCount.objects.filter(district=district).values()
    assert row.pop("id") and row == {
        "district_id": district.pk,
        "day": TODAY,
        "outcome": "approve",
        "count": 2,
    }


def test_each_day_and_outcome_has_a_count_of_its_own():
    district = make_district("370829")

    for day, outcome in [(TODAY, "refuse"), (TODAY, "approve"), (TODAY - DAY, "refuse")]:
        count_precheck(district=district, outcome=outcome, day=day)

    counts = PrecheckCount.objects.filter(district=district)
    assert list(counts.values_list("count", flat=True)) == [1, 1, 1]
