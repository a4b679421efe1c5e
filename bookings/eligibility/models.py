"""Step 2, decide: a Decision is findings clause by clause, with the facts and policy version used."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Application
from bookings.core.crypto import EncryptedTextField
from bookings.places.models import Policy


class Decision(models.Model):
    """It never changes (a database rule refuses it); a new one supersedes it.

    `facts` (encrypted JSON) is all that the rules were given: replaying them over `facts` and
    `policy` gives `findings` again. `by` is None where the system decided.
    """

    class Outcome(models.TextChoices):
        APPROVE = "approve", _("Approved")
        REVIEW = "review", _("To be reviewed")
        REFUSE = "refuse", _("Refused")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=8, choices=Outcome)
    facts = EncryptedTextField()
    findings = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["number"]
        get_latest_by = "number"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "number"], name="one_decision_of_a_number"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["approve", "review", "refuse"]),
                name="decision_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.number} {self.outcome}"
