"""An Incident is what happened in a stay and what was imposed for it; a Complaint is the guest's say."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.beds.models import Stay
from bookings.core.crypto import EncryptedTextField
from bookings.people.models import Graduate, Suspension


class IncidentQuerySet(models.QuerySet["Incident"]):
    def told(self) -> Self:
        """Those that the guest is told of; a note is the house's own."""
        return self.exclude(sanction=Incident.Sanction.NOTE)

    def warnings(self, person: Graduate, today: dt.date) -> Self:
        """A person's warnings that count on a day, from whichever station."""
        given = self.filter(
            stay__graduate=person, sanction=Incident.Sanction.WARNING, expires_on__gt=today
        )
        return given.exclude(complaint__answer=Complaint.Answer.LIFTED)

    def to_decide(self) -> Self:
        """What waits for a manager: a proposal not answered, an appeal not judged."""
        return self.filter(Q(complaint__answer="") | ~Q(proposed="") & Q(answer=None))


class Incident(models.Model):
    """It never changes (a database rule refuses it); only forgetting empties `what`.

    A clerk notes, warns, or proposes more. A manager answers a proposal with an incident of their own
    (`answers`), whose sanction is what was decided, a mere note where nothing follows.
    """

    class Kind(models.TextChoices):
        NOISE = "noise", _("Noise after quiet hours")
        SMOKING = "smoking", _("Smoking")
        VISITOR = "visitor", _("A visitor not registered")
        DAMAGE = "damage", _("Damage")
        DORMITORY = "dormitory", _("Dormitory rules")
        OTHER = "other", _("Something else")

    class Sanction(models.TextChoices):
        NOTE = "note", _("Note only")
        WARNING = "warning", _("Warning")
        LEAVE = "leave_early", _("Leave early")
        SUSPENSION = "suspension", _("Suspension until a day")

    BY_MANAGERS = frozenset({Sanction.LEAVE, Sanction.SUSPENSION})

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="incidents")
    kind = models.CharField(max_length=10, choices=Kind)
    what = EncryptedTextField()
    at = models.DateTimeField()
    sanction = models.CharField(max_length=12, choices=Sanction)
    # the first day on which the sanction does not count any more; None where it has no such day
    expires_on = models.DateField(null=True)
    proposed = models.CharField(max_length=12, choices=Sanction, blank=True)
    answers = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="answer"
    )
    suspension = models.OneToOneField(
        Suspension, null=True, on_delete=models.PROTECT, related_name="incident"
    )
    nonce = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        constraints = [
            models.UniqueConstraint(fields=["by", "nonce"], name="one_incident_a_nonce"),
            models.CheckConstraint(
                condition=Q(sanction__in=["warning", "suspension"], expires_on__isnull=False)
                | Q(sanction__in=["note", "leave_early"], expires_on__isnull=True),
                name="sanction_with_its_last_day",
            ),
            models.CheckConstraint(
                condition=Q(sanction="suspension", suspension__isnull=False)
                | ~Q(sanction="suspension") & Q(suspension__isnull=True),
                name="suspension_is_one",
            ),
            models.CheckConstraint(
                condition=Q(proposed="")
                | Q(proposed__in=["leave_early", "suspension"], sanction__in=["note", "warning"]),
                name="only_more_is_proposed",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} {self.sanction}"

    @property
    def is_told(self) -> bool:
        return self.sanction != self.Sanction.NOTE

    def counts(self, today: dt.date) -> bool:
        """Whether the sanction is in force on a day."""
        said = getattr(self, "complaint", None)
        if not self.is_told or said and said.answer == Complaint.Answer.LIFTED:
            return False
        return self.expires_on is None or self.expires_on > today


class Complaint(models.Model):
    """Why the guest does not agree: once for a sanction, in writing, answered by another person than
    who imposed it."""

    class Answer(models.TextChoices):
        UPHELD = "upheld", _("Upheld")
        LIFTED = "lifted", _("Lifted")

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="complaint")
    reason = EncryptedTextField()
    at = models.DateTimeField()
    answer = models.CharField(max_length=6, choices=Answer, blank=True)
    reply = EncryptedTextField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("appeal against a sanction")
        verbose_name_plural = _("appeals against sanctions")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | Q(
                    answer__in=["upheld", "lifted"],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                ),
                name="complaint_knows_who_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} of incident {self.incident_id}"
