"""How applications were decided: why refused, how soon, and what became of those who waited.

By the month in which an application was sent. Definitions: docs/statistics.md.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from bookings.applications.models import Application
from bookings.applications.working_days import add_working_days
from bookings.beds.waitlist.models import Wait
from bookings.core.clock import at_local, local_date
from bookings.eligibility.findings import Fails
from bookings.eligibility.models import Decision, PrecheckCount
from bookings.eligibility.rules import CLAUSES
from bookings.statistics.arithmetic import median
from bookings.statistics.funnel import SENT
from bookings.statistics.scope import Scope, next_month, within_months
from bookings.statistics.tallies.tallied import Line, tallied

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
NEVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
DECIDED = Q(Exists(Decision.objects.filter(application=OuterRef("pk"), by__isnull=False)))


def sent(scope: Scope) -> QuerySet[Application]:
    """The applications sent in the period."""
    rows = Application.objects.filter(SENT, **scope.period.instants("submitted_at"))
    return rows.filter(**scope.within("district", "station"))


@dataclass
class Refused:
    """Applications refused for a clause; `alone`: for no other one."""

    clause: str
    applications: int = 0
    alone: int = 0


def refusals(scope: Scope) -> list[Refused]:
    """Clause by clause, in the clauses' order, those that nobody failed too; by the latest decision
    of each refused application."""
    by_clause = {clause: Refused(clause) for clause in CLAUSES}
    for _month, (clause, is_alone), count in failed(scope):
        row = by_clause.setdefault(clause, Refused(clause))
        row.applications += count
        row.alone += count * is_alone
    return list(by_clause.values())


@tallied
def failed(scope: Scope) -> Iterator[Line]:
    """The refused applications by clause, and whether they failed no other one. One query."""
    counts = Counter(
        (number, station, clause, len(clauses) == 1)
        for _application, number, station, clauses in _refused(scope)
        for clause in clauses
    )
    for (number, station, *key), count in counts.items():
        yield Line(scope.period.months[number], station, tuple(key), count)


def refused_for(scope: Scope, clause: str, *, alone: bool = False) -> QuerySet[Application]:
    """The applications behind a number of `refusals`. They are looked for only in months that have some:
    for a clause that almost nobody fails, whole years would be searched."""
    counted = [(month, *key) for month, key, _count in failed(scope)]
    months = {month for month, one, is_alone in counted if one == clause and is_alone >= alone}
    if not months:
        return Application.objects.none()
    of_it = Decision.objects.filter(
        application=OuterRef("pk"), outcome=Decision.Outcome.REFUSE
    ).order_by("-number")
    latest = Decision.objects.filter(Fails("findings", clause), pk=OuterRef("latest"))
    for other in sorted({one for _month, one, _is_alone in counted} - {clause}) if alone else ():
        latest = latest.filter(~Q(Fails("findings", other)))
    of_months = within_months(months, "submitted_at")
    refused = sent(scope).filter(of_months, status=Application.Status.REFUSED)
    return refused.alias(latest=Subquery(of_it.values("pk")[:1])).filter(Exists(latest))


def _refused(scope: Scope) -> Iterator[tuple[int, int, int, list[str]]]:
    """Application, number of its month, station, the clauses that it failed."""
    refused = sent(scope).filter(status="refused")
    latest: dict[int, tuple[Any, ...]] = {
        application: found
        for application, *found in Decision.objects.filter(application__in=refused)
        .filter(outcome=Decision.Outcome.REFUSE)
        .order_by("number")
        .values_list(
            "application",
            scope.period.number_of_instant("application__submitted_at"),
            "application__station",
            "findings",
        )
    }
    for application, (number, station, findings) in latest.items():
        clauses = [one["clause"] for one in findings if one["outcome"] == "fail"]
        yield application, number, station, clauses


@dataclass
class Reviewed:
    """The applications of a month that a person had to decide; `late`: decided after the last promised
    working day; `overdue`: not decided yet, though that day is over. `tenths`: how many took so many
    tenths of an hour from sending to the first decision of a person."""

    month: dt.date | None = None
    in_time: int = 0
    late: int = 0
    overdue: int = 0
    tenths: Counter[int] = field(default_factory=Counter)

    @property
    def decided(self) -> int:
        return self.in_time + self.late

    @property
    def share(self) -> float | None:
        """Of all that should have been decided by now, or were."""
        due = self.decided + self.overdue
        return self.in_time / due if due else None

    @property
    def median_hours(self) -> float | None:
        return median(self.tenths) / 10 if self.tenths else None

    def add(self, other: "Reviewed") -> None:
        self.in_time += other.in_time
        self.late += other.late
        self.overdue += other.overdue
        self.tenths += other.tenths


def reviews(scope: Scope) -> list[Reviewed]:
    """One row a month."""
    rows = {month: Reviewed(month) for month in scope.period.months}
    for month, (is_late, tenths), count in decided(scope):
        row = rows[month]
        row.late += count * is_late
        row.in_time += count * (not is_late)
        row.tenths[tenths] += count
    for month, _key, count in undecided(scope):
        rows[month].overdue += count
    return list(rows.values())


@tallied
def undecided(scope: Scope) -> Iterator[Line]:
    """The reviews that are overdue. One query."""
    rows: Any = overdue(scope).values_list(
        scope.period.number_of_instant("submitted_at"), "station"
    )
    for number, station, count in rows.order_by().annotate(Count("pk")):
        yield Line(scope.period.months[number], station, (), count)


def overdue(scope: Scope) -> QuerySet[Application]:
    """The applications behind it: open, the last promised day over, and no person has decided."""
    waiting = sent(scope).filter(status__in=Application.OPEN, review_due__lt=scope.today)
    return waiting.filter(~DECIDED)


@tallied
def decided(scope: Scope) -> Iterator[Line]:
    """The counts of Reviewed, by whether late and by tenths of an hour. Two queries."""
    counts = Counter(
        (number, station, is_late, round(hours * 10))
        for _application, number, station, is_late, hours in _reviewed(scope)
    )
    for (number, station, *key), count in counts.items():
        yield Line(scope.period.months[number], station, tuple(key), count)


def reviewed(scope: Scope, *, is_late: bool) -> QuerySet[Application]:
    """The applications behind the numbers of `reviews`. Late ones too are looked for only in months that
    have some."""
    months = sorted({month for month, (late, _tenths), _count in decided(scope) if late})
    if is_late and not months:
        return Application.objects.none()
    first = _first_by_a_person().filter(application=OuterRef("pk"))
    by_days: dict[int, list[int]] = defaultdict(list)
    for policy, days in scope.district.policies.values_list("pk", "review_days"):
        by_days[days].append(policy)
    late = Q(pk__in=[])
    for days, policies in by_days.items() if months else ():
        late |= Q(policy__in=policies, at__gte=OuterRef(f"late_after_{days}"))
    told = {f"late_after_{days}": _late_from(months, days, "submitted_at") for days in by_days}
    rows = sent(scope).filter(within_months(months, "submitted_at") if is_late else Q())
    rows = rows.alias(**(told if months else {}))
    return rows.filter(Exists(first.filter(late if is_late else ~late)))


def _late_from(months: list[dt.date], days: int, field: str) -> Case:
    """From which moment on a decision is late, by that of sending: first the month is found and then
    the day in it, so that few comparisons are made for each row. After these months: never."""
    of_month = []
    for month in months:
        end = next_month(month)
        of_day = [
            When(
                **{f"{field}__lt": at_local(day + DAY, dt.time())},
                then=Value(at_local(_last_day(day, days) + DAY, dt.time()), DateTimeField()),
            )
            for day in (month + n * DAY for n in range((end - month).days))
        ]
        of_month.append(When(**{f"{field}__lt": at_local(end, dt.time())}, then=Case(*of_day)))
    return Case(*of_month, default=Value(NEVER, DateTimeField()))


def _first_by_a_person() -> QuerySet[Decision]:
    earlier = Decision.objects.filter(
        application=OuterRef("application"), by__isnull=False, number__lt=OuterRef("number")
    )
    return Decision.objects.filter(~Exists(earlier), by__isnull=False)


def _reviewed(scope: Scope) -> Iterator[tuple[int, int, int, bool, float]]:
    """Application, number of its month, station, whether it was decided late, hours until then: by the
    first decision that a person took."""
    promised = dict(scope.district.policies.values_list("pk", "review_days"))
    first: Any = _first_by_a_person()
    of_period = first.filter(
        ~Q(application__status=Application.Status.DRAFT),
        **scope.period.instants("application__submitted_at"),
        **scope.within("application__district", "application__station"),
    ).order_by()
    month = scope.period.number_of_instant("application__submitted_at")
    for application, number, station, begin, at, policy in of_period.values_list(
        *["application", month, "application__station"],
        *["application__submitted_at", "at", "policy"],
    ).iterator():
        is_late = _is_late(begin, at, promised[policy])
        yield application, number, station, is_late, (at - begin) / HOUR


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
    statuses of Wait."""
    counts: dict[dt.date, Counter[str]] = defaultdict(Counter)
    for month, (status,), count in waited(scope):
        counts[month][status] += count
    names = Wait.Status.values
    return [
        {"month": month, **{name: counts[month][name] for name in names}}
        for month in scope.period.months
    ]


@tallied
def waited(scope: Scope) -> Iterator[Line]:
    """Who went on the waitlist, by the statuses of Wait. One query."""
    rows: Any = Wait.objects.filter(application__in=sent(scope)).values_list(
        scope.period.number_of_instant("application__submitted_at"),
        "application__station",
        "status",
    )
    for number, station, status, count in rows.order_by().annotate(Count("pk")):
        yield Line(scope.period.months[number], station, (status,), count)


def prechecks(scope: Scope) -> dict[str, int]:
    """How often the pre-check was answered in the district, by outcome. One query."""
    counted = PrecheckCount.objects.filter(district=scope.district, **scope.period.days("day"))
    counts: dict[str, int] = dict.fromkeys(Decision.Outcome.values, 0)
    for outcome, count in counted.values_list("outcome", "count"):
        counts[outcome] += count
    return counts
