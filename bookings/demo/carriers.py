"""Sample messages: two months of what a gateway took, some that did not go, one that is tried still."""

import datetime as dt
from decimal import Decimal

from bookings.messages.models import Channel, Message, Reason
from bookings.people.models import User
from bookings.places.models import District

PRICE = Decimal("4.5")
STUCK = [
    ("approved", Channel.SMS, "+8613900009901", "failed", Reason.ADDRESS, 1),
    ("more_asked", Channel.SMS, "+8613900009902", "failed", Reason.TEMPLATE, 1),
    ("invitation", Channel.MAIL, "colleague@example.test", "failed", Reason.UNREACHABLE, 10),
    ("follow_up", Channel.SMS, "+8613900009903", "queued", Reason.BUSY, 4),
]


def carriers(district: District, user: User, *, now: dt.datetime) -> None:
    Message.objects.bulk_create(
        [
            *(_sent(district, user, now - dt.timedelta(days=day), day) for day in range(1, 40)),
            *(_stuck(district, now, number, *one) for number, one in enumerate(STUCK)),
        ]
    )


def _sent(district: District, user: User, moment: dt.datetime, day: int) -> Message:
    by_sms = day % 4 > 0
    return Message(
        user=user,
        district=district,
        key=f"sample-sent:{day}",
        kind="approved",
        channel=Channel.SMS if by_sms else Channel.MAIL,
        to="+8613900009900" if by_sms else "guest@example.test",
        text="青年驿站：样例",
        status=Message.Status.SENT,
        created_at=moment,
        ready_at=moment,
        next_try_at=moment,
        sent_at=moment,
        attempts=1,
        carrier="alibaba" if by_sms else "smtp",
        parts=2 if by_sms else 0,
        cost=2 * PRICE if by_sms else 0,
    )


def _stuck(
    district: District,
    now: dt.datetime,
    number: int,
    kind: str,
    channel: str,
    to: str,
    status: str,
    reason: str,
    attempts: int,
) -> Message:
    began = now - dt.timedelta(minutes=30 + number)
    return Message(
        district=district,
        key=f"sample-stuck:{number}",
        kind=kind,
        channel=channel,
        to=to,
        text="青年驿站：样例",
        status=status,
        created_at=began,
        ready_at=began,
        next_try_at=now + dt.timedelta(hours=2),
        attempts=attempts,
        reason=reason,
    )
