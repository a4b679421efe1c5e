"""A failed clause is let pass by two people: one proposes with a reason, another one decides."""

import dataclasses
import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy

from bookings.applications.models import Application
from bookings.applications.working_days import add_working_days
from bookings.core.clock import local_date
from bookings.core.errors import Refusal
from bookings.core.transitions import swap
from bookings.eligibility.claim import take
from bookings.eligibility.decide import decide
from bookings.eligibility.models import Decision, Override
from bookings.journey.again import (
    NOBODY,
    NightsBegun,
    cutoff,
    facts_now,
    fails,
    hold_again,
    lock_nights,
)
from bookings.journey.common import log, promise, tell_applicant
from bookings.journey.offers import serve_first
from bookings.journey.review import OverrideWaits
from bookings.people.models import User

Status = Application.Status
# what the database itself holds: a night too many, two beds on a night
NEVER = frozenset({"allowance", "overlap"})


class CannotOverride(Refusal):
    code = "cannot_override"
    sentence = gettext_lazy("Only a clause that the system failed can be let pass; this one not.")
    field = "clause"


class SecondPerson(Refusal):
    code = "second_person"
    sentence = gettext_lazy("You proposed this yourself: a second person has to decide on it.")


def may_override(decision: Decision) -> list[str]:
    """The failed clauses of a decision that two people may let pass."""
    return [clause for clause in fails(decision) if clause not in NEVER]


@transaction.atomic
def propose_override(
    *, application: Application, clause: str, reason: str, by: User, now: dt.datetime
) -> Override:
    """Propose to let a failed clause of a refused or appealed application pass. It comes (back) into
    the queue and waits there for a second person.

    Errors: StateChanged, TakenByAnother, NotYours, OverrideWaits, CannotOverride, NightsBegun.
    """
    latest = application.decisions.latest()
    if application.status in Application.OPEN:
        take(application=application, by=by, now=now)
    due = add_working_days(local_date(now), latest.policy.review_days)
    old = {Status.IN_REVIEW, Status.REFUSED}
    changes = {**NOBODY, "review_due": due}
    swap(application, "status", old=set(old), new=application.status, **changes)
    if application.overrides.filter(status=Override.Status.WAITING).exists():
        raise OverrideWaits
    if clause not in may_override(latest):
        raise CannotOverride
    if cutoff(application, latest.policy) <= now:
        raise NightsBegun
    override = application.overrides.create(
        clause=clause, reason=reason, proposed_by=by, proposed_at=now
    )
    log("propose_override", application, by=by, now=now, clause=clause)
    return override


def confirm_override(*, override: Override, by: User, now: dt.datetime) -> Decision:
    """The second person agrees: judged again with the clause passed, and what passes gets its bed in
    the same transaction, after those who wait for freed nights. Other clauses may still fail (refused)
    or be unproven (in review).

    Errors: SecondPerson, StateChanged, TakenByAnother, NotYours, NightsBegun, NoBedLeft (then
    nothing has changed and the override still waits).
    """
    if override.application.station:
        serve_first(override.application.station, now=now)
    return _confirm(override, by=by, now=now)


@transaction.atomic
def _confirm(override: Override, *, by: User, now: dt.datetime) -> Decision:
    application = override.application
    refused = application.status == Status.REFUSED
    policy = application.decisions.latest().policy
    _second(override, Override.Status.CONFIRMED, by=by, now=now)
    if cutoff(application, policy) <= now:
        raise NightsBegun
    if not refused:
        take(application=application, by=by, now=now)
    old = {Status.REFUSED if refused else Status.IN_REVIEW}
    swap(application, "status", old=set(old), new=Status.IN_REVIEW, **NOBODY)
    lock_nights(application)
    facts = facts_now(application, now=now)
    facts = dataclasses.replace(facts, overridden=facts.overridden | {override.clause})
    decision = decide(application=application, facts=facts, policy=policy, by=by, now=now)
    log("confirm_override", application, by=by, now=now, clause=override.clause)
    if decision.outcome == Decision.Outcome.REFUSE:
        if refused:
            swap(application, "status", old={Status.IN_REVIEW}, new=Status.REFUSED)
        return decision
    stay = hold_again(application, policy=policy, now=now)
    if decision.outcome == Decision.Outcome.APPROVE:
        promise(application, stay, by=by, now=now)
    elif refused:
        tell_applicant(application, "reopened", now=now)
    return decision


@transaction.atomic
def decline_override(*, override: Override, by: User, now: dt.datetime) -> None:
    """The second person does not agree: all stays as it was. Errors: SecondPerson, StateChanged."""
    _second(override, Override.Status.DECLINED, by=by, now=now)
    log("decline_override", override.application, by=by, now=now, clause=override.clause)


def _second(override: Override, new: str, *, by: User, now: dt.datetime) -> None:
    if override.proposed_by_id == by.pk:
        raise SecondPerson
    swap(override, "status", old={Override.Status.WAITING}, new=new, decided_by=by, decided_at=now)
