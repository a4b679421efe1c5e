"""The audit log: who did what to which thing, when, and why. Rows are added, never changed."""

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from bookings.people.models import User


class AuditEntry(models.Model):
    """One act. `subject` names the thing (`stay:12`); `details` holds no personal data."""

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    district = models.ForeignKey(
        "bookings.District", null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [models.Index(fields=["subject"]), models.Index(fields=["district", "at"])]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


def record(
    action: str,
    subject: models.Model,
    *,
    by: "User | None",
    now: dt.datetime,
    district_id: int | None,
    **details: object,
) -> AuditEntry:
    """Write one entry in the caller's transaction; `by` is None for the worker."""
    name = f"{subject._meta.model_name}:{subject.pk}"
    return AuditEntry.objects.create(
        at=now, by=by, district_id=district_id, action=action, subject=name, details=details
    )
