"""What became of the beds' nights: given to the programme, asked for, promised, slept in, lost.

Only nights that have passed count. Definitions: docs/statistics.md.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from bookings.applications.models import Application
from bookings.beds.models import BedNight, Stay
from bookings.core.audit import AuditEntry
from bookings.core.clock import local_date
from bookings.passes.models import Pass
from bookings.places.models import Bed, Closure
from bookings.statistics.funnel import CAME, SENT
from bookings.statistics.scope import Scope

Spans = Iterable[tuple[str, dt.date, dt.date, int]]  # what, first night, until, how many such stays
GIVEN_BACK = (Stay.Status.CANCELLED, Stay.Status.LAPSED)
PROMISED = Exists(Pass.objects.filter(stay=OuterRef("pk"))) | Q(status__in=CAME)


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
    """One row a month, the earliest first. Seven queries."""
    committed, asked = _committed(scope), _split(scope, _asked(scope))["asked"]
    promised, slept = _split(scope, _promised(scope)), _slept(scope)
    late = _split(scope, _given_back_late(scope))["late"]
    rows = []
    for month in scope.period.months:
        by_state = {state: counts[month] for state, counts in promised.items()}
        left, here = slept["left"][month], slept["arrived"][month]
        given_back = sum(by_state.get(state, 0) for state in GIVEN_BACK)
        row = Nights(month, committed[month], asked[month], sum(by_state.values()), left + here)
        row.left_early = by_state.get("left", 0) - left
        row.no_show = by_state.get("no_show", 0)
        row.late, row.in_time = late[month], given_back - late[month]
        settled = row.used + row.left_early + row.no_show + given_back
        row.unsettled = row.promised - settled
        rows.append(row)
    return rows


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
    spans = promised_stays(scope).values_list("status", "arrival", "departure").order_by()
    return spans.annotate(Count("pk"))


def _asked(scope: Scope) -> Spans:
    asked = Application.objects.filter(SENT, arrival__lt=_end(scope))
    asked = asked.filter(**scope.within("district", "station"))
    for arrival, count, how_many in (
        asked.values_list("arrival", "nights").order_by().annotate(Count("pk"))
    ):
        yield "asked", arrival, arrival + dt.timedelta(days=count), how_many


def _given_back_late(scope: Scope) -> Spans:
    """Promised stays that were given back on the day of arrival or later."""
    stays = promised_stays(scope).filter(status__in=GIVEN_BACK)
    names = Concat(Value("application:"), Cast("application_id", CharField()))
    of_them = AuditEntry.objects.filter(
        action="withdraw", subject__in=stays.values_list(names, flat=True)
    )
    withdrawn = dict(of_them.order_by("at").values_list("subject", "at"))
    for key, arrival, departure in stays.values_list("application", "arrival", "departure"):
        at = withdrawn.get(f"application:{key}")
        if at and local_date(at) >= arrival:
            yield "late", arrival, departure, 1


def _split(scope: Scope, spans: Spans) -> dict[str, Counter[dt.date]]:
    """The nights of spans by what they are and by month; of the period and past."""
    counts: dict[str, Counter[dt.date]] = defaultdict(Counter)
    first, end = scope.period.first_day, _end(scope)
    for what, begin, until, how_many in spans:
        night = max(begin, first)
        while night < min(until, end):
            month = night.replace(day=1)
            stop = min(until, end, (month + dt.timedelta(days=31)).replace(day=1))
            counts[what][month] += (stop - night).days * how_many
            night = stop
    return counts


def _slept(scope: Scope) -> dict[str, Counter[dt.date]]:
    """The nights that guests had a bed for, by what became of their stay and by month."""
    held = BedNight.objects.filter(
        stay__status__in=CAME, **scope.within("stay__station__district", "stay__station")
    )
    rows = held.filter(night__gte=scope.period.first_day, night__lt=_end(scope))
    counts: dict[str, Counter[dt.date]] = defaultdict(Counter)
    numbered: Any = rows.values_list(F("stay__status"), scope.period.number_of_day("night"))
    for state, number, how_many in numbered.annotate(Count("pk")).order_by():
        counts[state][scope.period.months[number]] += how_many
    return counts


def _committed(scope: Scope) -> Counter[dt.date]:
    """The nights of all beds as they stand, less those on which a bed is closed."""
    room_of = dict(
        Bed.objects.filter(**scope.within("room__station__district", "room__station")).values_list(
            "pk", "room"
        )
    )
    first, end = scope.period.first_day, _end(scope)
    counts = _split(scope, [("beds", first, end, len(room_of))])["beds"]
    rooms = set(room_of.values())
    closures = Closure.objects.filter(first_night__lt=end, until__gt=first).filter(
        Q(bed__in=Bed.objects.filter(room__in=rooms)) | Q(room__in=rooms)
    )
    closed = {
        (bed, max(closure.first_night, first) + dt.timedelta(days=n))
        for closure in closures
        for bed, room in room_of.items()
        if closure.bed_id == bed or closure.room_id == room
        for n in range((min(closure.until, end) - max(closure.first_night, first)).days)
    }
    counts.subtract(Counter(night.replace(day=1) for _bed, night in closed))
    return counts


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
    """One row a month. One query."""
    numbered: Any = expected_stays(scope).values(month=scope.period.number_of_day("arrival"))
    counted = {
        row["month"]: (row["expected"], row["missed"])
        for row in numbered.annotate(
            expected=Count("pk"), missed=Count("pk", filter=Q(status=Stay.Status.NO_SHOW))
        ).order_by()
    }
    months = enumerate(scope.period.months)
    return [Arrivals(month, *counted.get(number, (0, 0))) for number, month in months]
