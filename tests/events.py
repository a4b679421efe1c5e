"""What happens on a way, each with one call: the journey's own functions with everyday arguments."""

import datetime as dt

from bookings import journey
from bookings.applications.models import Application
from bookings.desk.scan import Sent
from bookings.people.models import User
from tests.factories import NOW

AFTERNOON = NOW + dt.timedelta(hours=4)


def own(draft):
    """The application as each request loads it for itself."""
    return Application.objects.get(pk=draft.pk)


def reviewer():
    known = User.objects.filter(email="reviewer@example.test").first()
    return known or User.objects.create_user("reviewer@example.test")


def submit(draft, *, now=NOW, consent=True):
    return journey.submit(
        application=own(draft),
        signature="测试甲",
        follow_up_consent=consent,
        by=draft.user,
        now=now,
    )


def approve(draft, *, now=NOW):
    return journey.approve(application=own(draft), by=reviewer(), now=now)


def promise(draft, *, now=NOW):
    """Submit and approve. The pass."""
    submit(draft, now=now)
    return approve(draft, now=now)


def refuse(draft, *, now=NOW):
    return journey.refuse(
        application=own(draft), clause="for_work", note="", by=reviewer(), now=now
    )


def ask_for_more(draft, *, now=NOW):
    journey.ask_for_more(application=own(draft), text="请补充材料", by=reviewer(), now=now)


def resubmit(draft, *, now=NOW):
    return journey.resubmit(application=own(draft), by=draft.user, now=now)


def withdraw(draft, *, now=NOW):
    journey.withdraw(application=own(draft), by=draft.user, now=now)


def scan(
    station,
    code,
    action="arrive",
    *,
    nonce="nonce-1",
    at=AFTERNOON,
    device="desk",
    now=None,
    **more,
):
    sent = Sent(
        station=station, device=device, nonce=nonce, code=code, action=action, at=at, **more
    )
    return journey.scan(sent=sent, now=now or at)
