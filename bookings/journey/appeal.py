"""The refused applicant asks for another look, once."""

import datetime as dt
from contextlib import suppress

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.applications.models import Application
from bookings.applications.working_days import add_working_days
from bookings.core.clock import local_date
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged, swap
from bookings.eligibility.decide import decide
from bookings.eligibility.models import Appeal
from bookings.journey.again import (
    NOBODY,
    NightsBegun,
    NoBedLeft,
    cutoff,
    facts_now,
    fails,
    hold_again,
    lock_nights,
)
from bookings.journey.common import log
from bookings.journey.offers import serve_first
from bookings.journey.override import NEVER
from bookings.people.models import User

Status = Application.Status


class AppealedBefore(Refusal):
    """The sentence says whom to call."""

    code = "appealed_before"


def may_appeal(application: Application, *, now: dt.datetime) -> bool:
    """Whether an appeal would be taken now."""
    return (
        application.status == Status.REFUSED
        and not application.appeals.exists()
        and cutoff(application, application.decisions.latest().policy) > now
    )


def appeal(*, application: Application, reason: str, by: User, now: dt.datetime) -> Appeal:
    """Take an appeal: judged again by the facts of now, back to a reviewer with a new deadline, and
    the bed is held again if there is one that nobody waits for; without one the appeal is judged all
    the same.

    Errors: AppealedBefore, StateChanged (not refused), NightsBegun.
    """
    if application.station:
        serve_first(application.station, now=now)
    return _appeal(application, reason, by=by, now=now)


@transaction.atomic
def _appeal(application: Application, reason: str, *, by: User, now: dt.datetime) -> Appeal:
    if application.appeals.exists():
        raise AppealedBefore(
            _("You have appealed once already. Telephone %(phone)s: a person listens to you.")
            % {"phone": application.district.hotline}
        )
    if application.status != Status.REFUSED:
        raise StateChanged
    against = application.decisions.latest()
    policy = against.policy
    if cutoff(application, policy) <= now:
        raise NightsBegun
    due = add_working_days(local_date(now), policy.review_days)
    swap(
        application, "status", old={Status.REFUSED}, new=Status.IN_REVIEW, review_due=due, **NOBODY
    )
    taken = application.appeals.create(against=against, reason=reason, at=now)
    lock_nights(application)
    facts = facts_now(application, now=now)
    decision = decide(application=application, facts=facts, policy=policy, by=None, now=now)
    if not NEVER & set(fails(decision)):
        with suppress(NoBedLeft):
            hold_again(application, policy=policy, now=now)
    log("appeal", application, by=by, now=now)
    return taken
