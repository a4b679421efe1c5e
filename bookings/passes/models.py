"""Step 4, the pass: the signed token behind a stay's QR code."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.beds.models import Stay
from bookings.core.short_code import in_two


class Pass(models.Model):
    """Valid because its stay is; one unrevoked pass a stay; a re-issue revokes the former."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="passes")
    short_code = models.CharField(max_length=8, unique=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("pass")
        verbose_name_plural = _("passes")
        constraints = [
            models.UniqueConstraint(
                fields=["stay"], condition=Q(revoked_at__isnull=True), name="one_valid_pass_a_stay"
            )
        ]

    def __str__(self) -> str:
        return in_two(self.short_code)
