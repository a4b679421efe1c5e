"""Questions of guests who did not answer, and what a page of a call sends."""

import datetime as dt

from django.test import Client

from bookings.retention.models import FollowUp
from tests import events
from tests.factories import NOW, TODAY, make_draft, make_person

DAY = dt.timedelta(days=1)
SENT = NOW - 20 * DAY
HEARD = {"number": 1, "source": "phone", "level": "self_report"}


def silent(station, *, horizon=30, due_on=TODAY, asked_at=SENT, status="asked"):
    """A question of a new guest that was sent and not answered."""
    draft = make_draft(make_person(station.district), station)
    events.submit(draft)
    events.approve(draft)
    return FollowUp.objects.create(
        stay=events.stay_of(draft), horizon=horizon, due_on=due_on, status=status, asked_at=asked_at
    )


def status(question):
    return FollowUp.objects.get(pk=question.pk).status


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client
