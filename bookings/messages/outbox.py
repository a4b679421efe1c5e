"""The outbox: each message is delivered once, again later, or set apart for a manager.

Whoever delivers a message holds it for some minutes (`lease_until`); two never hold one. A worker that
dies while sending lets its lease run out, and the message is tried again: it may have gone already. No
text, number or address is logged.
"""

import datetime as dt
import json
import logging
import time
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_q.tasks import async_task

from bookings.core import audit
from bookings.core.clock import now as present
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged
from bookings.messages.carriers import CARRIERS, Later, Letter, Never, Untaken
from bookings.messages.contact import reach
from bookings.messages.hours import MAX_ATTEMPTS, back_off
from bookings.messages.kinds import CHOSEN, KINDS, THEIR_CHOICE
from bookings.messages.models import Channel, Message, Reason
from bookings.messages.parts import parts
from bookings.messages.send import awake

if TYPE_CHECKING:
    from bookings.people.models import User
    from bookings.places.models import District

logger = logging.getLogger(__name__)
Status = Message.Status
LEASE = dt.timedelta(minutes=3)  # above what a carrier takes at most
AT_ONCE = 50  # seconds that one run may take: the next begins after a minute
DICE = Random()


class TooLate(Refusal):
    code = "too_late"
    sentence = gettext_lazy("This message is of no use any more. Ask the person to begin again.")


def deliver(*, message: Message, now: dt.datetime) -> None:
    """Hand a message that is due to its carrier; one that is not, or is being sent, is left alone."""
    held = _claim(message, now)
    if held is None:
        return
    if held.expires_at and held.expires_at <= now:
        _settle(held, status=Status.EXPIRED)
        return
    if _is_replaced(held):
        _settle(held, status=Status.SUPERSEDED)
        return
    _turn_to_today(held)
    try:
        if held.attempts > MAX_ATTEMPTS:  # its workers died
            raise Never(Reason.STOPPED)
        carrier, receipt = _carry(held)
    except Untaken as refusal:
        _put_off(held, refusal, now)
    else:
        _sent(held, carrier, receipt, now)


def send_due() -> int:
    """Deliver what is due, oldest first, as far as one run comes. How many."""
    began, done = time.monotonic(), 0
    due = Message.objects.due(present()).order_by("next_try_at", "pk")
    for message in due.only("pk")[:1000]:
        if time.monotonic() - began > AT_ONCE:
            break
        try:
            deliver(message=message, now=present())
        except Exception:  # one that goes wrong does not keep the others waiting
            logger.exception("message %s cannot be delivered", message.pk)
        done += 1
    return done


def _claim(message: Message, now: dt.datetime) -> Message | None:
    """Hold it for a while, if nobody else does."""
    due = Message.objects.due(now).filter(pk=message.pk)
    lease = {"lease_until": now + LEASE, "attempts": F("attempts") + 1}
    if due.update(status=Status.SENDING, **lease) != 1:
        return None
    return Message.objects.select_related("user").get(pk=message.pk)


def _is_replaced(held: Message) -> bool:
    """A newer one may have been asked for while this one was being tried: an old sign-in code would
    arrive after it."""
    if not held.user or held.kind not in KINDS or not KINDS[held.kind].latest:
        return False
    return Message.objects.filter(user=held.user, kind=held.kind, pk__gt=held.pk).exists()


def _turn_to_today(held: Message) -> None:
    """Nothing goes to a number, an address or a WeChat account that its person has given up while the
    message waited for the morning or for another try."""
    if held.user is None or held.kind not in THEIR_CHOICE:
        return
    by_sms = (Channel.SMS, held.user.phone or "")
    today = by_sms if held.channel == Channel.SMS else reach(held.user, held.kind)
    if today != (held.channel, held.to):
        held.channel, held.to = today
        ours = Message.objects.filter(pk=held.pk, lease_until=held.lease_until)
        ours.update(channel=held.channel, to=held.to)


def _settle(held: Message, **changes: object) -> bool:
    """What became of a message that we hold; nothing where our lease has passed to somebody else."""
    ours = Message.objects.filter(pk=held.pk, status=Status.SENDING, lease_until=held.lease_until)
    return ours.update(lease_until=None, **changes) == 1


def _carry(held: Message) -> tuple[str, str]:
    """The carrier and its receipt. Errors: Later, Never."""
    carrier = {
        Channel.SMS: settings.SMS_CARRIER,
        Channel.MAIL: settings.MAIL_CARRIER,
        Channel.WECHAT: settings.WECHAT_CARRIER,
    }[Channel(held.channel)]
    if carrier not in CARRIERS:
        raise Later(Reason.NO_CARRIER)
    return carrier, CARRIERS[carrier](_letter(held))


