"""A message as a manager may see it: what it is about and why it waits, to whom only by a hint."""

import datetime as dt
from dataclasses import dataclass

from bookings.messages.kinds import KINDS
from bookings.messages.models import Channel, Message


@dataclass(frozen=True)
class Row:
    pk: int
    about: str
    to: str
    channel: str
    status: str
    state: str
    reason: str
    attempts: int
    since: dt.datetime
    next_try_at: dt.datetime | None
    may_resend: bool


def masked(message: Message) -> str:
    """Enough to know again whom one knows: 139****0001, g****@example.test."""
    to = message.to
    if message.channel == Channel.SMS:
        number = to.removeprefix("+86")
        return f"{number[:3]}****{number[-4:]}"
    if message.channel == Channel.MAIL:
        name, _at, host = to.partition("@")
        return f"{name[:1]}****@{host}"
    return "****"


def shown(message: Message, now: dt.datetime) -> Row:
    kind = KINDS.get(message.kind)
    over = message.expires_at is not None and message.expires_at <= now
    waits = message.status == Message.Status.QUEUED
    return Row(
        pk=message.pk,
        about=str(kind.about) if kind else "",
        to=masked(message),
        channel=message.get_channel_display(),
        status=message.status,
        state=message.get_status_display(),
        reason=message.get_reason_display(),
        attempts=message.attempts,
        since=message.ready_at,
        next_try_at=message.next_try_at if waits and message.next_try_at > now else None,
        may_resend=not over and (message.status == Message.Status.FAILED or waits),
    )
