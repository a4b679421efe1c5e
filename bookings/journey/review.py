"""The reviewer's events: approve, refuse, ask for more; and, after an automatic approval, check."""

import dataclasses
import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.applications.models import Application, Evidence
from bookings.beds.models import Stay
from bookings.core import audit
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged, swap
from bookings.eligibility.claim import take
from bookings.eligibility.decide import decide, load, rules_of
from bookings.eligibility.models import Decision, Override
from bookings.eligibility.rules import judge
from bookings.journey.again import (
    NOBODY,
    facts_now,
    held_stay,
    hold_again,
    lock_nights,
    stay_ahead,
)
from bookings.journey.common import free, log, promise, tell_applicant
from bookings.journey.offers import serve_first
from bookings.journey.papers import ask_to_see
from bookings.passes.models import Pass
from bookings.people.looks import LookWords, Reason, check_reason
from bookings.people.models import Membership, User

Status = Application.Status


class CannotApprove(Refusal):
    code = "cannot_approve"
    sentence = gettext_lazy(
        "A clause does not fit. Refuse, or propose to let it pass: a second person decides on that."
    )


class OverrideWaits(Refusal):
    code = "override_waits"
    sentence = gettext_lazy(
        "A clause of this application waits for a second person. Confirm or decline that first."
    )


class InHouse(Refusal):
    code = "in_house"
    sentence = gettext_lazy(
        "The guest is not expected any more, but has come or been given up. Telephone the station."
    )


def approve(
    *,
    application: Application,
    by: User,
    now: dt.datetime,
    note: str = "",
    to_see: Collection[str] = (),
) -> Pass | None:
    """A reviewer has seen the papers: what was unproven is confirmed, what another person rejected
    before an appeal is found to hold; the bed is promised. None for who still waits for one. `to_see`
    are the kinds of paper whose originals the desk is to see on arrival.

    Errors: StateChanged (somebody else was first), TakenByAnother, NotYours, CannotApprove, and for
    an appeal without a bed NightsBegun, NoBedLeft (those who wait for freed nights come first).
    """
    if application.station and not stay_ahead(application):
        serve_first(application.station, now=now)
    return _approve(application, by=by, now=now, note=note, to_see=to_see)


@transaction.atomic
def _approve(
    application: Application,
    *,
    by: User,
    now: dt.datetime,
    note: str,
    to_see: Collection[str],
) -> Pass | None:
    take(application=application, by=by, now=now)
    lock_nights(application)
    policy = application.decisions.latest().policy
    facts = dataclasses.replace(facts_now(application, now=now), rejected=frozenset())
    unproven = {f.clause for f in judge(facts, rules_of(policy)) if f.outcome == "unproven"}
    facts = dataclasses.replace(facts, confirmed=facts.confirmed | unproven)
    swap(application, "status", old=set(Application.OPEN), new=Status.APPROVED, **NOBODY)
    decision = decide(
        application=application, facts=facts, policy=policy, by=by, now=now, note=note
    )
    if decision.outcome != Decision.Outcome.APPROVE:
        raise CannotApprove
    stay = hold_again(application, policy=policy, now=now)
    ask_to_see(application, to_see, by=by, now=now)
    log("approve", application, by=by, now=now, **({"to_see": sorted(to_see)} if to_see else {}))
    return promise(application, stay, by=by, now=now)


@transaction.atomic
def refuse(
    *, application: Application, clause: str, note: str, by: User, now: dt.datetime
) -> Decision:
    """A reviewer finds that a clause does not hold; the hold is freed at once.

    Errors: StateChanged, TakenByAnother, NotYours, OverrideWaits.
    """
    take(application=application, by=by, now=now)
    if application.overrides.filter(status=Override.Status.WAITING).exists():
        raise OverrideWaits
    swap(application, "status", old=set(Application.OPEN), new=Status.REFUSED, **NOBODY)
    decision = _reject(application, clause, note, by=by, now=now)
    stay = stay_ahead(application)
    if stay:
        free(stay, Stay.Status.CANCELLED, now=now)
    log("refuse", application, by=by, now=now, clause=clause)
    tell_applicant(application, "refused", now=now)
    return decision


