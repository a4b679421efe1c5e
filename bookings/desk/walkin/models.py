"""An application that was made at the desk."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Application


class WalkIn(models.Model):
    """Who registered the guest and when. `nonce` is the page's own: the same press twice, or sent
    again after the network was gone, is one registration."""

    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="walk_in"
    )
    nonce = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("walk-in")
        verbose_name_plural = _("walk-ins")
        constraints = [
            models.UniqueConstraint(fields=["by", "nonce"], name="one_walk_in_a_nonce"),
        ]

    def __str__(self) -> str:
        return f"application {self.application_id}"
