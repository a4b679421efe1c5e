"""The questions after sample stays, and what was answered."""

import datetime as dt
from random import Random

from bookings.core.clock import at_local
from bookings.demo.guest import Guest
from bookings.people.models import User
from bookings.retention.models import FollowUp, Outcome

DAY = dt.timedelta(days=1)
KINDS = ["employed_here"] * 6 + ["employed_city", "employed_elsewhere", "looking", "studying"]


def write_follow_ups(
    left: list[Guest], *, horizons: list[int], caller: User, now: dt.datetime, dice: Random
) -> None:
    """A question for each horizon (days after leaving), asked where it is time; most are answered, by
    link or to the caller."""
    questions = [
        _question(guest, horizon, now=now, dice=dice) for guest in left for horizon in horizons
    ]
    FollowUp.objects.bulk_create(questions)
    answered = [question for question in questions if question.status == "answered"]
    Outcome.objects.bulk_create(_outcome(one, caller, dice=dice) for one in answered)


def _question(guest: Guest, horizon: int, *, now: dt.datetime, dice: Random) -> FollowUp:
    assert guest.left_on is not None
    due = guest.left_on + horizon * DAY
    asked = at_local(due, dt.time(10, 5))
    if not guest.application.follow_up_consent:
        return FollowUp(stay=guest.stay, horizon=horizon, due_on=due, status="declined")
    if asked > now - 2 * DAY:
        return FollowUp(stay=guest.stay, horizon=horizon, due_on=due)
    status = "answered" if dice.random() < 0.85 else "asked"
    return FollowUp(stay=guest.stay, horizon=horizon, due_on=due, status=status, asked_at=asked)


def _outcome(question: FollowUp, caller: User, *, dice: Random) -> Outcome:
    called = dice.random() < 0.3
    assert question.asked_at is not None
    return Outcome(
        follow_up=question,
        kind=dice.choice(KINDS),
        source="phone" if called else "self",
        level="self_report",
        by=caller if called else None,
        at=question.asked_at + dt.timedelta(hours=dice.randrange(1, 48)),
    )
