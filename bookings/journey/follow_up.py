"""After the stay: the question is asked and asked again, the answer kept."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from bookings.applications.evidence import read, redrawn
from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.core.transitions import StateChanged, swap
from bookings.journey.common import log, message
from bookings.people.models import User
from bookings.retention import follow_up as retention
from bookings.retention import proof as proofs
from bookings.retention.models import FollowUp, Outcome

Status = FollowUp.Status


@transaction.atomic
def ask(*, follow_up: FollowUp, now: dt.datetime) -> bool:
    """Send the question that is due, once. False: asked before, not due, or not to be asked any more."""
    if follow_up.due_on > local_date(now):
        return False
    try:
        if end_without_consent(follow_up=follow_up, now=now):
            return False
        swap(follow_up, "status", old={Status.DUE}, new=Status.ASKED, asked_at=now)
    except StateChanged:
        return False
    _send(follow_up, key=f"follow-up:{follow_up.pk}", now=now)
    return True


@transaction.atomic
def end_without_consent(*, follow_up: FollowUp, now: dt.datetime) -> bool:
    """Decline a question without an answer whose guest does not consent: the consent was taken back in
    the very moment in which it was scheduled, or opened again. False: it is none such. Errors:
    StateChanged (forgotten)."""
    retention.lock(follow_up)
    if not FollowUp.objects.unwilling().filter(pk=follow_up.pk).update(status=Status.DECLINED):
        return False
    log("end question", follow_up.stay.application, by=None, now=now, horizon=follow_up.horizon)
    return True


@transaction.atomic
def ask_again(*, follow_up: FollowUp, now: dt.datetime) -> bool:
    """Remind of the question, as often as it is time for. False: reminded before, answered, or not yet."""
    if follow_up.asked_at is None:
        return False
    number = retention.reminders_due(follow_up.asked_at, now)
    waiting = FollowUp.objects.filter(pk=follow_up.pk, status=Status.ASKED, reminded__lt=number)
    if waiting.update(reminded=number) != 1:
        return False
    _send(follow_up, key=f"follow-up:{follow_up.pk}:again:{number}", now=now)
    return True


def _send(follow_up: FollowUp, *, key: str, now: dt.datetime) -> None:
    told = {"link": retention.link(follow_up)}
    message(follow_up.stay.application, "follow_up", key=key, params=told, now=now)


@transaction.atomic
def answer(
    *,
    follow_up: FollowUp,
    kind: str,
    source: str,
    by: User | None,
    now: dt.datetime,
    level: str = Outcome.Level.SELF_REPORT,
    **details: Any,
) -> Outcome:
    """Keep an answer, the guest's own or one a staff member learnt, with its details
    (Outcome.DETAILS). Errors: BadEmployerCode, StateChanged where the person has declined to be
    asked or has been forgotten."""
    if retention.lock(follow_up).status == Status.DECLINED:
        raise StateChanged
    outcome = retention.learn(
        follow_up=follow_up, kind=kind, source=source, level=level, by=by, now=now, **details
    )
    log("answer", follow_up.stay.application, by=by, now=now, horizon=follow_up.horizon)
    return outcome


def tell_more(
    *, follow_up: FollowUp, paper: UploadedFile | None, now: dt.datetime, **details: Any
) -> Outcome:
    """Add details, and a paper, to the guest's own answer. Errors: as `answer`, and those of a paper
    (applications.evidence)."""
    clean = redrawn(read(paper)) if paper else None  # takes seconds: before anything is locked
    with transaction.atomic():
        former = retention.lock(follow_up)
        said = former.outcomes.filter(source=Outcome.Source.SELF, by=None).order_by("at", "pk")
        last = said.last()
        if last is None:
            raise StateChanged
        outcome = answer(
            follow_up=follow_up, kind=last.kind, source=last.source, by=None, now=now, **details
        )
        if clean:
            proofs.keep(outcome=outcome, clean=clean, now=now)
    return outcome


@transaction.atomic
def answer_leaving(*, stay: Stay, kind: str, now: dt.datetime) -> Outcome:
    """The guest's own word, after leaving, on what comes next. Errors: StateChanged (has not left, or is not to be
    asked)."""
    stay = Stay.objects.select_for_update().get(pk=stay.pk)
    if stay.left_at is None or not stay.application.follow_up_consent:
        raise StateChanged
    question, _made = FollowUp.objects.get_or_create(
        stay=stay, horizon=FollowUp.AT_LEAVING, defaults={"due_on": local_date(stay.left_at)}
    )
    return answer(follow_up=question, kind=kind, source=Outcome.Source.SELF, by=None, now=now)
