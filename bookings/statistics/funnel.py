"""The funnel: applied → approved → arrived → stayed on for work. Definitions: docs/statistics.md.

Counted by the month in which the application was sent, so that each number is a part of the one
before it. `stayed_on` counts those whose ruling answer at the horizon is "working in the district";
its denominator is all who arrived and whose question at the horizon is due, asked or not: the
silent and the declined stay in it, and are shown.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.places.models import District, Station
from bookings.retention.models import FollowUp, Outcome
from bookings.statistics.scope import Period, Scope
from bookings.statistics.tallies.tallied import Count as Counted
from bookings.statistics.tallies.tallied import Line, tallied

CAME = (Stay.Status.ARRIVED, Stay.Status.LEFT)
# each number of the applications sent: which of them it counts
SENT = ~Q(status=Application.Status.DRAFT)
APPROVED = SENT & (Q(status=Application.Status.APPROVED) | Q(stay__status=Stay.Status.NO_SHOW))
ARRIVED = SENT & Q(stay__status__in=CAME)
# of a question: what became of it
DECLINED = Q(status=FollowUp.Status.DECLINED)
KNOWN = Q(Exists(Outcome.objects.standing().filter(follow_up=OuterRef("pk"))))
HERE = Q(
    Exists(
        Outcome.objects.ruling().filter(follow_up=OuterRef("pk"), kind=Outcome.Kind.EMPLOYED_HERE)
    )
)
# each number of the questions due: which of them it counts
ASKED_ABOUT = {
    "mature": Q(),
    "stayed_on": HERE,
    "silent": ~(KNOWN | DECLINED),
    "declined": DECLINED,
}


@dataclass
class Row:
    """One month and station, or a sum of such. All are counts of applications or of stays."""

    month: dt.date | None = None
    station: str = ""
    applied: int = 0
    approved: int = 0
    arrived: int = 0
    mature: int = 0
    stayed_on: int = 0
    answered: int = 0
    declined: int = 0
    slug: str = ""

    @property
    def silent(self) -> int:
        return self.mature - self.answered - self.declined

    @property
    def parts(self) -> list[int]:
        """All who applied, each once: what became of them so far. In the order: not approved, approved
        and not arrived, arrived and not asked about yet, stayed on, known not to have, silent,
        declined."""
        return [
            self.applied - self.approved,
            self.approved - self.arrived,
            self.arrived - self.mature,
            self.stayed_on,
            self.answered - self.stayed_on,
            self.silent,
            self.declined,
        ]

    def __add__(self, other: "Row") -> "Row":
        counts = {
            field.name: getattr(self, field.name) + getattr(other, field.name)
            for field in fields(self)
            if field.type is int
        }
        return Row(self.month, self.station, **counts)


def funnel(
    district: District,
    *,
    horizon: int,
    today: dt.date,
    period: Period | None = None,
    station: Station | None = None,
) -> list[Row]:
    """One row for each month and station, newest month first; all months there are unless some are
    given."""
    period = period or all_months(district)
    if period is None:
        return []
    found = steps.by_station(Scope(district, period, today, station))
    places = Station.objects.in_bulk(found)
    rows = [
        replace(row, station=places[place].name, slug=places[place].slug)
        for place in sorted(found)
        for row in _by_month(found[place], horizon)
    ]
    return sorted(rows, key=attrgetter("month"), reverse=True)


def by_month(scope: Scope, *, horizon: int) -> list[Row]:
    """One row for each month, newest first: all stations of the scope together."""
    return _by_month(steps(scope), horizon)


def side_by_side(scopes: Sequence[Scope], *, horizon: int) -> list[list[Row]]:
    """The rows of `by_month` of each whole district."""
    return [_by_month(counts, horizon) for counts in steps.of_each(scopes)]


def _by_month(counts: Iterable[Counted], horizon: int) -> list[Row]:
    rows: dict[dt.date, Row] = {}
    for month, (days, name), count in counts:
        if days in (SENDING, horizon):
            row = rows.setdefault(month, Row(month))
            setattr(row, name, getattr(row, name) + count)
    return [rows[month] for month in sorted(rows, reverse=True)]


def all_months(district: District) -> Period | None:
    """From the first application to the last one sent; None where there is none."""
    sent = Application.objects.filter(SENT, district=district)
    span = sent.aggregate(first=Min("submitted_at"), last=Max("submitted_at"))
    return Period(local_date(span["first"]), local_date(span["last"])) if span["first"] else None


SENDING = 0  # in place of a horizon: what is no question's


@tallied
def steps(scope: Scope) -> Iterator[Line]:
    """The counts of a Row, by horizon and name. Three queries."""
    sent = Application.objects.filter(SENT, **scope.within("district", "station"))
    yield from _lines(
        scope,
        _numbered(sent, scope.period, "submitted_at", "station").annotate(
            applied=Count("pk"),
            approved=Count("pk", filter=APPROVED),
            arrived=Count("pk", filter=ARRIVED),
        ),
    )
    due = FollowUp.objects.scheduled().filter(
        due_on__lte=scope.today, **scope.within("stay__station__district", "stay__station")
    )
    yield from _lines(scope, _answers(due, scope.period))


def _numbered(
    rows: QuerySet[Any], period: Period, moment: str, place: str, **more: Any
) -> QuerySet[Any, dict[str, Any]]:
    numbered = rows.filter(**period.instants(moment))
    return numbered.values(
        month=period.number_of_instant(moment), place=F(place), **more
    ).order_by()


def _answers(due: QuerySet[FollowUp], period: Period) -> Iterator[dict[str, Any]]:
    """Who is asked about, then who answered: two plain counts."""
    moment = "stay__application__submitted_at"
    yield from _numbered(due, period, moment, "stay__station", days=F("horizon")).annotate(
        mature=Count("pk"), declined=Count("pk", filter=DECLINED)
    )
    ruling, days = Outcome.objects.ruling().filter(follow_up__in=due), F("follow_up__horizon")
    yield from _numbered(
        ruling, period, f"follow_up__{moment}", "follow_up__stay__station", days=days
    ).annotate(
        answered=Count("pk"), stayed_on=Count("pk", filter=Q(kind=Outcome.Kind.EMPLOYED_HERE))
    )


def _lines(scope: Scope, counted: Iterable[dict[str, Any]]) -> Iterator[Line]:
    for counts in counted:
        month, place = scope.period.months[counts.pop("month")], counts.pop("place")
        days = counts.pop("days", SENDING)
        for name, count in counts.items():
            yield Line(month, place, (days, name), count)


def total(rows: list[Row]) -> Row:
    """The sum, of the month that all are of."""
    months = {row.month for row in rows}
    return sum(rows, start=Row(months.pop() if len(months) == 1 else None))
