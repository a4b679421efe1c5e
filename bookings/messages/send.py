"""Send: a row in the outbox first (in the caller's transaction), then the worker delivers it."""

import datetime as dt
import logging

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import F
from django_q.tasks import async_task

from bookings.messages.models import Message

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 5


class NoCarrier(Exception):
    """No SMS gateway or mail server is configured, or it does not take the message."""


def queue(
    *, user: AbstractBaseUser | None, to: str, key: str, text: str, now: dt.datetime
) -> Message:
    """Put a text for a phone or an e-mail address in the outbox; the same `key` is sent once."""
    message = Message(key=key, user_id=user.pk if user else None, to=to, text=text, created_at=now)
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return Message.objects.get(key=key)
    async_task("bookings.tasks.deliver", message.pk)
    return message


def deliver(*, message: Message, now: dt.datetime) -> None:
    """Hand a queued message to the carrier, once: delivered messages are left alone."""
    waiting = Message.objects.filter(pk=message.pk, status=Message.Status.QUEUED)
    if waiting.update(attempts=F("attempts") + 1) != 1:
        return
    try:
        _carry(message)
    except NoCarrier:
        if message.attempts + 1 >= MAX_ATTEMPTS:
            waiting.update(status=Message.Status.FAILED)
        raise
    waiting.update(status=Message.Status.SENT, sent_at=now)


def _carry(message: Message) -> None:
    carrier = settings.MAIL_CARRIER if "@" in message.to else settings.SMS_CARRIER
    if carrier == "smtp":
        subject, _, body = message.text.partition("\n")  # a text's first line is its subject
        try:
            send_mail(subject, body.strip() or subject, None, [message.to])
        except OSError as error:  # every SMTP error is one
            raise NoCarrier from error
        return
    if carrier != "outbox":
        raise NoCarrier
    # local mode only (settings.py refuses it in production): the text takes the gateway's place
    logger.info("message %s: %s", message.key, message.text)
