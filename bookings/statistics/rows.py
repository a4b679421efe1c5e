"""The applications behind a number: the same conditions that counted it, as rows to look at."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from bookings.applications.models import Application
from bookings.beds.models import BedNight, Stay
from bookings.beds.waitlist.models import Wait
from bookings.retention.models import FollowUp
from bookings.statistics import decisions, funnel, nights
from bookings.statistics.retention import BY, mature_part
from bookings.statistics.scope import Scope

Rows = QuerySet[Application]


@dataclass(frozen=True)
class Behind:
    """Which number: its name (a key of NUMBERS), and what it is narrowed to."""

    of: str
    scope: Scope
    horizon: int
    by: str = "month"
    key: str | None = None


def rows_of(number: Behind) -> Rows:
    """Errors: KeyError (no such number)."""
    return NUMBERS[number.of](number)


def _sent(condition: Q) -> Callable[[Behind], Rows]:
    return lambda number: decisions.sent(number.scope).filter(condition)


def _asked_about(name: str) -> Callable[[Behind], Rows]:
    def rows(number: Behind) -> Rows:
        due = Q(due_on__lte=number.scope.today)
        return decisions.sent(number.scope).filter(
            _question(number.horizon, due & funnel.ASKED_ABOUT[name])
        )

    return rows


def _question(horizon: int, condition: Q) -> Exists:
    """Whether the guest of an application has a question at a horizon, of which there is one at most:
    looked up for each, by its key. A list of all such questions would not be read in order."""
    asked = FollowUp.objects.filter(stay__application=OuterRef("pk"), horizon=horizon)
    return Exists(asked.filter(condition))


def leavers(number: Behind) -> Rows:
    """Whose stay a cohort is counted by: who left in its mature months, of one key."""
    scope = number.scope
    period = mature_part(scope.period, number.horizon, scope.today)
    if period is None:
        return Application.objects.none()
    left = Stay.objects.filter(
        **period.instants("left_at"), **scope.within("station__district", "station")
    )
    place = BY[number.by]
    if place and number.key:
        left = left.filter(**{place: number.key})
    elif place and number.key is not None:
        left = left.filter(**{f"{place}__isnull": True})
    return _of(left)


def _of(stays: QuerySet[Stay]) -> Rows:
    """Looked up for each application, by its key: the first ones are found without finding all."""
    return Application.objects.filter(Exists(stays.filter(application=OuterRef("pk"))))


def _cohort(condition: Q) -> Callable[[Behind], Rows]:
    return lambda number: leavers(number).filter(_question(number.horizon, condition))


def _stays(condition: Q) -> Callable[[Behind], Rows]:
    return lambda number: _of(nights.promised_stays(number.scope).filter(condition))


def _slept(number: Behind) -> Rows:
    scope = number.scope
    end = min(scope.period.until, scope.today)
    slept = BedNight.objects.filter(night__gte=scope.period.first_day, night__lt=end)
    came = nights.promised_stays(scope).filter(status__in=funnel.CAME)
    return _of(came.filter(Exists(slept.filter(stay=OuterRef("pk")))))


def _expected(condition: Q) -> Callable[[Behind], Rows]:
    return lambda number: _of(nights.expected_stays(number.scope).filter(condition))


def _refused(*, alone: bool) -> Callable[[Behind], Rows]:
    """By their keys too, or all refused ones would be found before the first of them is shown."""

    def rows(number: Behind) -> Rows:
        refused = decisions.refused_for(number.scope, number.key or "", alone=alone)
        return Application.objects.filter(Exists(refused.filter(pk=OuterRef("pk"))))

    return rows


def _reviewed(is_late: bool) -> Callable[[Behind], Rows]:
    return lambda number: decisions.reviewed(number.scope, is_late=is_late)


def _waits(number: Behind) -> Rows:
    waits = Wait.objects.filter(status=number.key) if number.key else Wait.objects.all()
    return decisions.sent(number.scope).filter(wait__in=waits)


NUMBERS: dict[str, Callable[[Behind], Rows]] = {
    "applied": _sent(Q()),
    "approved": _sent(funnel.APPROVED),
    "arrived": _sent(funnel.ARRIVED),
    **{name: _asked_about(name) for name in funnel.ASKED_ABOUT},
    "cohort": _cohort(Q()),
    "cohort_stayed": _cohort(funnel.HERE & ~funnel.DECLINED),
    "cohort_known": _cohort(funnel.KNOWN & ~funnel.DECLINED),
    "cohort_silent": _cohort(~funnel.KNOWN & ~funnel.DECLINED),
    "cohort_declined": _cohort(funnel.DECLINED),
    "nights_asked": lambda number: nights.asked_for(number.scope),
    "nights_promised": _stays(Q()),
    "nights_used": _slept,
    "nights_left_early": lambda number: _of(nights.left_early(number.scope)),
    "nights_no_show": _stays(Q(status=Stay.Status.NO_SHOW)),
    "nights_late": _stays(nights.LATE),
    "nights_in_time": _stays(nights.IN_TIME),
    "expected": _expected(Q()),
    "missed": _expected(Q(status=Stay.Status.NO_SHOW)),
    "refused": _refused(alone=False),
    "refused_alone": _refused(alone=True),
    "decided": _sent(decisions.DECIDED),
    "in_time": _reviewed(False),
    "late": _reviewed(True),
    "overdue": lambda number: decisions.overdue(number.scope),
    "waits": _waits,
}
