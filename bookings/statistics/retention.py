"""Who stays in the district for work: cohorts by month of leaving. Definitions: docs/statistics.md.

One module says what the published rate is; the command prints it, pages and reports show it.
"""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from bookings.places.models import District, Station
from bookings.retention.models import FollowUp, Outcome
from bookings.statistics.arithmetic import Interval, bounds, wilson
from bookings.statistics.scope import Period

# what a cohort may be broken down by → where it stands, seen from a stay
BY = {
    "month": None,
    "station": "station__slug",
    "university": "graduate__university",
    "degree": "graduate__degree",
    "purpose": "application__purpose",
    "channel": "application__channel__code",
}
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
        self.numerator += other.numerator
        self.denominator += other.denominator
        self.silent += other.silent
        self.declined += other.declined

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

    `by` is a key of BY. Two queries, however many guests.
    """
    period = Period(first, last)
    cohorts: dict[tuple[str, int], Cohort] = {}
    place: dict[str, Any] = {"horizon": horizon} if horizon else {}
    place |= {"stay__station__district__in": districts} if districts is not None else {}
    place |= {"stay__station": station} if station else {}
    for counts in _counted(period, BY[by], place):
        month = period.months[counts["month"]]
        if not mature(month, counts["horizon"], today):
            continue
        key = f"{month:%Y-%m}" if by == "month" else counts["key"] or NO_CHANNEL
        cohort = cohorts.setdefault((key, counts["horizon"]), Cohort(key, counts["horizon"]))
        cohort.add(_part(counts))
    return [cohorts[one] for one in sorted(cohorts)]


def _part(counts: dict[str, Any]) -> Cohort:
    """One counted line as a cohort of its own. What is known of somebody is counted as silent in the
    first of the two queries: the second takes it back."""
    number = counts["rows"]
    if "kind" not in counts:
        declined = number if counts["has_declined"] else 0
        return Cohort("", counts["horizon"], silent=number - declined, declined=declined)
    stayed = number if counts["kind"] == Outcome.Kind.EMPLOYED_HERE else 0
    return Cohort("", counts["horizon"], stayed, denominator=number, silent=-number)


def total(cohorts: Iterable[Cohort], horizon: int) -> Cohort:
    """The cohorts of a horizon together."""
    whole = Cohort("", horizon)
    for cohort in cohorts:
        if cohort.horizon == horizon:
            whole.add(cohort)
    return whole


def mature(month: dt.date, horizon: int, today: dt.date) -> bool:
    """Whether everybody who left in the month has been gone for `horizon` days."""
    return end_of(month) + dt.timedelta(days=horizon) <= today


def end_of(month: dt.date) -> dt.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _counted(period: Period, place: str | None, where: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """First all questions, then the outcomes that rule, by month, horizon and key. Two plain counts:
    a sub-query for each question would be asked tens of thousands of times."""
    month = period.number_of_instant("stay__left_at")
    key = {"key": F(f"stay__{place}")} if place else {}
    questions = FollowUp.objects.scheduled().filter(**where, **period.instants("stay__left_at"))
    asked: Any = questions.values(
        "horizon", month=month, has_declined=Q(status=FollowUp.Status.DECLINED), **key
    )
    yield from asked.annotate(rows=Count("pk")).order_by()
    key = {"key": F(f"follow_up__stay__{place}")} if place else {}
    answered: Any = known(period, where).values(
        "kind",
        horizon=F("follow_up__horizon"),
        month=period.number_of_instant("follow_up__stay__left_at"),
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
