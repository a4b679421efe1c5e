"""A sample draft of the next policy, tried out on the last months: what a manager weighs."""

import datetime as dt

from bookings import tasks
from bookings.core.clock import local_date
from bookings.eligibility.policies import versions
from bookings.eligibility.policies.compare import plain
from bookings.eligibility.policies.trial import NobodyApplied, begin
from bookings.people.models import User
from bookings.places.models import District, Policy

MOST = 10_000  # cases that are tried while one waits


def next_policy(district: District, manager: User, *, now: dt.datetime) -> None:
    """Two years instead of three, more nights, the most open degree no longer."""
    today = local_date(now)
    in_force = Policy.objects.in_force(district, today)
    draft = versions.draft(source=in_force, by=manager, now=now)
    rules = {"years_since_graduation": 2, "nights": 10, "minimum_degree": "junior_college"}
    versions.save(policy=draft, rules=rules, seen=plain(draft), by=manager, now=now)
    draft.refresh_from_db()
    since = today - dt.timedelta(days=90)
    try:
        trial = begin(policy=draft, against=in_force, since=since, until=today, by=manager, now=now)
    except NobodyApplied:
        return
    if trial.total <= MOST:  # more cases are the worker's, who has been told
        tasks.try_policy(trial.pk)
