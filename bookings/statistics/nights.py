"""What became of the beds' nights: given to the programme, asked for, promised, slept in, lost.

Only nights that have passed count. Definitions: docs/statistics.md.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from bookings.applications.models import Application
from bookings.beds.models import BedNight, Stay
from bookings.core.audit import AuditEntry
from bookings.core.clock import at_local
from bookings.passes.models import Pass
from bookings.places.models import MOST_NIGHTS, Bed, Closure
from bookings.statistics.funnel import CAME, SENT
from bookings.statistics.scope import Scope, next_month
from bookings.statistics.tallies.tallied import Count as Counted
from bookings.statistics.tallies.tallied import Key, Line, tallied

# what, station, first night, until, how many such stays
Spans = Iterable[tuple[str, int, dt.date, dt.date, int]]
DAY = dt.timedelta(days=1)
GIVEN_BACK = (Stay.Status.CANCELLED, Stay.Status.LAPSED)
PROMISED = Exists(Pass.objects.filter(stay=OuterRef("pk"))) | Q(status__in=CAME)
_WITHDRAWN_LATE = Exists(
    AuditEntry.objects.filter(
        action="withdraw",
        subject=Concat(Value("application:"), Cast(OuterRef("application_id"), CharField())),
        at__date__gte=OuterRef("arrival"),
    )
)
# given back on the day of arrival or later, by the guest; a case is looked up stay by stay, where
# PostgreSQL would join all withdrawals to a condition
LATE = Q(Case(When(_WITHDRAWN_LATE, then=True), default=False), status__in=GIVEN_BACK)
IN_TIME = Q(status__in=GIVEN_BACK) & ~LATE


@dataclass
class Nights:
    """A month's nights. `promised` is the sum of `used`, `left_early`, `no_show`, `late`, `in_time`
    and `unsettled`."""

    month: dt.date | None = None
    committed: int = 0
    asked: int = 0
    promised: int = 0
    used: int = 0
    left_early: int = 0
    no_show: int = 0
    late: int = 0
    in_time: int = 0
    unsettled: int = 0

    @property
    def occupancy(self) -> float | None:
        """Of the beds given to the programme and not closed, the part slept in."""
        return self.used / self.committed if self.committed else None

    @property
    def wasted(self) -> int:
        """Promised, empty, and too late for somebody else to plan with."""
        return self.no_show + self.late

    def __add__(self, other: "Nights") -> "Nights":
        names = [field.name for field in fields(self) if field.type is int]
        return Nights(None, **{n: getattr(self, n) + getattr(other, n) for n in names})


def nights(scope: Scope) -> list[Nights]:
    """One row a month, the earliest first."""
    committed, counts = _committed(scope), _by_month(spent(scope))
    return [_row(month, committed[month], counts[month]) for month in scope.period.months]


def _by_month(counts: Iterable[Counted]) -> dict[dt.date, Counter[Key]]:
    months: dict[dt.date, Counter[Key]] = defaultdict(Counter)
    for month, key, count in counts:
        months[month][key] += count
    return months


def _row(month: dt.date, committed: int, counts: Counter[Key]) -> Nights:
    by_state = {state: count for (what, state), count in counts.items() if what == "promised"}
    left, here, late = counts["slept", "left"], counts["slept", "arrived"], counts["late", ""]
    given_back = sum(by_state.get(state, 0) for state in GIVEN_BACK)
    row = Nights(month, committed, counts["asked", ""], sum(by_state.values()), left + here)
    row.left_early = by_state.get("left", 0) - left
    row.no_show = by_state.get("no_show", 0)
    row.late, row.in_time = late, given_back - late
    settled = row.used + row.left_early + row.no_show + given_back
    row.unsettled = row.promised - settled
    return row


@tallied
def spent(scope: Scope) -> Iterator[Line]:
    """Nights by what they are (asked for, promised, slept in, given back late) and the status of their
    stay. Four queries."""
    for what, spans in [
        ("asked", _asked(scope)),
        ("promised", _promised(scope)),
        ("slept", _slept(scope)),
        ("late", _late(scope)),
    ]:
        for (month, station, state), count in _split(scope, spans).items():
            yield Line(month, station, (what, state), count)


def total(rows: Iterable[Nights]) -> Nights:
    return sum(rows, start=Nights())


def _end(scope: Scope) -> dt.date:
    """The first night that does not count."""
    return min(scope.period.until, scope.today)


def promised_stays(scope: Scope) -> QuerySet[Stay]:
    """The stays that were promised nights of the period: with a pass, or without one in house."""
    stays = Stay.objects.filter(PROMISED, **scope.within("station__district", "station"))
    return stays.filter(arrival__lt=_end(scope), departure__gt=scope.period.first_day)


def _promised(scope: Scope) -> Spans:
    return _spans(promised_stays(scope), F("status"))


def _late(scope: Scope) -> Spans:
    return _spans(promised_stays(scope).filter(LATE), Value(""))


def _spans(stays: QuerySet[Stay], what: F | Value) -> Spans:
    spans = stays.values_list(what, "station", "arrival", "departure")
    return spans.order_by().annotate(Count("pk"))


def left_early(scope: Scope) -> QuerySet[Stay]:
    """Of the promised stays those whose guest left before the last of their nights that count; leaving
    gives back the nights from that day on."""
    gone = at_local(_end(scope), dt.time())
    return promised_stays(scope).filter(
        status=Stay.Status.LEFT, left_at__date__lt=F("departure"), left_at__lt=gone
    )


def _asked(scope: Scope) -> Spans:
    for station, arrival, count, how_many in (
        asked_for(scope)
        .values_list("station", "arrival", "nights")
        .order_by()
        .annotate(Count("pk"))
    ):
        yield "", station, arrival, arrival + count * DAY, how_many


def asked_for(scope: Scope) -> QuerySet[Application]:
    """The applications that ask for a night of the period."""
    first = scope.period.first_day
    # by comparisons alone: SQLite would add nights to days row by row in Python
    begun = (Q(arrival=first - n * DAY, nights__gt=n) for n in range(1, MOST_NIGHTS))
    asks = reduce(or_, begun, Q(arrival__gte=first))
    near = {"arrival__gt": first - MOST_NIGHTS * DAY, "arrival__lt": _end(scope)}
    return Application.objects.filter(SENT, asks, **near, **scope.within("district", "station"))


def _split(scope: Scope, spans: Spans) -> Counter[tuple[dt.date, int, str]]:
    """The nights of spans by month, station and what they are; of the period and past."""
    counts: Counter[tuple[dt.date, int, str]] = Counter()
    first, end = scope.period.first_day, _end(scope)
    for what, station, begin, until, how_many in spans:
        night = max(begin, first)
        while night < min(until, end):
            month = night.replace(day=1)
            stop = min(until, end, next_month(month))
            counts[month, station, what] += (stop - night).days * how_many
            night = stop
    return counts


def _slept(scope: Scope) -> Spans:
    """The nights that guests had a bed for, by what became of their stay."""
    held = BedNight.objects.filter(
        stay__status__in=CAME, **scope.within("stay__station__district", "stay__station")
    )
    rows = held.filter(night__gte=scope.period.first_day, night__lt=_end(scope))
    counted: Any = rows.values_list("stay__status", "stay__station", "night").order_by()
    for state, station, night, how_many in counted.annotate(Count("pk")):
        yield state, station, night, night + DAY, how_many


def _committed(scope: Scope) -> Counter[dt.date]:
    """The nights of all beds as they stand, less those on which a bed is closed. Three queries."""
    beds = Bed.objects.filter(**scope.within("room__station__district", "room__station"))
    first, end = scope.period.first_day, _end(scope)
    many, counts = beds.count(), Counter[dt.date]()
    for month in scope.period.months:
        counts[month] = max(0, (min(next_month(month), end) - month).days) * many
    closed = {
        (bed, max(begin, first) + n * DAY)
        for bed, begin, until in _closed(beds, first, end)
        for n in range((min(until, end) - max(begin, first)).days)
    }
    counts.subtract(Counter(night.replace(day=1) for _bed, night in closed))
    return counts


def _closed(beds: QuerySet[Bed], first: dt.date, end: dt.date) -> Iterator[tuple[Any, ...]]:
    """The beds that closures within these nights close, by themselves or with their room: bed, first
    night, until."""
    within = Closure.objects.filter(first_night__lt=end, until__gt=first)
    for bed in ("bed", "room__beds"):
        closed = within.filter(**{f"{bed}__in": beds})
        yield from closed.values_list(bed, "first_night", "until")


@dataclass(frozen=True)
class Arrivals:
    """Guests expected in a month, by day of arrival, and who of them did not come."""

    month: dt.date
    expected: int
    missed: int

    @property
    def share(self) -> float | None:
        return self.missed / self.expected if self.expected else None


def expected_stays(scope: Scope) -> QuerySet[Stay]:
    """Who came, and who did not, of those expected in the period."""
    stays = Stay.objects.filter(status__in=[*CAME, Stay.Status.NO_SHOW])
    return stays.filter(
        **scope.period.days("arrival"), **scope.within("station__district", "station")
    )


def arrivals(scope: Scope) -> list[Arrivals]:
    """One row a month."""
    counts = _by_month(due(scope))
    return [
        Arrivals(month, counts[month]["expected",], counts[month]["missed",])
        for month in scope.period.months
    ]


@tallied
def due(scope: Scope) -> Iterator[Line]:
    """The counts of Arrivals. One query."""
    number = scope.period.number_of_day("arrival")
    numbered: Any = expected_stays(scope).values(month=number, place=F("station_id"))
    for row in numbered.annotate(
        expected=Count("pk"), missed=Count("pk", filter=Q(status=Stay.Status.NO_SHOW))
    ).order_by():
        for name in ("expected", "missed"):
            yield Line(scope.period.months[row["month"]], row["place"], (name,), row[name])
