"""Queue: a row in the outbox first (in the caller's transaction), then the worker delivers it."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django_q.tasks import async_task

from bookings.messages.contact import reach
from bookings.messages.hours import after_quiet
from bookings.messages.kinds import KINDS
from bookings.messages.models import Channel, Message

if TYPE_CHECKING:
    from bookings.people.models import User


def queue(
    *,
    kind: str,
    key: str,
    params: Mapping[str, object],
    now: dt.datetime,
    user: "User | None" = None,
    to: str = "",
    district_id: int | None = None,
    until: dt.datetime | None = None,
    urgent: bool = False,
) -> Message:
    """Put a message of a kind in the outbox, in the present language; the same `key` is sent once.

    It goes to `to` (a phone number or an e-mail address), else to `user` by the way they have chosen.
    `until`: of no use later than that. `urgent`: at any hour, as the kinds that always are.
    """
    shape, filled = KINDS[kind], {name: str(value) for name, value in params.items()}
    if to:
        channel = Channel.MAIL if "@" in to else Channel.SMS
    else:
        assert user
        channel, to = reach(user, kind)
    urgent = urgent or shape.urgent
    ready = now if urgent else awake(now)
    message = Message(
        key=key,
        kind=kind,
        user=user,
        district_id=district_id,
        language=get_language() or settings.LANGUAGE_CODE,
        channel=channel,
        to=to,
        text=shape.render(filled),
        params=json.dumps({name: filled.get(name, "") for name in shape.parameters}),
        urgent=urgent,
        created_at=now,
        ready_at=ready,
        next_try_at=ready,
        expires_at=until or (now + shape.life if shape.life else None),
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return Message.objects.get(key=key)
    if shape.latest and user:
        former = Message.objects.filter(user=user, kind=kind, status=Message.Status.QUEUED)
        former.exclude(pk=message.pk).update(status=Message.Status.SUPERSEDED)
    if ready <= now:
        async_task("bookings.tasks.deliver", message.pk)
    return message


def awake(moment: dt.datetime) -> dt.datetime:
    """The moment itself, or the end of the quiet hours."""
    return after_quiet(localtime(moment), settings.QUIET_HOURS)