def _letter(held: Message) -> Letter:
    """A mail's subject is the text's first line where it has several, else what it is about."""
    subject, _line, body = held.text.partition("\n")
    if not body:
        with translation.override(held.language):
            about = KINDS[held.kind].about if held.kind in KINDS else ""
            subject, body = _("Youth Station: %(about)s") % {"about": about}, held.text
    sms = held.channel == Channel.SMS
    return Letter(
        key=held.key,
        kind=held.kind,
        language=held.language,
        to=held.to,
        subject=subject,
        text=held.text if sms else body.strip(),
        params=json.loads(held.params or "{}"),
    )


def _sent(held: Message, carrier: str, receipt: str, now: dt.datetime) -> None:
    count = parts(held.text, settings.SMS_SIGNATURE) if held.channel == Channel.SMS else 0
    price = Decimal(0) if carrier == "outbox" else settings.SMS_PRICE_FEN
    _settle(
        held,
        status=Status.SENT,
        sent_at=now,
        carrier=carrier,
        receipt=receipt[:100],
        reason="",
        parts=count,
        cost=count * price,
    )


def _put_off(held: Message, refusal: Untaken, now: dt.datetime) -> None:
    """Again later; or by SMS, where the way somebody has chosen does not work (what is urgent does not
    wait for it); or not at all."""
    reason, falls_back = refusal.reason, _falls_back(held)
    patient = held.attempts < MAX_ATTEMPTS and not (held.urgent and falls_back)
    if isinstance(refusal, Later) and patient:
        again = now + back_off(held.attempts, DICE)
        again = again if held.urgent else awake(again)
        _settle(held, status=Status.QUEUED, next_try_at=again, reason=reason)
    elif falls_back:
        phone = held.user.phone  # type: ignore[union-attr]
        _settle(
            held,
            status=Status.QUEUED,
            channel=Channel.SMS,
            to=phone,
            attempts=0,
            next_try_at=now if held.urgent else awake(now),
            reason=reason,
        )
    else:
        _settle(held, status=Status.FAILED, reason=reason)
    logger.warning("message %s (%s, %s): %s", held.pk, held.kind, held.channel, reason.value)


def _falls_back(held: Message) -> bool:
    chosen = held.kind in KINDS and KINDS[held.kind].by == CHOSEN
    return chosen and held.channel != Channel.SMS and bool(held.user and held.user.phone)


@transaction.atomic
def resend(*, message: Message, by: "User", now: dt.datetime) -> None:
    """A manager has it tried again at once, from the beginning; pressed twice it goes once.

    Errors: TooLate, StateChanged (it goes at this moment, or has gone).
    """
    if message.expires_at and message.expires_at <= now:
        raise TooLate
    apart = Q(status=Status.FAILED) | Q(status=Status.QUEUED, next_try_at__gt=now)
    rows = Message.objects.filter(apart, pk=message.pk)
    again = {"status": Status.QUEUED, "attempts": 0, "ready_at": now, "next_try_at": now}
    if rows.update(**again, **_where_now(message)) != 1:
        raise StateChanged
    async_task("bookings.tasks.deliver", message.pk)
    _log("resend message", message, by=by, now=now)


def _where_now(message: Message) -> dict[str, str]:
    """Where it goes by what the person has chosen since: nothing goes to a number given up."""
    if message.user is None or message.kind not in THEIR_CHOICE:
        return {}
    channel, to = reach(message.user, message.kind)
    return {"channel": channel, "to": to}


@transaction.atomic
def give_up(*, message: Message, by: "User", now: dt.datetime) -> None:
    """It is not tried any more. Errors: StateChanged."""
    rows = Message.objects.filter(pk=message.pk, status__in=[Status.FAILED, Status.QUEUED])
    if rows.update(status=Status.GIVEN_UP) != 1:
        raise StateChanged
    _log("give up message", message, by=by, now=now)


def _log(action: str, message: Message, *, by: "User", now: dt.datetime) -> None:
    audit.record(
        action, message, by=by, now=now, district_id=message.district_id, kind=message.kind
    )


@dataclass(frozen=True)
class Waiting:
    """failed: set apart for a manager; late: still tried, for ten minutes and more; expired: not
    sent in time within the last hour."""

    failed: int
    late: int
    expired: int


def waiting(now: dt.datetime, district: "District | None" = None) -> Waiting:
    """How many messages somebody should look at, of a district or of all."""
    rows = Message.objects.filter(district=district) if district else Message.objects.all()
    hour_ago = now - dt.timedelta(hours=1)
    lately = rows.filter(expires_at__gt=hour_ago, expires_at__lte=now)
    return Waiting(
        failed=rows.failed(now).count(),
        late=rows.late(now).count(),
        expired=lately.filter(status__in=[Status.EXPIRED, Status.FAILED]).count(),
    )
