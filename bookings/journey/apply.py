"""The graduate's own events: keep_person, submit, resubmit, withdraw."""

import dataclasses
import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.applications.models import COMMITMENT_VERSION, Application, Evidence
from bookings.applications.seen import kinds_shown
from bookings.applications.working_days import add_working_days
from bookings.beds import allocate
from bookings.beds.models import Stay
from bookings.beds.waitlist.freed import note_freed
from bookings.beds.waitlist.models import Wait
from bookings.core.clock import at_local, local_date
from bookings.core.errors import Refusal
from bookings.core.short_code import short_code
from bookings.core.transitions import swap
from bookings.desk.register.models import Registration
from bookings.eligibility.decide import decide, load
from bookings.eligibility.models import Decision
from bookings.journey.again import held_stay
from bookings.journey.common import free, gathered, log, promise
from bookings.journey.offers import is_behind, offer, serve_first
from bookings.journey.waiting import WaitWish, join
from bookings.people.graduate import save_person
from bookings.people.models import Graduate, User
from bookings.places.models import District, Policy
from bookings.retention.bureau.models import BureauMatch

Status = Application.Status


class NotComplete(Refusal):
    code = "not_complete"
    sentence = gettext_lazy("Some parts of the application are still empty. Fill them in first.")


class NothingAdded(Refusal):
    code = "nothing_added"
    sentence = gettext_lazy("Add the paper that was asked for, then send.")


class StillMissing(NothingAdded):
    """The sentence names the kinds of paper."""

    code = "still_missing"


class BedIsHeld(Refusal):
    code = "bed_is_held"
    sentence = gettext_lazy(
        "A bed is held for you as this person, or your stay is still to be told to the police. "
        "Telephone us to correct the name, the document, the sex or the date of birth, or give back "
        "the nights that are still ahead."
    )
    field = "doc_number"


FIXED_WHILE_HELD = ("name", "doc_type", "doc_number", "sex", "birth_date")


def fixed_of(person: Graduate) -> tuple[str, ...]:
    """What of a person cannot be changed now, by the names of the fields: what a bed was given for, as
    long as it is held and until the police have been told all of the stay."""
    held = Stay.objects.filter(graduate=person, status__in=[*Stay.AHEAD, Stay.Status.ARRIVED])
    owed = Registration.objects.owed().filter(stay__graduate=person)
    return FIXED_WHILE_HELD if held.exists() or owed.exists() else ()


@transaction.atomic
def keep_person(
    *, user: User, district: District, facts: dict[str, Any], now: dt.datetime
) -> Graduate:
    """Keep who applies. What a bed was given for stays as it is (see fixed_of).

    Errors: DocumentTaken, BedIsHeld.
    """
    person = Graduate.objects.select_for_update().filter(user=user).first()
    if person and any(getattr(person, name) != facts[name] for name in fixed_of(person)):
        raise BedIsHeld
    if person and person.doc_number != facts["doc_number"]:
        BureauMatch.objects.of(person).delete()  # said of the former number
    return save_person(user=user, district=district, facts=facts, now=now)


class Behind(Exception):
    """Nights were given back while we were about to plan: those who wait come first."""


def submit(
    *,
    application: Application,
    signature: str,
    follow_up_consent: bool,
    by: User,
    now: dt.datetime,
    wish: WaitWish | None = None,
) -> Decision:
    """Sign and send a draft: decide at once, and hold the bed in the same transaction. Nights that were
    given back are offered to those who wait before anybody new may have them.

    Where no bed is free, `wish` puts the application on the waitlist; so does a plan that cannot be
    decided in time. Errors: NotComplete, StateChanged (sent before), NoBed (no bed and no wish to
    wait; then nothing has happened).
    """
    if not (application.graduate and application.station and application.arrival):
        raise NotComplete
    serve_first(application.station, now=now)
    signed = {"signature": signature, "follow_up_consent": follow_up_consent}
    try:
        decision = _submit(application, signed, wish, by=by, now=now)
    except Behind:  # nights were given back at this moment
        serve_first(application.station, now=now)
        decision = _submit(application, signed, wish, by=by, now=now, again=True)
    if wish and decision.outcome != Decision.Outcome.REFUSE:
        _look_at_other_days(application, now=now)
    return decision


def _look_at_other_days(application: Application, *, now: dt.datetime) -> None:
    """Who would come on other days or to other stations too has what is free there at once."""
    wait = Wait.objects.waiting().filter(application=application).first()
    if wait is None:
        return
    for station in wait.stations.order_by("pk"):
        serve_first(station, now=now)
        if offer(wait=wait, station=station, now=now, take=True):
            return


