"""Whose case it is: one reviewer at a time. Opening takes it, half an hour without an act gives it back."""

import datetime as dt

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.applications.models import Application
from bookings.core import audit
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged
from bookings.eligibility.models import Appeal
from bookings.people.models import Membership, User
from bookings.people.roles import may

AT_HAND = dt.timedelta(minutes=30)  # after opening
ASSIGNED = dt.timedelta(hours=24)  # after being given to somebody


class TakenByAnother(Refusal):
    """The sentence says who has the case, and until when."""

    code = "taken_by_another"


class NotYours(Refusal):
    code = "not_yours"
    sentence = gettext_lazy(
        "You refused this application yourself: somebody else judges the appeal."
    )


class NotAReviewer(Refusal):
    code = "not_a_reviewer"
    sentence = gettext_lazy("Choose somebody who reviews in this district.")
    field = "to"


def free_for(user: User, now: dt.datetime) -> Q:
    """Cases that nobody else has at hand at this instant."""
    return Q(reviewer=None) | Q(reviewer=user) | Q(reviewer_until__lte=now)


@transaction.atomic
def take(*, application: Application, by: User, now: dt.datetime) -> None:
    """Have an open case at hand, or keep it longer. The row stays locked until the
    caller's transaction ends.

    Errors: StateChanged (not open any more), TakenByAnother, NotYours (an appeal against oneself).
    """
    _not_against_oneself(application, by)
    until = now + AT_HAND
    longer = When(reviewer=by, reviewer_until__gt=until, then=F("reviewer_until"))
    rows = Application.objects.filter(
        free_for(by, now), pk=application.pk, status__in=Application.OPEN
    )
    if rows.update(reviewer=by, reviewer_until=Case(longer, default=Value(until))) != 1:
        raise _refusal(application, now)
    application.refresh_from_db(fields=["reviewer", "reviewer_until", "status"])


def give_back(*, application: Application, by: User) -> None:
    """Let somebody else have the case; nothing happens where it is not one's own."""
    Application.objects.filter(pk=application.pk, reviewer=by).update(
        reviewer=None, reviewer_until=None
    )


@transaction.atomic
def assign(*, application: Application, to: User, by: User, now: dt.datetime) -> None:
    """Give a case to a colleague, for a day. Who has it may, anybody may where nobody has it, and a
    manager always.

    Errors: NotAReviewer, NotYours, StateChanged, TakenByAnother.
    """
    reviews = Membership.objects.filter(
        user=to, district=application.district_id, is_active=True, user__is_active=True
    ).first()
    if not may(reviews, "review"):
        raise NotAReviewer
    _not_against_oneself(application, to)
    rows = Application.objects.filter(pk=application.pk, status__in=Application.OPEN)
    if not may(Membership.objects.filter(user=by).first(), "reassign"):
        rows = rows.filter(free_for(by, now))
    if rows.update(reviewer=to, reviewer_until=now + ASSIGNED) != 1:
        raise _refusal(application, now)
    audit.record("assign", application, by=by, now=now, district_id=application.district_id)


def _not_against_oneself(application: Application, user: User) -> None:
    if Appeal.objects.filter(application=application, against__by=user).exists():
        raise NotYours


def _refusal(application: Application, now: dt.datetime) -> Refusal:
    """Why a case could not be had."""
    held = Application.objects.filter(
        pk=application.pk, status__in=Application.OPEN, reviewer_until__gt=now
    ).select_related("reviewer")
    case = held.first()
    if case is None or case.reviewer_until is None:
        return StateChanged()
    until = timezone.localtime(case.reviewer_until)
    return TakenByAnother(
        _("%(name)s has this case at hand until %(time)s. Nothing you typed is lost.")
        % {"name": case.reviewer, "time": date_format(until, "Y-m-d H:i")}
    )
