"""The reviewers' lists of a district, first what is due first: by the promise or by the arrival,
whichever is sooner. What is overdue is therefore on top."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least

from bookings.applications.models import Application
from bookings.eligibility.claim import free_for
from bookings.eligibility.models import Appeal, Decision, Override
from bookings.people.models import User
from bookings.places.models import District

Applications = QuerySet[Application]
Status = Application.Status


def to_review(district: District, today: dt.date) -> Applications:
    """What a person has to decide now: in review, or a refusal that waits for a second person."""
    return _due_first(Application.objects.filter(district=district, pk__in=_undecided(district)))


def overdue(district: District, today: dt.date) -> Applications:
    late = _undecided(district, review_due__lt=today)
    return _due_first(Application.objects.filter(district=district, pk__in=late))


def how_many_overdue(district: District, today: dt.date) -> int:
    """As many as `overdue` lists; quick, for every staff page tells it."""
    return _undecided(district, review_due__lt=today).count()


def _undecided(district: District, **wanted: object) -> QuerySet[Any, Any]:
    """The keys. Each kind is found by its own index: either condition beside the other would be asked
    of every refusal."""
    cases = Application.objects.filter(district=district, **wanted)
    waiting = Override.objects.filter(status="waiting").values("application")
    second = cases.filter(status=Status.REFUSED, pk__in=waiting)
    return cases.filter(status=Status.IN_REVIEW).values("pk").union(second.values("pk"))


def papers_asked(district: District, today: dt.date) -> Applications:
    """The applicant's turn: papers were asked for."""
    return _due_first(Application.objects.filter(status=Status.MORE_ASKED, district=district))


def to_check(district: District, today: dt.date) -> Applications:
    """Approved by the system alone, the guest expected or in the house, the papers not looked at."""
    latest = Decision.objects.filter(application=OuterRef("pk")).order_by("-number")
    return _due_first(
        Application.objects.filter(
            status=Status.APPROVED, stay__status__in=["promised", "arrived"], district=district
        )
        .annotate(judged_by=Subquery(latest.values("by")[:1]))
        .filter(judged_by=None)
    )


LISTS: dict[str, Callable[[District, dt.date], Applications]] = {
    "review": to_review,
    "overdue": overdue,
    "asked": papers_asked,
    "check": to_check,
}


def _due_first(applications: Applications) -> Applications:
    case = OuterRef("pk")
    return applications.annotate(
        due=Least("review_due", "arrival"),
        appealed=Exists(Appeal.objects.filter(application=case)),
        second=Exists(Override.objects.filter(application=case, status="waiting")),
    ).order_by("due", "arrival", "pk")


class Place(NamedTuple):
    """Where a reviewer is in a list: the next case, and how many cases are left."""

    next: int | None
    left: int


def place(cases: Applications, *, after: Application, user: User, now: dt.datetime) -> Place:
    """The case that comes after one, begun again at the top; cases that another reviewer has at
    hand, or that this user must leave to somebody else, are passed over. One query."""
    against_oneself = Q(appeals__against__by=user) | Q(
        overrides__status="waiting", overrides__proposed_by=user
    )
    barred = Application.objects.filter(against_oneself).values("pk")
    rows = cases.filter(free_for(user, now)).exclude(pk__in=barred).exclude(pk=after.pk)
    assert after.arrival
    here = (min(after.review_due or after.arrival, after.arrival), after.arrival, after.pk)
    keys = [
        (min(due or arrival, arrival), arrival, pk)
        for due, arrival, pk in rows.values_list("review_due", "arrival", "pk")
        if arrival
    ]
    ahead = [pk for *key, pk in keys if (*key, pk) > here] or [pk for *_, pk in keys]
    return Place(next=ahead[0] if ahead else None, left=len(keys))