@transaction.atomic
def _submit(
    application: Application,
    signed: dict[str, Any],
    wish: WaitWish | None,
    *,
    by: User,
    now: dt.datetime,
    again: bool = False,
) -> Decision:
    assert application.graduate and application.station
    allocate.lock(application.station)
    graduate = Graduate.objects.select_for_update(no_key=True).get(pk=application.graduate.pk)
    application.graduate = graduate
    policy = Policy.objects.in_force(application.district_id, local_date(now))
    swap(
        application,
        "status",
        old={Status.DRAFT},
        new=Status.IN_REVIEW,
        answers=None,
        commitment_version=COMMITMENT_VERSION,
        submitted_at=now,
        **signed,
        friend_code=application.friend_code or short_code(),
        review_due=add_working_days(local_date(now), policy.review_days),
    )
    facts = gathered(application, policy, now=now)
    decision = decide(application=application, facts=facts, policy=policy, by=None, now=now)
    log("submit", application, by=by, now=now, outcome=decision.outcome)
    if decision.outcome == Decision.Outcome.REFUSE:
        swap(application, "status", old={Status.IN_REVIEW}, new=Status.REFUSED)
        return decision
    if is_behind(application.station) and not again:
        raise Behind
    stay = _hold_or_wait(application, policy, wish, now=now)
    if decision.outcome == Decision.Outcome.APPROVE:
        promise(application, stay, by=None, now=now)
    return decision


def _hold_or_wait(
    application: Application, policy: Policy, wish: WaitWish | None, *, now: dt.datetime
) -> Stay:
    assert application.station and application.arrival
    try:
        return allocate.hold(
            application=application,
            policy=policy,
            status=Stay.Status.REQUESTED,
            hold_until=at_local(application.arrival, policy.arrival_cutoff),
        )
    except allocate.NoBed:
        if wish is None:
            raise
        return join(application=application, policy=policy, wish=wish, now=now)
    except allocate.NotDecided:  # the worker goes on looking; nobody is refused for want of time
        these = wish or WaitWish([application.station], application.arrival, take_it=True)
        stay = join(application=application, policy=policy, wish=these, now=now, undecided=True)
        note_freed(application.station.pk)
        return stay


@transaction.atomic
def resubmit(*, application: Application, by: User, now: dt.datetime) -> Decision:
    """The papers asked for are there: judge again, back to the reviewer; the bed was kept.

    Errors: StateChanged, NothingAdded, StillMissing.
    """
    latest = application.decisions.latest()
    _look_for_what_was_asked(application, since=application.asked_at or latest.at)
    facts = dataclasses.replace(load(latest.facts), evidence=kinds_shown(application))
    answered: dict[str, Any] = {"asked_for": "", "asked_kinds": [], "asked_at": None}
    swap(application, "status", old={Status.MORE_ASKED}, new=Status.IN_REVIEW, **answered)
    stay = held_stay(application)
    requested = Stay.Status.REQUESTED
    if stay and stay.status == requested:
        swap(stay, "status", old={requested}, new=requested, hold_until=stay.cutoff_at)
    log("resubmit", application, by=by, now=now)
    return decide(application=application, facts=facts, policy=latest.policy, by=None, now=now)


def _look_for_what_was_asked(application: Application, *, since: dt.datetime) -> None:
    new = set(application.evidence.filter(uploaded_at__gt=since).values_list("kind", flat=True))
    missing = [kind for kind in application.asked_kinds if kind not in new]
    if missing:
        kinds = str(_(", ")).join(str(Evidence.Kind(kind).label) for kind in missing)
        raise StillMissing(_("Still missing: %(kinds)s. Add it, then send.") % {"kinds": kinds})
    if not new:
        raise NothingAdded


@transaction.atomic
def withdraw(*, application: Application, by: User, now: dt.datetime) -> None:
    """The graduate gives the nights back before arriving. Errors: StateChanged."""
    old = {Status.IN_REVIEW, Status.MORE_ASKED, Status.APPROVED}
    swap(application, "status", old=set(old), new=Status.WITHDRAWN)
    stay = Stay.objects.filter(application=application).first()
    if stay and stay.status != Stay.Status.CANCELLED:  # an appeal may be without a bed
        free(stay, Stay.Status.CANCELLED, now=now)
    log("withdraw", application, by=by, now=now)
