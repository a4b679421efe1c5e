"""After the stay: the question is asked, the answer kept."""

import datetime as dt

from django.db import transaction

from bookings.core.clock import local_date
from bookings.core.transitions import StateChanged, swap
from bookings.journey.common import log, message
from bookings.people.models import User
from bookings.retention import follow_up as retention
from bookings.retention.models import FollowUp, Outcome


@transaction.atomic
def ask(*, follow_up: FollowUp, now: dt.datetime) -> bool:
    """Send the question that is due, once. False: asked before, or not due."""
    if follow_up.due_on > local_date(now):
        return False
    try:
        swap(
            follow_up, "status", old={FollowUp.Status.DUE}, new=FollowUp.Status.ASKED, asked_at=now
        )
    except StateChanged:
        return False
    application, told = follow_up.stay.application, {"link": retention.link(follow_up)}
    message(application, "follow_up", key=f"follow-up:{follow_up.pk}", params=told, now=now)
    return True


@transaction.atomic
def answer(
    *,
    follow_up: FollowUp,
    kind: str,
    source: str,
    by: User | None,
    now: dt.datetime,
    level: str = Outcome.Level.SELF_REPORT,
    employer: str = "",
    employer_code: str = "",
) -> Outcome:
    """Keep an answer, the guest's own or one a staff member learnt. Errors: BadEmployerCode,
    StateChanged where the person has declined to be asked."""
    if follow_up.status == FollowUp.Status.DECLINED:
        raise StateChanged
    outcome = retention.learn(
        follow_up=follow_up,
        kind=kind,
        source=source,
        level=level,
        by=by,
        now=now,
        employer=employer,
        employer_code=employer_code,
    )
    log("answer", follow_up.stay.application, by=by, now=now, horizon=follow_up.horizon)
    return outcome
