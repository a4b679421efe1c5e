"""The outbox: every message to a person is a row first, then a carrier takes it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.core.crypto import EncryptedTextField


class Message(models.Model):
    """One text to one phone or e-mail address. `key` makes sending it twice impossible."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    # None: to somebody who has no account yet
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField(max_length=100, unique=True)
    to = EncryptedTextField()
    text = EncryptedTextField()
    status = models.CharField(max_length=6, choices=Status, default=Status.QUEUED)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["status", "created_at"])]

    def __str__(self) -> str:
        return self.key
