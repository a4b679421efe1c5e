"""How applications were decided: why refused, how soon, and what became of those who waited.

By the month in which an application was sent. Definitions: docs/statistics.md.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from statistics import median
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from bookings.applications.models import Application
from bookings.applications.working_days import add_working_days
from bookings.beds.waitlist.models import Wait
from bookings.core.clock import local_date
from bookings.eligibility.models import Decision, PrecheckCount
from bookings.eligibility.rules import CLAUSES
from bookings.statistics.funnel import SENT
from bookings.statistics.scope import Scope

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


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


def reviews(scope: Scope) -> list[Reviewed]:
    """One row a month. Two queries."""
    rows = [Reviewed(month) for month in scope.period.months]
    for _application, number, is_late, hours in _reviewed(scope):
        row = rows[number]
        row.late += is_late
        row.in_time += not is_late
        row.hours.append(hours)
    return rows


def reviewed(scope: Scope, *, is_late: bool) -> list[int]:
    """The applications behind the numbers of `reviews`."""
    return [application for application, _, late, _ in _reviewed(scope) if late == is_late]


def _reviewed(scope: Scope) -> Iterator[tuple[int, int, bool, float]]:
    """Application, number of its month, whether it was decided late, hours until then: by the first
    decision that a person took."""
    promised = dict(scope.district.policies.values_list("pk", "review_days"))
    earlier = Decision.objects.filter(
        application=OuterRef("application"), by__isnull=False, number__lt=OuterRef("number")
    )
    first: Any = Decision.objects.filter(~Exists(earlier), by__isnull=False)
    of_period = first.filter(
        ~Q(application__status=Application.Status.DRAFT),
        **scope.period.instants("application__submitted_at"),
        **scope.within("application__district", "application__station"),
    ).order_by()
    month = scope.period.number_of_instant("application__submitted_at")
    for application, number, begin, at, policy in of_period.values_list(
        "application", month, "application__submitted_at", "at", "policy"
    ).iterator():
        is_late = _is_late(begin, at, promised[policy])
        yield application, number, is_late, (at - begin) / HOUR


def _is_late(begin: dt.datetime, at: dt.datetime, days: int) -> bool:
    """Whether `at` lies after the last of so many working days after `begin`."""
    if days and at - begin <= DAY:  # the next day is never too late, and most are decided by then
        return False
    return local_date(at) > _last_day(local_date(begin), days)


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
