"""Whose call it is: one at a time. Opening takes it, a quarter of an hour without a result gives it back."""

import datetime as dt

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.core.clock import brief
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged
from bookings.people.models import Membership, User
from bookings.people.roles import MAY
from bookings.retention.models import Attempt, FollowUp

AT_HAND = dt.timedelta(minutes=15)  # after opening
PASSED = dt.timedelta(hours=24)  # after being passed to somebody


class CalledByAnother(Refusal):
    """The sentence says who has the call, and until when."""

    code = "called_by_another"


class NotACaller(Refusal):
    code = "not_a_caller"
    sentence = gettext_lazy("Choose somebody who does follow-ups in this district.")
    field = "to"


def free_for(user: User, now: dt.datetime) -> Q:
    """Calls that nobody else has at hand at this instant."""
    return Q(caller=None) | Q(caller=user) | Q(caller_until__lte=now)


@transaction.atomic
def take(*, follow_up: FollowUp, by: User, now: dt.datetime) -> None:
    """Have a call at hand, or keep it longer; had or not, `follow_up` is brought up to date. The row
    stays locked until the caller's transaction ends.

    Errors: StateChanged (nobody is to be asked any more), CalledByAnother.
    """
    until = now + AT_HAND
    longer = When(caller=by, caller_until__gt=until, then=F("caller_until"))
    rows = FollowUp.objects.filter(free_for(by, now), pk=follow_up.pk)
    rows = rows.exclude(status=FollowUp.Status.DECLINED)
    taken = rows.update(caller=by, caller_until=Case(longer, default=Value(until)))
    follow_up.refresh_from_db(fields=["caller", "caller_until", "status"])
    if taken != 1:
        raise _refusal(follow_up, now)


def give_back(*, follow_up: FollowUp) -> None:
    """The call is over: the next one may be anybody's."""
    FollowUp.objects.filter(pk=follow_up.pk).update(caller=None, caller_until=None)


def pass_to(*, follow_up: FollowUp, to: User, now: dt.datetime) -> None:
    """Give a call that one has at hand to a colleague, for a day. Errors: NotACaller."""
    if not callers(follow_up.stay.station.district_id).filter(user=to).exists():
        raise NotACaller
    until = now + PASSED
    FollowUp.objects.filter(pk=follow_up.pk).update(caller=to, caller_until=until)


def callers(district_id: int) -> QuerySet[Membership]:
    """Those who do follow-ups in a district."""
    return Membership.objects.filter(
        district=district_id, role__in=MAY["follow_up"], is_active=True, user__is_active=True
    )


def _refusal(follow_up: FollowUp, now: dt.datetime) -> Refusal:
    """Why a call could not be had."""
    held = FollowUp.objects.filter(pk=follow_up.pk, caller_until__gt=now).select_related("caller")
    call = held.exclude(status=FollowUp.Status.DECLINED).first()
    if call is None or call.caller_until is None:
        return StateChanged()
    passed = call.attempts.filter(
        result=Attempt.Result.PASSED_ON, at=call.caller_until - PASSED
    ).exists()
    sentence = (
        _("This call was passed to %(name)s until %(time)s. Nothing you typed is lost.")
        if passed
        else _("%(name)s has this call at hand until %(time)s. Nothing you typed is lost.")
    )
    return CalledByAnother(sentence % {"name": call.caller, "time": brief(call.caller_until, now)})
