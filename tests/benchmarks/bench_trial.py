"""A policy tried out on a hundred thousand applications.

The floor reads the same decisions in the same run, deciphers them and judges nothing.
"""

import dataclasses
import datetime as dt
import time

import pytest
from django.utils import timezone

from bookings import tasks
from bookings.applications.models import Application
from bookings.core.clock import local_date
from bookings.eligibility.decide import draft_decision, facts_of
from bookings.eligibility.models import Decision, Trial
from bookings.eligibility.policies import versions
from bookings.eligibility.policies.compare import plain
from bookings.eligibility.policies.trial import begin
from bookings.people.models import User
from tests.factories import make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
APPLICATIONS = 100_000
MOST_TIMES = 40  # times the floor
DEGREES = ("secondary_vocational", "junior_college", "bachelor", "master", "doctor")


@pytest.fixture
def season():
    """A district with as many applications sent, none like the next one, and a draft that moves some."""
    now = timezone.now()
    today = local_date(now)
    station = make_station(make_district())
    one = make_draft(make_person(station.district), station, arrival=today + dt.timedelta(days=1))
    policy = station.district.policies.get()
    rows = [
        Application(
            district=one.district,
            user=one.user,
            graduate=one.graduate,
            station=station,
            arrival=today + dt.timedelta(days=number % 20),
            nights=1 + number % 7,
            purpose="job_seeking",
            status="refused",
            signature="测试甲",
            commitment_version="1",
            submitted_at=now,
            review_due=today,
        )
        for number in range(APPLICATIONS)
    ]
    decisions = []
    facts = facts_of(one, now=now, overlapping=False, taken=(0, 0))
    for number, row in enumerate(Application.objects.bulk_create(rows, batch_size=2_000)):
        changed = dataclasses.replace(
            facts,
            degree=DEGREES[number % 5],
            graduation_date=today - dt.timedelta(days=number % 1_400),
            arrival=row.arrival,
            nights=row.nights,
        )
        decisions.append(
            draft_decision(row, number=1, facts=changed, policy=policy, by=None, now=now)
        )
    Decision.objects.bulk_create(decisions, batch_size=2_000)
    manager = User.objects.create_user("manager@example.test")
    draft = versions.draft(source=policy, by=manager, now=now)
    rules = {"years_since_graduation": 2, "minimum_degree": "bachelor"}
    versions.save(policy=draft, rules=rules, seen=plain(draft), by=manager, now=now)
    draft.refresh_from_db()
    return begin(policy=draft, against=policy, since=today, until=today, by=manager, now=now)


def test_a_hundred_thousand_applications(season):
    start = time.perf_counter()
    read = sum(1 for _ in Decision.objects.values_list("facts").iterator(1_000))
    floor = time.perf_counter() - start
    start = time.perf_counter()
    tasks.try_policy(season.pk)
    took = time.perf_counter() - start

    found = Trial.objects.get(pk=season.pk).result
    print(
        f"\ntrial: {took / floor:.1f} × the floor of {floor:.1f} s, {took:.1f} s in all, "
        f"{found['moved'][1]:,} of {found['judged']:,} would lose"
    )
    assert read == found["judged"] == APPLICATIONS
    assert 0 < found["moved"][1] < APPLICATIONS
    assert took <= MOST_TIMES * floor
