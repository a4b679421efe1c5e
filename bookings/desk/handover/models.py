"""HandoverNote, and who has read it. Text and author never change (migration 0018)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.core.crypto import EncryptedTextField
from bookings.people.models import User
from bookings.places.models import Station


class HandoverNoteQuerySet(models.QuerySet["HandoverNote"]):
    def unread_by(self, user: User) -> Self:
        """Notes of others that this person has not read; nobody reads what is done."""
        return self.filter(done_at=None).exclude(by=user).exclude(reads__by=user)


class HandoverNote(models.Model):
    """What is to be known or done at a station; open until ticked off."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="notes")
    text = EncryptedTextField()  # may name a guest
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = HandoverNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over note")
        verbose_name_plural = _("hand-over notes")
        indexes = [models.Index(fields=["station", "done_at", "at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="done_note_knows_when_and_who",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class HandoverRead(models.Model):
    """Somebody of a later shift has read a note."""

    note = models.ForeignKey(HandoverNote, on_delete=models.CASCADE, related_name="reads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading of a note")
        verbose_name_plural = _("readings of notes")
        constraints = [
            models.UniqueConstraint(fields=["note", "by"], name="one_reading_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.note_id}: {self.by_id}"
