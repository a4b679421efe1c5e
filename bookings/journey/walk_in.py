"""Somebody stands at the desk without an application: judged, placed and arrived in one act."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from bookings.applications.models import COMMITMENT_VERSION, Application
from bookings.applications.seen import PaperSeen
from bookings.applications.working_days import add_working_days
from bookings.beds import allocate
from bookings.beds.models import Stay
from bookings.core import audit
from bookings.core.clock import at_local, local_date
from bookings.core.crypto import keyed_hash
from bookings.core.errors import Refusal
from bookings.core.short_code import short_code
from bookings.core.transitions import StateChanged, swap
from bookings.desk.models import Action, Result
from bookings.desk.register.facts import GUARDIAN
from bookings.desk.scan import Sent
from bookings.desk.walkin.guest import AtTheDesk
from bookings.desk.walkin.models import WalkIn
from bookings.eligibility.decide import decide, rules_of
from bookings.eligibility.rules import Finding, conclude, judge
from bookings.journey.alternatives import Alternative, alternatives
from bookings.journey.apply import Behind
from bookings.journey.common import gathered, log, promise
from bookings.journey.desk import scan
from bookings.journey.offers import is_behind, serve_first
from bookings.passes.models import Pass
from bookings.people.former import with_document
from bookings.people.graduate import save_person
from bookings.people.models import Graduate, User
from bookings.people.sign_up import desk_account, give_phone
from bookings.places.models import District, Policy, Station

Status = Application.Status
AT_LEAST = dt.timedelta(hours=1)  # a bed is held for a reviewer, however late it is


class NotEligible(Refusal):
    """A clause fails; nothing has been stored. `findings`: every clause's, as stored elsewhere."""

    code = "not_eligible"
    sentence = gettext_lazy("A clause does not fit. See below what would mend it.")

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__()
        self.findings: list[dict[str, Any]] = [asdict(finding) for finding in findings]


class NameDiffers(Refusal):
    code = "name_differs"
    sentence = gettext_lazy(
        "This document is known here under another name. Compare name and number with the card; if "
        "both are right, call a manager."
    )
    field = "name"


class UnderAge(Refusal):
    code = "under_age"
    sentence = gettext_lazy(
        "The guest is under 18: a reviewer decides. Have the guardian's consent in hand, and tick here "
        "that the guest waits for the answer."
    )
    field = "to_reviewer"


class PapersMissing(Refusal):
    code = "papers_missing"
    sentence = gettext_lazy(
        "Not every paper that is needed is ticked. Tick what you have in hand; if the guest has no "
        "such paper, tick below that a reviewer decides."
    )
    field = "seen"


def walk_in(*, station: Station, guest: AtTheDesk, by: User, now: dt.datetime) -> Application:
    """Register who stands at the desk, for nights from tonight. Papers that the clerk has seen count as
    evidence. If every clause holds, it is the clerk's approval, and the guest has arrived; if a
    reviewer has to look, the bed is held. The same press twice is one registration.

    Errors: NotEligible, PapersMissing, UnderAge, NameDiffers, DocumentTaken, NoBed, NotDecided; then nothing is stored.
    """
    try:
        return _after_those_who_wait(station, guest, by=by, now=now)
    except NotEligible as refusal:
        _note_refusal(station, guest, refusal, by=by, now=now)
        raise


def walk_in_alternatives(
    *, station: Station, guest: AtTheDesk, by: User, now: dt.datetime
) -> list[Alternative]:
    """What is free where these nights are not; nothing is stored."""
    with transaction.atomic():
        person = _person(station.district, guest, by=by, now=now)
        application = _application(station, person, guest, by=by, now=now)
        found = alternatives(application=application, now=now)
        transaction.set_rollback(True)
    return found


def _after_those_who_wait(
    station: Station, guest: AtTheDesk, *, by: User, now: dt.datetime
) -> Application:
    serve_first(station, now=now)
    try:
        return _register(station, guest, by=by, now=now)
    except Behind:  # nights were given back at this moment
        serve_first(station, now=now)
        return _register(station, guest, by=by, now=now, again=True)


@transaction.atomic
def _register(
    station: Station, guest: AtTheDesk, *, by: User, now: dt.datetime, again: bool = False
) -> Application:
    allocate.lock(station)
    before = WalkIn.objects.select_related("application").filter(by=by, nonce=_nonce(guest)).first()
    if before:
        return before.application
    person = _person(station.district, guest, by=by, now=now)
    policy = Policy.objects.in_force(station.district_id, local_date(now))
    application = _application(station, person, guest, by=by, now=now)
    outcome, findings = _judge(application, policy, by=by, now=now)
    if outcome == "review" and not guest.to_reviewer:
        is_minor = any(finding.reason == "minor" for finding in findings)
        raise UnderAge if is_minor else PapersMissing
    if is_behind(station) and not again:
        raise Behind
    stay = _hold(application, policy, now=now)
    log("walk_in", application, by=by, now=now, outcome=outcome, seen=sorted(guest.seen))
    if outcome == "approve":
        shown = promise(application, stay, by=by, now=now)
        assert shown
        _arrive(station, shown, by=by, now=now)
    return application


