"""A question asked on the telephone: the call is had, what came of it is kept, the next one may be had."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.core import audit
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged
from bookings.journey.common import log
from bookings.journey.forget import withdraw_consent
from bookings.people.models import User
from bookings.retention import follow_up as retention
from bookings.retention import proof as proofs
from bookings.retention.calls import claim
from bookings.retention.models import Attempt, FollowUp, Outcome, Proof

Result = Attempt.Result


class NoTime(Refusal):
    code = "no_time"
    sentence = _("Say when to call back: a time to come.")
    field = "call_back_at"


@transaction.atomic
def call(
    *,
    follow_up: FollowUp,
    result: str,
    number: int,
    by: User,
    now: dt.datetime,
    call_back_at: dt.datetime | None = None,
    note: str = "",
    answer: dict[str, Any] | None = None,
) -> Attempt:
    """Keep what came of a call, and let the call go. `number` is that of the attempt (one more than the
    page showed): the same one sent twice is one. `answer` is what was learnt, where somebody was
    reached (retention.learn).

    Errors: StateChanged, CalledByAnother, NoTime, BadEmployerCode.
    """
    former = _sent_before(follow_up, number, result, by)
    if former is not None:
        return former
    claim.take(follow_up=follow_up, by=by, now=now)
    if result == Result.CALL_BACK and (call_back_at is None or call_back_at <= now):
        raise NoTime
    attempt = follow_up.attempts.create(
        number=number,
        result=result,
        call_back_at=call_back_at if result == Result.CALL_BACK else None,
        note=note or None,
        by=by,
        at=now,
    )
    claim.give_back(follow_up=follow_up)
    log("call", follow_up.stay.application, by=by, now=now, result=result)
    _follows(attempt, by=by, now=now, answer=answer)
    return attempt


@transaction.atomic
def pass_on(
    *, follow_up: FollowUp, to: User, note: str, number: int, by: User, now: dt.datetime
) -> Attempt:
    """Leave a call to a colleague, with a note. Errors: StateChanged, CalledByAnother, NotACaller."""
    former = _sent_before(follow_up, number, Result.PASSED_ON, by)
    if former is not None:
        return former
    claim.take(follow_up=follow_up, by=by, now=now)
    claim.pass_to(follow_up=follow_up, to=to, now=now)
    log("pass on a call", follow_up.stay.application, by=by, now=now, to=to.pk)
    return follow_up.attempts.create(
        number=number, result=Result.PASSED_ON, note=note or None, by=by, at=now
    )


@transaction.atomic
def confirm_proof(*, proof: Proof, by: User, now: dt.datetime) -> Outcome:
    """The paper shows what was said: so the answer stands as shown by a document, and the paper goes.
    Errors: StateChanged."""
    said = proof.outcome
    retention.lock(said.follow_up)
    proofs.take_away(proof)
    _note_judged(said, "confirm a proof", by, now)
    told = {"kind": said.kind, "source": said.source, "level": Outcome.Level.DOCUMENT}
    return retention.learn(follow_up=said.follow_up, by=by, now=now, **told, **said.details)


@transaction.atomic
def decline_proof(*, proof: Proof, by: User, now: dt.datetime) -> None:
    """The paper does not show it: the answer stays one's own word, the paper goes. Errors: StateChanged."""
    retention.lock(proof.outcome.follow_up)
    proofs.take_away(proof)
    _note_judged(proof.outcome, "decline a proof", by, now)


def _sent_before(follow_up: FollowUp, number: int, result: str, by: User) -> Attempt | None:
    """The attempt of this number, where it is the very same. Errors: StateChanged (it is another, or
    one before it is missing, or the guest has been forgotten)."""
    retention.lock(follow_up)
    former = follow_up.attempts.filter(number=number).first()
    if former is None and follow_up.attempts.count() == number - 1:
        return None
    if former is None or (former.result, former.by_id) != (result, by.pk):
        raise StateChanged
    return former


def _follows(
    attempt: Attempt, *, by: User, now: dt.datetime, answer: dict[str, Any] | None
) -> None:
    question = attempt.follow_up
    if attempt.result == Result.REACHED:
        retention.learn(follow_up=question, by=by, now=now, **(answer or {}))
    elif attempt.result == Result.REFUSED:
        withdraw_consent(person=question.stay.graduate, by=by, now=now)
    else:
        open_still = FollowUp.objects.filter(pk=question.pk, status__in=FollowUp.OPEN)
        open_still.given_up().update(status=FollowUp.Status.UNREACHABLE)


def _note_judged(said: Outcome, what: str, by: User, now: dt.datetime) -> None:
    district = said.follow_up.stay.station.district_id
    audit.record(what, said, by=by, now=now, district_id=district)
