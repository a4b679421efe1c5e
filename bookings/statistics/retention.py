"""Who stays in the district for work: cohorts by month of leaving. Definitions: docs/statistics.md.

One module says what the published rate is; the command prints it, pages and reports show it.
"""

import calendar
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from bookings.places.models import District, Station
from bookings.retention.models import FollowUp, Outcome
from bookings.statistics.arithmetic import Interval, bounds, wilson
from bookings.statistics.scope import Period, Scope
from bookings.statistics.tallies.tallied import Line, tallied_in_parts

# what a cohort may be broken down by → where it stands, seen from a stay
BY = {
    "month": None,
    "station": "station__slug",
    "university": "graduate__university",
    "degree": "graduate__degree",
    "purpose": "application__purpose",
    "channel": "application__channel__code",
}
COUNTS = ("numerator", "denominator", "silent", "declined")
NO_CHANNEL = ""  # the key of those who came by no poster
DEFINITION = (
    "Cohort: guests who left in the month (Asia/Shanghai). A month counts at a horizon h once h days "
    "have passed since its last day. Numerator: of those who answered, whose ruling outcome at h is "
    "work in the district; the outcome of the strongest evidence rules, of equal ones the latest. "
    "Denominator: those of whom an outcome at h is known. Silent: consented, nothing learnt. Declined: "
    "no consent, never asked, in no rate. Rate: numerator / denominator. Low, high: the rate among "
    "known and silent together if all the silent are gone, or all have stayed."
)