def _nonce(guest: AtTheDesk) -> str:
    """The page's number and whose document it was sent with: a page that is used again for the next
    guest is no second press."""
    return keyed_hash(f"{guest.nonce} {guest.person['doc_number']}", "walk-in")


def _person(district: District, guest: AtTheDesk, *, by: User, now: dt.datetime) -> Graduate:
    """Who it is: somebody known by the document, or by one of before, keeps the data of before; only the
    last day of the card that we know is read anew. An account of another district is another matter
    and is not looked for."""
    rows = Graduate.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
    number = guest.person["doc_number"]
    known = rows.filter(with_document(district, number), forgotten_at=None).first()
    if known is None:
        account = desk_account(phone=guest.phone, language=guest.language)
        return save_person(user=account, district=district, facts=guest.person, now=now, by=by)
    if _plain(known.name) != _plain(guest.person["name"]):
        raise NameDiffers
    if known.doc_number == number:
        known.doc_until = guest.person["doc_until"]
    if known.user is None:
        known.user = desk_account(phone="", language=guest.language)
    guardian = {name: guest.person[name] for name in GUARDIAN if name in guest.person}
    for name, value in guardian.items():
        setattr(known, name, value)
    known.save(update_fields=["doc_until", "user", *guardian])
    give_phone(user=known.user, phone=guest.phone)
    return known


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _application(
    station: Station, person: Graduate, guest: AtTheDesk, *, by: User, now: dt.datetime
) -> Application:
    """The application as sent, with the commitment signed on paper and the papers seen."""
    assert person.user
    today = local_date(now)
    policy = Policy.objects.in_force(station.district_id, today)
    application = Application.objects.create(
        district=station.district,
        user=person.user,
        graduate=person,
        station=station,
        status=Status.IN_REVIEW,
        purpose=guest.purpose,
        arrival=today,
        nights=guest.nights,
        commitment_version=COMMITMENT_VERSION,
        follow_up_consent=guest.follow_up_consent,
        friend_code=short_code(),
        submitted_at=now,
        review_due=add_working_days(today, policy.review_days),
    )
    WalkIn.objects.create(application=application, nonce=_nonce(guest), by=by, at=now)
    seen = [PaperSeen(application=application, kind=k, by=by, at=now) for k in sorted(guest.seen)]
    PaperSeen.objects.bulk_create(seen)
    return application


def _judge(
    application: Application, policy: Policy, *, by: User, now: dt.datetime
) -> tuple[str, tuple[Finding, ...]]:
    """Whose papers are all in order is approved by the clerk who saw them. Errors: NotEligible."""
    facts = gathered(application, policy, now=now)
    findings = judge(facts, rules_of(policy))
    outcome = conclude(findings)
    if outcome == "refuse":
        raise NotEligible(findings)
    judge_by = by if outcome == "approve" else None
    decide(application=application, facts=facts, policy=policy, by=judge_by, now=now)
    return outcome, findings


def _hold(application: Application, policy: Policy, *, now: dt.datetime) -> Stay:
    requested, today = Stay.Status.REQUESTED, local_date(now)
    until = max(at_local(today, policy.arrival_cutoff), now + AT_LEAST)
    stay = allocate.hold(application=application, policy=policy, status=requested, hold_until=until)
    swap(stay, "status", old={requested}, new=requested, cutoff_at=until)
    return stay


def _arrive(station: Station, shown: Pass, *, by: User, now: dt.datetime) -> None:
    """As at the scan box: by the code of the pass."""
    sent = Sent(
        station=station,
        device=f"walk-in {by.pk}",
        nonce=f"walk-in {shown.pk}",
        code=shown.short_code,
        action=Action.ARRIVE,
        at=now,
        by=by,
    )
    if scan(sent=sent, now=now).result == Result.REFUSED:
        raise StateChanged


def _note_refusal(
    station: Station, guest: AtTheDesk, refusal: NotEligible, *, by: User, now: dt.datetime
) -> None:
    """Nothing is kept of who was turned away; a look at somebody known leaves its trace."""
    people = Graduate.objects.filter(with_document(station.district, guest.person["doc_number"]))
    person = people.filter(forgotten_at=None).first()
    fails = [found["clause"] for found in refusal.findings if found["outcome"] == "fail"]
    action = "look at person at the desk" if person else "walk_in refused"
    district = station.district_id
    audit.record(action, person or station, by=by, now=now, district_id=district, clauses=fails)
