"""Schedule the questions after a stay, ask them, keep what is learnt."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.core.deleting import delete
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged
from bookings.people.models import Graduate, User
from bookings.retention.models import FollowUp, Outcome

LINK_DAYS = 60
REMIND_DAYS = (3, 7)  # after the question was sent
CALL_DAYS = 10  # after it was sent, three days after the last reminder: then somebody telephones
SALT = "follow-up link"
CLOSED = _(
    "This question is no longer asked, and nothing can be kept through this link. If there is something "
    "you would like to tell us, telephone us."
)


class BadLink(Refusal):
    code = "bad_link"
    sentence = _("This link is not whole. Open it again from the message, or telephone us.")


class OldLink(Refusal):
    code = "old_link"
    sentence = _("This link has expired. Telephone us and we will ask you on the phone.")


class BadEmployerCode(Refusal):
    code = "bad_employer_code"
    sentence = _("This is not a social credit code: check its 18 characters, or leave it empty.")
    field = "employer_code"


def schedule(*, stay: Stay, horizons: list[int], consent: bool, now: dt.datetime) -> None:
    """One question for each horizon (days after leaving). Without consent nothing is asked."""
    left_on = local_date(now)
    FollowUp.objects.bulk_create(
        (
            FollowUp(
                stay=stay,
                horizon=days,
                due_on=left_on + dt.timedelta(days=days),
                status=FollowUp.Status.DUE if consent else FollowUp.Status.DECLINED,
            )
            for days in horizons
        ),
        ignore_conflicts=True,  # leaving recorded twice schedules once
    )


def unschedule(*, stay: Stay) -> int:
    """The guest has not left: what was asked and said at leaving goes, and is asked once they leave. How
    many answers went, for the log."""
    answers = delete(Outcome.objects.filter(follow_up__stay=stay))
    stay.follow_ups.all().delete()
    return answers


def reminders_due(asked_at: dt.datetime, now: dt.datetime) -> int:
    """How many reminders should have gone out by now: those missed are not sent one after another."""
    days = (local_date(now) - local_date(asked_at)).days
    return sum(days >= after for after in REMIND_DAYS) if days < CALL_DAYS else 0


def link(follow_up: FollowUp) -> str:
    """The signed address at which the guest answers without signing in."""
    return str(settings.SITE_URL) + reverse("follow_up_answer", args=[token_of(follow_up)])


def token_of(follow_up: FollowUp) -> str:
    return signing.dumps(follow_up.pk, salt=SALT)


def open_link(token: str) -> FollowUp:
    """Errors: BadLink (also where the guest has been forgotten, or the leaving undone), OldLink."""
    try:
        key = signing.loads(token, salt=SALT, max_age=dt.timedelta(days=LINK_DAYS))
    except signing.SignatureExpired as error:
        raise OldLink from error
    except signing.BadSignature as error:
        raise BadLink from error
    questions = FollowUp.objects.askable().select_related(
        "stay__station__district", "stay__application__user"
    )
    question = questions.filter(pk=key).first()
    if question is None:
        raise BadLink(CLOSED)
    return question


def lock_guest(graduate_id: int) -> None:
    """What somebody wishes and what is asked of them take turns, until the transaction ends. Whoever
    locks a guest and their questions does so in this order."""
    Graduate.objects.select_for_update(no_key=True).only("pk").get(pk=graduate_id)


def lock(follow_up: FollowUp) -> FollowUp:
    """The question as it is now, locked with its guest. Errors: StateChanged (forgotten, or the question
    is gone)."""
    lock_guest(follow_up.stay.graduate_id)
    rows = FollowUp.objects.askable().select_for_update(of=("self",))
    question = rows.select_related("stay__application").filter(pk=follow_up.pk).first()
    if question is None:
        raise StateChanged
    return question


def learn(
    *,
    follow_up: FollowUp,
    kind: str,
    source: str,
    level: str,
    by: User | None,
    now: dt.datetime,
    **details: Any,
) -> Outcome:
    """Add what was learnt, with details of it (Outcome.DETAILS); what was learnt before stays. The same
    thing said again is kept once. The caller has locked the question. Errors: BadEmployerCode."""
    said = Outcome(
        follow_up=follow_up, kind=kind, source=source, level=level, by=by, at=now, **_clean(details)
    )
    former = _last(follow_up.outcomes.all())
    if former is not None and _adds_nothing(said, former):
        return former
    said.save(force_insert=True)
    FollowUp.objects.filter(pk=follow_up.pk).update(status=FollowUp.Status.ANSWERED)
    return said


def known(
    *,
    follow_up: FollowUp,
    kind: str,
    source: str,
    level: str,
    by: User,
    at: dt.datetime,
    **details: Any,
) -> bool:
    """Whether this had been learnt by an instant, so that it adds nothing. Errors: BadEmployerCode."""
    said = Outcome(kind=kind, source=source, level=level, by=by, **_clean(details))
    former = _last(follow_up.outcomes.filter(at__lte=at))
    return former is not None and _adds_nothing(said, former)


def _last(outcomes: QuerySet[Outcome]) -> Outcome | None:
    return outcomes.order_by("at", "pk").last()


def _clean(details: dict[str, Any]) -> dict[str, Any]:
    code = uscc.compact(details.get("employer_code") or "")
    if code and not uscc.is_valid(code):
        raise BadEmployerCode
    texts = {name: details.get(name) or None for name in ("employer", "post", "contract_start")}
    return {**texts, "employer_code": code, "industry": details.get("industry") or ""}


def _adds_nothing(said: Outcome, former: Outcome) -> bool:
    same = ("kind", "source", "level", "by_id")
    if any(getattr(said, name) != getattr(former, name) for name in same):
        return False
    return not any(said.details.values()) or said.details == former.details
