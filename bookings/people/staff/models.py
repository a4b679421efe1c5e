"""Invitation: somebody is asked by e-mail to work with a district."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.people.models import Role, User
from bookings.places.models import District, Station


class Invitation(models.Model):
    """Good for one use, for settings.INVITATION_DAYS after it was last sent."""

    class Status(models.TextChoices):
        OPEN = "open", _("Invited")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name of a staff member"), max_length=40)
    role = models.CharField(_("role"), max_length=8, choices=Role)
    stations = models.ManyToManyField(Station, blank=True, related_name="+")
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "email"],
                condition=Q(status="open"),
                name="one_open_invitation_an_address",
            ),
            models.CheckConstraint(
                condition=Q(status="accepted", user__isnull=False)
                | Q(~Q(status="accepted"), user__isnull=True),
                name="accepted_invitation_has_its_account",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"

    @property
    def until(self) -> dt.datetime:
        """The instant from which its link is too old."""
        return self.sent_at + dt.timedelta(days=settings.INVITATION_DAYS)
