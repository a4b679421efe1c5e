"""Forgetting: papers, messages and drafts when their time is over, then who the person was.

What stays says nothing of anybody: stays, nights, findings, outcomes, for the statistics. The keyed
hash of the document stays as long as the person could apply again, so that nights are given once.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Application, Evidence
from bookings.beds.models import Stay
from bookings.beds.waitlist.models import Alert
from bookings.core import audit
from bookings.core.clock import local_date
from bookings.core.deleting import delete
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged
from bookings.desk.conflicts.models import Conflict
from bookings.desk.handover.models import HandoverNote
from bookings.desk.incidents.models import Complaint, Incident
from bookings.desk.register.models import Registration
from bookings.eligibility import decide
from bookings.eligibility.models import Appeal, Decision, Override
from bookings.eligibility.rules import anniversary
from bookings.journey.bureau import discard_list
from bookings.messages.models import Contact, Message
from bookings.people.looks import LookWords
from bookings.people.models import Graduate, User
from bookings.people.sessions import end_sessions
from bookings.places.models import District, Policy
from bookings.retention import follow_up as retention
from bookings.retention import proof as proofs
from bookings.retention.bureau.models import BureauList, BureauMatch
from bookings.retention.models import Attempt, FollowUp, Outcome, Proof

Status = Application.Status
OVER = {Status.REFUSED, Status.WITHDRAWN, Status.LAPSED}
ENDED = {"left", "cancelled", "lapsed", "no_show"}


class StillNeeded(Refusal):
    code = "still_needed"
    sentence = _(
        "An application is being reviewed or a stay is promised. Withdraw it or finish the stay "
        "first; then we can forget you."
    )


class RegisterOwed(StillNeeded):
    code = "register_owed"
    sentence = _(
        "The station must still register your stay with the police, as every lodging house must. "
        "Try again in a day or two; then we can forget you."
    )


def forget_due(*, now: dt.datetime) -> Counter[str]:
    """Everything whose time is over, kind by kind and person by person. Safe to run twice, or to be cut
    short: what is deleted and its entry in the audit log, the certificate, come together."""
    count: Counter[str] = Counter()
    for district in District.objects.order_by("pk"):
        for kind, (rule, step) in STEPS.items():
            count[kind] += _certified(kind, rule, step, district, now)
    count["messages"] = _certified("messages", "KEEP_MESSAGES_DAYS", _forget_messages, None, now)
    for person in due_people(now):
        count["people"] += forget_person(person=person, by=None, now=now)
    count["hashes"] = _forget_hashes(now)
    return count


@transaction.atomic
def _certified(
    kind: str, rule: str, step: "Step", district: District | None, now: dt.datetime
) -> int:
    """Delete one kind, of one district or (None) of the house. `rule` is the setting that says how many
    days it is kept."""
    limit = now - dt.timedelta(days=getattr(settings, rule))
    if count := step(now, limit, district):
        told = {"count": count, "before": local_date(limit).isoformat(), "rule": rule}
        place = district.pk if district else None
        audit.record("delete", kind, by=None, now=now, district_id=place, **told)
    return count


def due_people(now: dt.datetime) -> list[Graduate]:
    """Those of whom nothing is left to do or to ask, for long enough."""
    limit = local_date(now) - dt.timedelta(days=settings.KEEP_IDENTITY_DAYS)
    busy = (
        Q(applications__status__in={Status.DRAFT, *Application.OPEN})
        | Q(applications__submitted_at__date__gt=limit)
        | Q(stays__status__in=[*Stay.HOLDING, "waitlisted"])
        | Q(stays__departure__gt=limit)
        | Q(stays__follow_ups__due_on__gt=limit)
    )
    kept = Graduate.objects.filter(busy).values("pk")
    return list(Graduate.objects.filter(forgotten_at=None).exclude(pk__in=kept).order_by("pk"))


@transaction.atomic
def forget_person(*, person: Graduate, by: User | None, now: dt.datetime) -> bool:
    """Erase who somebody was, for good. False: done before. Errors: StillNeeded, RegisterOwed."""
    person = Graduate.objects.select_for_update().get(pk=person.pk)
    if person.forgotten_at:
        return False
    applications = Application.objects.filter(graduate=person)
    stays = Stay.objects.filter(graduate=person, status__in=[*Stay.HOLDING, "waitlisted"])
    if applications.filter(status__in=Application.OPEN).exists() or stays.exists():
        raise StillNeeded
    registrations = Registration.objects.filter(stay__graduate=person)
    if by is not None and registrations.owed().exists():
        raise RegisterOwed
    registrations.update(refusal=None)
    papers = _remove(Evidence.objects.filter(application__in=applications))
    for decision in Decision.objects.filter(application__in=applications):
        decide.forget(decision)
    BureauMatch.objects.of(person).delete()
    papers += _forget_answers(person)
    if by is not None:  # at their own wish: nothing more is asked; else who was silent stays silent
        withdraw_consent(person=person, by=by, now=now)
    applications.filter(status=Status.DRAFT).delete()
    applications.update(signature=None, asked_for="", needs=[], friend=None, friend_code=None)
    Application.objects.filter(friend__in=applications).update(friend=None)
    Appeal.objects.filter(application__in=applications).update(reason="")
    overrides = Override.objects.filter(application__in=applications)
    overrides.filter(status=Override.Status.WAITING).delete()  # nobody is left to let pass
    overrides.update(reason="")
    Conflict.objects.filter(scan__stay__graduate=person).update(note=None)
    LookWords.objects.filter(entry__subject=f"graduate:{person.pk}").delete()
    _forget_incidents(person)
    _forget_account(person.user)
    Graduate.objects.filter(pk=person.pk).update(
        user=None,
        name="",
        doc_number="",
        doc_until=None,
        birth_date=person.birth_date.replace(month=1, day=1),
        degree_proof="",
        chsi_code=None,
        chsi_until=None,
        certificate_number=None,
        nationality="",
        address=None,
        guardian_name=None,
        guardian_phone=None,
        hukou_code=f"{person.hukou_code[:2]}0000" if person.hukou_code else "",
        forgotten_at=now,
    )
    district = person.district_id
    audit.record("forget", person, by=by, now=now, district_id=district, papers=papers)
    return True


def _forget_incidents(person: Graduate) -> None:
    """What was written goes; that there was a sanction, of which kind and until when, stays."""
    Complaint.objects.filter(incident__stay__graduate=person, answer="").delete()
    Complaint.objects.filter(incident__stay__graduate=person).update(reason="", reply=None)
    Incident.objects.filter(stay__graduate=person).update(what="")


@transaction.atomic
def withdraw_consent(*, person: Graduate, by: User, now: dt.datetime) -> None:
    """No question any more, for stays of before and to come; what was answered stays."""
    retention.lock_guest(person.pk)
    BureauMatch.objects.of(person).delete()  # before its questions
    unanswered = FollowUp.objects.filter(stay__graduate=person, status__in=FollowUp.UNANSWERED)
    count = unanswered.update(status=FollowUp.Status.DECLINED)
    Application.objects.filter(graduate=person).update(follow_up_consent=False)
    district = person.district_id
    audit.record("withdraw consent", person, by=by, now=now, district_id=district, open=count)


@transaction.atomic
def give_consent(*, person: Graduate, by: User, now: dt.datetime) -> None:
    """Questions again: those whose day is still to come. What was declined before stays declined."""
    retention.lock_guest(person.pk)
    to_come = FollowUp.objects.filter(
        stay__graduate=person,
        status=FollowUp.Status.DECLINED,
        due_on__gt=local_date(now),
        outcomes=None,
    )
    count = to_come.update(status=FollowUp.Status.DUE)
    applications = Application.objects.filter(graduate=person).exclude(status=Status.DRAFT)
    applications.update(follow_up_consent=True)
    district = person.district_id
    audit.record("give consent", person, by=by, now=now, district_id=district, open=count)


def _forget_answers(person: Graduate) -> int:
    """Where somebody works and what was said on the telephone; how many papers went with it. What the
    statistics count stays."""
    answers = Outcome.objects.filter(follow_up__stay__graduate=person)
    answers.update(employer=None, post=None, contract_start=None)
    Attempt.objects.filter(follow_up__stay__graduate=person).update(note=None)
    return proofs.remove(Proof.objects.filter(outcome__in=answers))


def _forget_account(user: User | None) -> None:
    if user is None or hasattr(user, "membership"):
        return
    Message.objects.filter(user=user).delete()
    Contact.objects.filter(user=user).delete()
    Alert.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    end_sessions(user=user)
    User.objects.filter(pk=user.pk).update(
        phone=None, phone_hash=None, phone_verified=False, email=None, name="", is_active=False
    )


def _forget_papers(now: dt.datetime, limit: dt.datetime, district: District | None) -> int:
    over = Q(application__status__in=OVER) | Q(application__stay__status__in=ENDED)
    recent = Q(application__decisions__at__gt=limit) | Q(application__stay__left_at__gt=limit)
    kept = Evidence.objects.filter(recent).values("pk")
    theirs = Evidence.objects.filter(application__district=district)
    shown = Proof.objects.filter(outcome__follow_up__stay__station__district=district)
    count = proofs.remove(shown.filter(uploaded_at__lte=limit))
    return count + _remove(theirs.filter(over).exclude(pk__in=kept))


def _forget_drafts(now: dt.datetime, limit: dt.datetime, district: District | None) -> int:
    old = Application.objects.filter(status=Status.DRAFT, created_at__lt=limit)
    drafts = old.filter(district=district)
    _remove(Evidence.objects.filter(application__in=drafts))
    return delete(drafts)


def _forget_lists(now: dt.datetime, limit: dt.datetime, district: District | None) -> int:
    """Lists of the bureau that nobody confirmed."""
    left = BureauList.objects.filter(status__in=["reading", "ready"], at__lt=limit)
    count = 0
    for one in left.filter(district=district):
        with suppress(StateChanged):  # confirmed at this moment
            discard_list(bureau_list=one, by=None, now=now)
            count += 1
    return count


def _forget_alerts(now: dt.datetime, limit: dt.datetime, district: District | None) -> int:
    over = Q(told_at__lt=limit) | Q(last_arrival__lt=local_date(limit))
    return delete(Alert.objects.filter(over, district=district))


def _forget_notes(now: dt.datetime, limit: dt.datetime, district: District | None) -> int:
    notes = HandoverNote.objects.filter(at__lt=limit, station__district=district)
    return delete(notes)


def _forget_messages(now: dt.datetime, limit: dt.datetime, district: District | None) -> int:
    """Of the whole house: sign-in codes are nobody's district's."""
    return delete(Message.objects.filter(created_at__lt=limit))


def _remove(papers: QuerySet[Evidence]) -> int:
    """Rows first; their files once that is certain."""
    found = list(papers)
    with transaction.atomic():
        for paper in found:
            transaction.on_commit(partial(paper.file.storage.delete, str(paper.file.name)))
            paper.delete()
    return len(found)


def _forget_hashes(now: dt.datetime) -> int:
    """Of those forgotten, the hashes too, once they could not come again."""
    count = 0
    for person in Graduate.objects.exclude(forgotten_at=None).exclude(doc_hash__startswith="gone"):
        policy = Policy.objects.in_force(person.district_id, local_date(now))
        if anniversary(person.graduation_date, policy.years_since_graduation) < local_date(now):
            with transaction.atomic():
                person.former_documents.all().delete()
                Graduate.objects.filter(pk=person.pk).update(doc_hash=f"gone {person.pk}")
            count += 1
    return count


Step = Callable[[dt.datetime, dt.datetime, District | None], int]
# kind → (setting with the days it is kept, how it goes)
STEPS: dict[str, tuple[str, Step]] = {
    "papers": ("KEEP_PAPERS_DAYS", _forget_papers),
    "drafts": ("KEEP_DRAFTS_DAYS", _forget_drafts),
    "lists": ("KEEP_DRAFTS_DAYS", _forget_lists),
    "alerts": ("KEEP_MESSAGES_DAYS", _forget_alerts),
    "notes": ("KEEP_MESSAGES_DAYS", _forget_notes),
}
