"""How applications were decided: why refused, how soon, and what became of those who waited.

By the month in which an application was sent. Definitions: docs/statistics.md.
"""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from statistics import median
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from bookings.applications.models import Application
from bookings.applications.working_days import add_working_days
from bookings.beds.waitlist.models import Wait
from bookings.core.clock import local_date
from bookings.eligibility.models import Decision, PrecheckCount
from bookings.eligibility.rules import CLAUSES
from bookings.statistics.funnel import SENT
from bookings.statistics.scope import Scope


def sent(scope: Scope) -> QuerySet[Application]:
    """The applications sent in the period."""
    rows = Application.objects.filter(SENT, **scope.period.instants("submitted_at"))
    return rows.filter(**scope.within("district", "station"))


@dataclass
class Refused:
    """Applications refused for a clause; `alone`: for no other one."""

    clause: str
    applications: list[int] = field(default_factory=list)
    alone: int = 0


def refusals(scope: Scope) -> list[Refused]:
    """Clause by clause, in the clauses' order, those that nobody failed too; by the latest decision
    of each refused application. One query."""
    latest: dict[int, list[dict[str, Any]]] = dict(
        Decision.objects.filter(application__in=sent(scope).filter(status="refused"))
        .filter(outcome=Decision.Outcome.REFUSE)
        .order_by("number")
        .values_list("application", "findings")
    )
    by_clause = {clause: Refused(clause) for clause in CLAUSES}
    for application, findings in sorted(latest.items()):
        failed = [one["clause"] for one in findings if one["outcome"] == "fail"]
        for clause in failed:
            row = by_clause.setdefault(clause, Refused(clause))
            row.applications.append(application)
            row.alone += len(failed) == 1
    return list(by_clause.values())


@dataclass
class Reviewed:
    """The applications of a month that a person had to decide; `late`: decided after the last promised
    working day. `hours`: from sending to the first decision of a person."""

    month: dt.date | None = None
    in_time: int = 0
    late: int = 0
    hours: list[float] = field(default_factory=list)

    @property
    def decided(self) -> int:
        return self.in_time + self.late

    @property
    def share(self) -> float | None:
        return self.in_time / self.decided if self.decided else None

    @property
    def median_hours(self) -> float | None:
        return median(self.hours) if self.hours else None

    def add(self, other: "Reviewed") -> None:
        self.in_time += other.in_time
        self.late += other.late
        self.hours += other.hours


def decided_by_people(scope: Scope) -> QuerySet[Application]:
    """With the moment of the first decision that a person took, as `decided_at`."""
    by_people = Min("decisions__at", filter=Q(decisions__by__isnull=False))
    return sent(scope).annotate(decided_at=by_people).exclude(decided_at=None)


def reviews(scope: Scope) -> list[Reviewed]:
    """One row a month. Two queries."""
    rows: dict[dt.date, Reviewed] = {m: Reviewed(m) for m in scope.period.months}
    promised = dict(scope.district.policies.values_list("pk", "review_days"))
    first: Any = (
        Decision.objects.filter(application__in=sent(scope), by__isnull=False)
        .order_by("-number")
        .values_list("application", "application__submitted_at", "policy", "at")
    )
    for _application, begin, policy, at in {row[0]: row for row in first}.values():
        day = local_date(begin)
        row = rows[day.replace(day=1)]
        is_late = local_date(at) > _last_day(day, promised[policy])
        row.add(Reviewed(None, not is_late, is_late, [(at - begin).total_seconds() / 3600]))
    return list(rows.values())


@cache
def _last_day(day: dt.date, days: int) -> dt.date:
    return add_working_days(day, days)


def total(rows: list[Reviewed]) -> Reviewed:
    whole = Reviewed()
    for row in rows:
        whole.add(row)
    return whole


def waits(scope: Scope) -> list[dict[str, Any]]:
    """How many of each month went on the waitlist, and where they stand: one row a month, by the
    statuses of Wait. One query."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    rows: Any = Wait.objects.filter(application__in=sent(scope)).values_list(
        scope.period.number_of_instant("application__submitted_at"), "status"
    )
    for number, status, how_many in rows.order_by().annotate(Count("pk")):
        counts[number][status] = how_many
    names = Wait.Status.values
    return [
        {"month": month, **{name: counts[number][name] for name in names}}
        for number, month in enumerate(scope.period.months)
    ]


def prechecks(scope: Scope) -> dict[str, int]:
    """How often the pre-check was answered in the district, by outcome. One query."""
    counted = PrecheckCount.objects.filter(district=scope.district, **scope.period.days("day"))
    counts: dict[str, int] = dict.fromkeys(Decision.Outcome.values, 0)
    for outcome, count in counted.values_list("outcome", "count"):
        counts[outcome] += count
    return counts
