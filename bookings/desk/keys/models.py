"""KeyLoan: a key or locker that a guest has, from when to when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.beds.models import Stay
from bookings.places.models import Station


class KeyLoan(models.Model):
    """A key of a station in a guest's hands; one pair of hands at a time."""

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="key_loans")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="key_loans")
    label = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("key given")
        verbose_name_plural = _("keys given")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "label"],
                condition=Q(returned_at=None),
                name="one_guest_a_key",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, returned_by__isnull=True)
                | Q(returned_at__isnull=False, returned_by__isnull=False),
                name="returned_key_knows_when_and_who",
            ),
        ]

    def __str__(self) -> str:
        return self.label
