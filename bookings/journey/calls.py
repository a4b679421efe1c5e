"""A question asked on the telephone: the call is had, what came of it is kept, the next one may be had."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.core import audit
from bookings.core.clock import local_date
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


class CalledMeanwhile(StateChanged):
    """The sentence says who recorded this call, and what came of it."""

    code = "called_meanwhile"


class NoTime(Refusal):
    code = "no_time"
    sentence = _("Say when to call back: a time to come.")
    field = "call_back_at"


class TooFar(Refusal):
    code = "too_far"
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
    page showed): the very same sent twice is one. `answer` is what was learnt, where somebody was
    reached (retention.learn).

    Errors: StateChanged, CalledMeanwhile, CalledByAnother, NoTime, TooFar, BadEmployerCode.
    """
    back = call_back_at if result == Result.CALL_BACK else None
    sent = Attempt(number=number, result=result, call_back_at=back, note=note or None, by=by)
    former = _former(retention.lock(follow_up), number)
    if former is not None:
        return _as_sent(former, sent, same=_same_answer(former, answer))
    claim.take(follow_up=follow_up, by=by, now=now)
    if result == Result.CALL_BACK:
        _check_time(back, now)
    attempt = _add(sent, follow_up, now)
    claim.give_back(follow_up=follow_up)
    log("call", follow_up.stay.application, by=by, now=now, result=result)
    _follows(attempt, by=by, now=now, answer=answer)
    return attempt


@transaction.atomic
def pass_on(
    *, follow_up: FollowUp, to: User, note: str, number: int, by: User, now: dt.datetime
) -> Attempt:
    """Leave a call to a colleague, with a note. Errors: StateChanged, CalledMeanwhile, CalledByAnother,
    NotACaller."""
    sent = Attempt(number=number, result=Result.PASSED_ON, note=note or None, by=by)
    question = retention.lock(follow_up)
    former = _former(question, number)
    if former is not None:
        return _as_sent(former, sent, same=question.caller_id == to.pk)
    claim.take(follow_up=follow_up, by=by, now=now)
    claim.pass_to(follow_up=follow_up, to=to, now=now)
    log("pass on a call", follow_up.stay.application, by=by, now=now, to=to.pk)
    return _add(sent, follow_up, now)


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


def _check_time(back: dt.datetime | None, now: dt.datetime) -> None:
    """Errors: NoTime, TooFar (later than a link sent now would be good for)."""
    if back is None or back <= now:
        raise NoTime
    latest = local_date(now) + dt.timedelta(days=retention.LINK_DAYS)
    if local_date(back) > latest:
        raise TooFar(
            gettext("Call back by %(day)s at the latest: later, the question is too old.")
            % {"day": date_format(latest, "Y-m-d")}
        )


def _former(question: FollowUp, number: int) -> Attempt | None:
    """The attempt that has this number already. Errors: StateChanged (one before it is missing)."""
    former = question.attempts.select_related("by").filter(number=number).first()
    if former is None and question.attempts.count() != number - 1:
        raise StateChanged
    return former


def _as_sent(former: Attempt, sent: Attempt, *, same: bool) -> Attempt:
    """The former attempt, where it is the very same. Errors: CalledMeanwhile."""
    told = ("result", "call_back_at", "note", "by_id")
    if same and all(getattr(former, name) == getattr(sent, name) for name in told):
        return former
    raise CalledMeanwhile(
        gettext(
            "%(name)s has recorded this call meanwhile: %(result)s. What you typed is still here and "
            "not recorded; send it again to add it."
        )
        % {"name": former.by, "result": former.get_result_display()}
    )


def _same_answer(former: Attempt, answer: dict[str, Any] | None) -> bool:
    if answer is None:
        return True
    told = {**answer, "by": former.by, "at": former.at}
    return retention.known(follow_up=former.follow_up, **told)


def _add(sent: Attempt, follow_up: FollowUp, now: dt.datetime) -> Attempt:
    sent.follow_up, sent.at = follow_up, now
    sent.save(force_insert=True)
    return sent


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
