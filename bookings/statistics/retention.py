"""Who stays in the district for work: cohorts by month of leaving. Definitions: docs/statistics.md.

One module says what the published rate is; the command prints it, pages and reports show it.
"""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from bookings.core.clock import at_local
from bookings.places.models import District
from bookings.retention.models import FollowUp, Outcome

# what a cohort may be broken down by → where it stands, seen from a follow-up
BY = {
    "month": None,
    "station": "stay__station__slug",
    "university": "stay__graduate__university",
    "degree": "stay__graduate__degree",
    "purpose": "stay__application__purpose",
}
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
    def low(self) -> float | None:
        """All the silent are gone."""
        asked = self.denominator + self.silent
        return self.numerator / asked if asked else None

    @property
    def high(self) -> float | None:
        """All the silent have stayed."""
        asked = self.denominator + self.silent
        return (self.numerator + self.silent) / asked if asked else None

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
) -> list[Cohort]:
    """The cohorts of the months from `first`'s to `last`'s, broken down; by key, then horizon.

    `by` is a key of BY. One query, however many guests.
    """
    cohorts: dict[tuple[str, int], Cohort] = {}
    for counts in _counted(first, last, BY[by], districts):
        month = counts["month"].date()
        if not mature(month, counts["horizon"], today):
            continue
        key = f"{month:%Y-%m}" if by == "month" else counts["key"]
        cohort = cohorts.setdefault((key, counts["horizon"]), Cohort(key, counts["horizon"]))
        for name in ("numerator", "denominator", "silent", "declined"):
            setattr(cohort, name, getattr(cohort, name) + counts[name])
    return [cohorts[one] for one in sorted(cohorts)]


def mature(month: dt.date, horizon: int, today: dt.date) -> bool:
    """Whether everybody who left in the month has been gone for `horizon` days."""
    return end_of(month) + dt.timedelta(days=horizon) <= today


def end_of(month: dt.date) -> dt.date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _counted(
    first: dt.date, last: dt.date, place: str | None, districts: QuerySet[District] | None
) -> Iterable[dict[str, Any]]:
    ruling = Outcome.objects.filter(follow_up=OuterRef("pk")).ruling_first()
    begin = at_local(first.replace(day=1), dt.time())
    end = at_local(end_of(last) + dt.timedelta(days=1), dt.time())
    questions = FollowUp.objects.filter(
        stay__left_at__gte=begin,
        stay__left_at__lt=end,
        horizon__gt=FollowUp.AT_LEAVING,  # a plan, not what became of it
    )
    if districts is not None:
        questions = questions.filter(stay__station__district__in=districts)
    keys = {"key": F(place)} if place else {}
    declined = Q(status=FollowUp.Status.DECLINED)
    rows: Any = (  # the type checker cannot follow values() with names made here
        questions.annotate(ruling=Subquery(ruling.values("kind")[:1]))
        .values("horizon", month=TruncMonth("stay__left_at"), **keys)
        .annotate(
            numerator=Count("pk", filter=Q(ruling=Outcome.Kind.EMPLOYED_HERE) & ~declined),
            denominator=Count("pk", filter=Q(ruling__isnull=False) & ~declined),
            silent=Count("pk", filter=Q(ruling__isnull=True) & ~declined),
            declined=Count("pk", filter=declined),
        )
        .order_by()
    )
    return rows  # type: ignore[no-any-return]
