"""The outbox: every message to a person is a row first, then a carrier takes it."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.core.crypto import EncryptedTextField


class Channel(models.TextChoices):
    """By which way somebody is told."""

    SMS = "sms", _("SMS")
    MAIL = "mail", _("E-mail")
    WECHAT = "wechat", _("WeChat")


class Reason(models.TextChoices):
    """Why a message did not go, the last time; a closed list, in words for the manager."""

    NO_CARRIER = "no_carrier", _("No gateway or mail server is set up")
    UNREACHABLE = "unreachable", _("The gateway did not answer")
    BUSY = "busy", _("The gateway takes no more at the moment, or for this number today")
    ACCOUNT = "account", _("The gateway refused our account: keys, balance or permission")
    ADDRESS = "address", _("The number or address does not exist")
    BLOCKED = "blocked", _("The recipient does not let messages through")
    TEMPLATE = "template", _("The gateway does not accept the template, its signature or words")
    UNKNOWN = "unknown", _("The gateway refused, for a reason we do not know")
    STOPPED = "stopped", _("It was stopped while being sent, again and again")


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: dt.datetime) -> "MessageQuerySet":
        """Its moment has come; or whoever was sending it has died."""
        waits = Q(status=Message.Status.QUEUED, next_try_at__lte=now)
        return self.filter(waits | Q(status=Message.Status.SENDING, lease_until__lte=now))

    def late(self, now: dt.datetime) -> "MessageQuerySet":
        """Should have gone some time ago, and is still being tried."""
        return self.filter(status__in=Message.WAITING, ready_at__lte=now - Message.LATE)

    def failed(self, now: dt.datetime) -> "MessageQuerySet":
        """Set apart; an old sign-in code no longer matters to anybody."""
        failed = self.filter(status=Message.Status.FAILED)
        return failed.exclude(kind="code", expires_at__lte=now)

    def stuck(self, now: dt.datetime) -> "MessageQuerySet":
        """What a manager has to look at: failed for good, or late."""
        return self.failed(now) | self.late(now)


class Message(models.Model):
    """One text to one phone or address. `key` makes queueing it twice impossible.

    `to` is a phone number (E.164), an e-mail address or a WeChat openid, as `channel` says.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Too late to be of use")
        SUPERSEDED = "superseded", _("Replaced by a newer one")
        GIVEN_UP = "given_up", _("Given up")

    WAITING = (Status.QUEUED, Status.SENDING)
    LATE = dt.timedelta(minutes=10)

    # None: to somebody who has no account yet
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    # whose managers see to it; None: of nobody's district
    district = models.ForeignKey(
        "bookings.District", null=True, on_delete=models.PROTECT, related_name="+"
    )
    key = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=24)
    language = models.CharField(max_length=10, default="zh-hans")
    channel = models.CharField(max_length=6, choices=Channel, default=Channel.SMS)
    to = EncryptedTextField()
    text = EncryptedTextField()
    params = EncryptedTextField(null=True)  # JSON: what a gateway fills its template with
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    urgent = models.BooleanField(default=False)  # goes at any hour
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField()  # from when on it may go: quiet hours are over
    next_try_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)  # not worth sending from then on
    lease_until = models.DateTimeField(null=True)  # somebody is sending it until then
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    sent_at = models.DateTimeField(null=True)
    carrier = models.CharField(max_length=10, blank=True)  # who took it
    receipt = models.CharField(max_length=100, blank=True)  # the carrier's own number for it
    parts = models.PositiveSmallIntegerField(default=0)
    cost = models.DecimalField(max_digits=8, decimal_places=2, default=0)  # fen

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["status", "created_at"]),
            models.Index(fields=["status", "next_try_at"]),
            models.Index(fields=["district", "status"]),
            models.Index(fields=["user", "kind"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="sending", lease_until__isnull=False)
                | (~Q(status="sending") & Q(lease_until__isnull=True)),
                name="message_lease_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="message_sent_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Contact(models.Model):
    """How somebody wants to be told, where it is not by SMS to the account's number."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact"
    )
    channel = models.CharField(_("tell me by"), max_length=6, choices=Channel, default=Channel.SMS)
    email = EncryptedTextField(null=True)
    email_confirmed_at = models.DateTimeField(null=True)
    openid = EncryptedTextField(null=True)  # of WeChat, for our account there

    class Meta:
        verbose_name = _("way to be told")
        verbose_name_plural = _("ways to be told")
        constraints = [
            models.CheckConstraint(
                condition=Q(channel="sms")
                | Q(channel="mail", email__isnull=False, email_confirmed_at__isnull=False)
                | Q(channel="wechat", openid__isnull=False),
                name="contact_by_a_way_that_is_there",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.channel}"
