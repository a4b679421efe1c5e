"""The reviewer's events: approve, refuse, ask for more."""

import dataclasses
import datetime as dt

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy

from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.core import audit
from bookings.core.errors import Refusal
from bookings.core.transitions import swap
from bookings.eligibility.decide import decide, load
from bookings.eligibility.models import Decision
from bookings.journey.common import free, log, promise, tell_applicant
from bookings.passes.models import Pass
from bookings.people.models import Membership, User

Status = Application.Status


class CannotApprove(Refusal):
    code = "cannot_approve"
    sentence = gettext_lazy(
        "A clause still does not fit or is unproven. Confirm what the papers prove, or refuse."
    )


@transaction.atomic
def approve(*, application: Application, by: User, now: dt.datetime, note: str = "") -> Pass:
    """A reviewer has seen the papers: what was unproven is confirmed; the bed is promised.

    Errors: StateChanged (somebody else was first), CannotApprove.
    """
    latest = application.decisions.latest()
    unproven = {f["clause"] for f in latest.findings if f["outcome"] == "unproven"}
    facts = dataclasses.replace(load(latest.facts), confirmed=frozenset(unproven))
    stay = application.stay
    swap(application, "status", old=set(Application.OPEN), new=Status.APPROVED)
    decision = decide(
        application=application, facts=facts, policy=latest.policy, by=by, now=now, note=note
    )
    if decision.outcome != Decision.Outcome.APPROVE:
        raise CannotApprove
    log("approve", application, by=by, now=now)
    return promise(application, stay, by=by, now=now)


@transaction.atomic
def refuse(
    *, application: Application, clause: str, note: str, by: User, now: dt.datetime
) -> Decision:
    """A reviewer finds that a clause does not hold; the hold is freed at once.

    Errors: StateChanged.
    """
    latest = application.decisions.latest()
    facts = dataclasses.replace(load(latest.facts), rejected=frozenset([clause]))
    swap(application, "status", old=set(Application.OPEN), new=Status.REFUSED)
    decision = decide(
        application=application, facts=facts, policy=latest.policy, by=by, now=now, note=note
    )
    free(application.stay, Stay.Status.CANCELLED, now=now)
    log("refuse", application, by=by, now=now, clause=clause)
    tell_applicant(application, "refused", now=now)
    return decision


@transaction.atomic
def ask_for_more(*, application: Application, text: str, by: User, now: dt.datetime) -> None:
    """Ask for papers. The bed stays held for the policy's hours. Errors: StateChanged."""
    policy = application.decisions.latest().policy
    swap(application, "status", old={Status.IN_REVIEW}, new=Status.MORE_ASKED, asked_for=text)
    stay = application.stay
    until = min(now + dt.timedelta(hours=policy.hold_hours), stay.cutoff_at)
    swap(stay, "status", old={Stay.Status.REQUESTED}, new=Stay.Status.REQUESTED, hold_until=until)
    log("ask_for_more", application, by=by, now=now)
    tell_applicant(application, "more_asked", now=now)


def note_look(subject: Model, *, what: str, by: Membership, now: dt.datetime) -> None:
    """Each look of a staff member at a person's papers, number or phone leaves a trace."""
    audit.record(f"look at {what}", subject, by=by.user, now=now, district_id=by.district_id)