@dataclass
class Cohort:
    """Guests of one key at one horizon (days after leaving); all counts are of stays."""

    key: str
    horizon: int
    numerator: int = 0
    denominator: int = 0
    silent: int = 0
    declined: int = 0

    @property
    def rate(self) -> float | None:
        """Of those known; None where nobody is."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def bounds(self) -> Interval | None:
        """Between which shares the truth about the known and the silent lies."""
        return bounds(self.numerator, self.denominator, self.silent)

    @property
    def low(self) -> float | None:
        """All the silent are gone."""
        return self.bounds.low if self.bounds else None

    @property
    def high(self) -> float | None:
        """All the silent have stayed."""
        return self.bounds.high if self.bounds else None

    @property
    def interval(self) -> Interval | None:
        """How far chance alone may have moved the rate; 95 %, by Wilson."""
        return wilson(self.numerator, self.denominator)

    @property
    def parts(self) -> list[int]:
        """All of the cohort, each once: stayed, known to be elsewhere, silent, declined."""
        gone = self.denominator - self.numerator
        return [self.numerator, gone, self.silent, self.declined]

    @property
    def size(self) -> int:
        return sum(self.parts)

    def add(self, other: "Cohort") -> None:
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def response_rate(self) -> float | None:
        """Of those who consented to be asked, how many are known."""
        asked = self.denominator + self.silent
        return self.denominator / asked if asked else None


def retention(
    *,
    first: dt.date,
    last: dt.date,
    today: dt.date,
    by: str = "month",
    districts: QuerySet[District] | None = None,
    station: Station | None = None,
    horizon: int | None = None,
) -> list[Cohort]:
    """The cohorts of the months from `first`'s to `last`'s, broken down; by key, then horizon (all of
    them unless one is given).

    `by` is a key of BY. Counted over the rows, in two queries, however many guests.
    """
    period = Period(first, last)
    place: dict[str, Any] = {"horizon": horizon} if horizon else {}
    place |= {"stay__station__district__in": districts} if districts is not None else {}
    place |= {"stay__station": station} if station else {}
    whole: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for counts in _counted(period, [by], place):
        month, days = period.months[counts["month"]], counts["horizon"]
        if mature(month, days, today):
            key = _name(month) if by == "month" else _key(counts, by)
            whole[key, days].update(_part(counts))
    return [Cohort(key, days, **whole[key, days]) for key, days in sorted(whole)]


def cohorts(scope: Scope, *, by: str, horizon: int) -> list[Cohort]:
    """The same of a scope at one horizon, from the tallies."""
    period = mature_part(scope.period, horizon, scope.today)
    if period is None:
        return []
    whole: dict[tuple[str, str], int] = defaultdict(int)  # a year of many stations has 10,000 lines
    for month, (_by, _horizon, key, name), count in guests(
        replace(scope, period=period), by, horizon
    ):
        whole[_name(month) if by == "month" else key, name] += count
    found: dict[str, Cohort] = {}
    for (key, name), count in sorted(whole.items()):
        setattr(found.setdefault(key, Cohort(key, horizon)), name, count)
    return list(found.values())


def _name(month: dt.date) -> str:
    return f"{month:%Y-%m}"


@tallied_in_parts
def guests(scope: Scope) -> Iterator[Line]:
    """The counts of a Cohort, by what it is broken down by, horizon, key and name. Two queries."""
    where = scope.within("stay__station__district", "stay__station")
    found: Counter[tuple[Any, ...]] = Counter()
    for counts in _counted(scope.period, list(BY), where):
        place = scope.period.months[counts["month"]], counts["place"]
        for name, count in _part(counts).items():
            for by in BY:
                found[*place, by, counts["horizon"], _key(counts, by), name] += count
    for (month, station, *key), count in found.items():
        yield Line(month, station, tuple(key), count)


def _key(counts: dict[str, Any], by: str) -> str:
    return counts[by] or NO_CHANNEL if BY[by] else ""


def _part(counts: dict[str, Any]) -> dict[str, int]:
    """What one counted line adds to the counts of a Cohort. What is known of somebody is counted as
    silent in the first of the two queries: the second takes it back."""
    number = counts["rows"]
    if "kind" not in counts:
        return {"declined" if counts["has_declined"] else "silent": number}
    stayed = number if counts["kind"] == Outcome.Kind.EMPLOYED_HERE else 0
    return {"numerator": stayed, "denominator": number, "silent": -number}


def total(cohorts: Iterable[Cohort], horizon: int) -> Cohort:
    """The cohorts of a horizon together."""
    return together((one for one in cohorts if one.horizon == horizon), "", horizon)


def together(cohorts: Iterable[Cohort], key: str, horizon: int) -> Cohort:
    whole = Cohort(key, horizon)
    for cohort in cohorts:
        whole.add(cohort)
    return whole


def mature(month: dt.date, horizon: int, today: dt.date) -> bool:
    """Whether everybody who left in the month has been gone for `horizon` days."""
    return end_of(month) + dt.timedelta(days=horizon) <= today


def mature_part(period: Period, horizon: int, today: dt.date) -> Period | None:
    """Its mature months; None where there is none."""
    months = [month for month in period.months if mature(month, horizon, today)]
    return Period(months[0], months[-1]) if months else None


def end_of(month: dt.date) -> dt.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _counted(period: Period, bys: list[str], where: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """First all questions, then the outcomes that rule, by month, station, horizon and the keys that
    are asked for. Two plain counts: a sub-query for each question would be asked tens of thousands of
    times."""
    places = {by: place for by in bys if (place := BY[by])}
    month = period.number_of_instant("stay__left_at")
    key = {by: F(f"stay__{place}") for by, place in places.items()}
    questions = FollowUp.objects.scheduled().filter(**where, **period.instants("stay__left_at"))
    asked: Any = questions.values(
        "horizon",
        month=month,
        place=F("stay__station_id"),
        has_declined=Q(status=FollowUp.Status.DECLINED),
        **key,
    )
    yield from asked.annotate(rows=Count("pk")).order_by()
    key = {by: F(f"follow_up__stay__{place}") for by, place in places.items()}
    answered: Any = known(period, where).values(
        "kind",
        horizon=F("follow_up__horizon"),
        month=period.number_of_instant("follow_up__stay__left_at"),
        place=F("follow_up__stay__station_id"),
        **key,
    )
    yield from answered.annotate(rows=Count("pk")).order_by()


def known(period: Period, where: dict[str, Any]) -> QuerySet[Outcome]:
    """The ruling outcomes of those who left in the period and have not declined. `where` speaks of
    the question."""
    seen = {f"follow_up__{name}": value for name, value in where.items()}
    seen["follow_up__horizon__gt"] = FollowUp.AT_LEAVING
    ruling = Outcome.objects.ruling().filter(**seen, **period.instants("follow_up__stay__left_at"))
    return ruling.exclude(follow_up__status=FollowUp.Status.DECLINED)