def _reject(
    application: Application, clause: str, note: str, *, by: User, now: dt.datetime
) -> Decision:
    latest = application.decisions.latest()
    facts = dataclasses.replace(load(latest.facts), rejected=frozenset([clause]))
    return decide(
        application=application, facts=facts, policy=latest.policy, by=by, now=now, note=note
    )


@transaction.atomic
def ask_for_more(
    *,
    application: Application,
    text: str,
    by: User,
    now: dt.datetime,
    kinds: tuple[str, ...] = (),
) -> None:
    """Ask for papers of these kinds (Evidence.Kind), and in words. The bed stays held for the
    policy's hours. Errors: StateChanged, TakenByAnother, NotYours."""
    take(application=application, by=by, now=now)
    policy = application.decisions.latest().policy
    asked = {"asked_for": text, "asked_kinds": list(kinds), "asked_at": now}
    swap(application, "status", old={Status.IN_REVIEW}, new=Status.MORE_ASKED, **asked, **NOBODY)
    stay = held_stay(application)
    if stay and stay.status == Stay.Status.REQUESTED:
        until = min(now + dt.timedelta(hours=policy.hold_hours), stay.cutoff_at)
        requested = Stay.Status.REQUESTED
        swap(stay, "status", old={requested}, new=requested, hold_until=until)
    log("ask_for_more", application, by=by, now=now, kinds=list(kinds))
    with translation.override(application.user.language):
        what = str(_(", ")).join(str(Evidence.Kind(kind).label) for kind in kinds)
    tell_applicant(application, "more_asked", now=now, what=what)


@transaction.atomic
def check_papers(*, application: Application, by: User, now: dt.datetime) -> Decision:
    """A reviewer has looked at the papers of what was approved automatically: all is in order.

    Errors: StateChanged (not approved any more, or looked at before).
    """
    swap(application, "status", old={Status.APPROVED}, new=Status.APPROVED)
    latest = application.decisions.latest()
    if latest.by_id is not None:
        raise StateChanged
    log("check_papers", application, by=by, now=now)
    facts, policy = load(latest.facts), latest.policy
    return decide(application=application, facts=facts, policy=policy, by=by, now=now)


@transaction.atomic
def revoke(
    *, application: Application, clause: str, note: str, by: User, now: dt.datetime
) -> Decision:
    """The papers of what was approved automatically contradict a clause: the bed is freed and the
    pass is dead at once. Errors: StateChanged, InHouse."""
    swap(application, "status", old={Status.APPROVED}, new=Status.REFUSED, **NOBODY)
    if application.decisions.latest().by_id is not None:
        raise StateChanged
    stay = stay_ahead(application)
    if stay is None:
        raise InHouse
    decision = _reject(application, clause, note, by=by, now=now)
    free(stay, Stay.Status.CANCELLED, now=now)
    log("revoke", application, by=by, now=now, clause=clause)
    tell_applicant(application, "revoked", now=now)
    return decision


@transaction.atomic
def note_look(
    subject: Model,
    *,
    what: str,
    by: Membership,
    now: dt.datetime,
    reason: str = "",
    words: str = "",
) -> None:
    """Each look of a staff member at a person's papers, number or phone leaves a trace; for a whole
    number with the reason (people/looks.py), which the person can read. Errors: NoReason."""
    check_reason(what, reason, words)
    told = {"reason": reason} if reason else {}
    entry = audit.record(
        f"look at {what}", subject, by=by.user, now=now, district_id=by.district_id, **told
    )
    if reason == Reason.OTHER:
        LookWords.objects.create(entry=entry, text=words.strip())
