"""Step 2, decide: a Decision is findings clause by clause, with the facts and policy version used."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Application
from bookings.core.crypto import EncryptedTextField
from bookings.places.models import District, Policy


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
        indexes = [
            # all that counting by whom and when needs: the rows themselves are wide with ciphertext
            models.Index(
                fields=["application", "number", "by", "policy", "at"], name="decision_by_whom_when"
            )
        ]
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


class Appeal(models.Model):
    """Why a refused applicant asks for another look: once an application, judged by another person
    than who refused (`against`)."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="appeals")
    against = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.UniqueConstraint(fields=["application"], name="one_appeal_an_application")
        ]

    def __str__(self) -> str:
        return f"#{self.pk} of application {self.application_id}"


class Override(models.Model):
    """A failed clause that one person wants to let pass, for a reason, and another one decides on."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waits for a second person")
        CONFIRMED = "confirmed", _("Confirmed")
        DECLINED = "declined", _("Declined")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="overrides")
    clause = models.CharField(max_length=20)
    reason = EncryptedTextField()
    status = models.CharField(max_length=9, choices=Status, default=Status.WAITING)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(status="waiting"),
                name="one_override_waits",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("proposed_by")), name="override_needs_two_people"
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    status__in=["confirmed", "declined"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="override_knows_who_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.clause} {self.status}"


class Trial(models.Model):
    """A policy draft tried out on a past period's applications (eligibility/policies/trial.py).

    `rules` is the draft as it was tried; it may have changed since. `result` names no person, only
    applications' references.
    """

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="trials")
    against = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField()
    rules = models.JSONField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="trial_begins_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, result__isnull=True)
                | Q(finished_at__isnull=False, result__isnull=False),
                name="finished_trial_has_a_result",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.since}/{self.until}"


class PrecheckCount(models.Model):
    """How many pre-checks of a day came out so. Nothing of the answers is kept, nor who asked."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    outcome = models.CharField(max_length=8, choices=Decision.Outcome)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("count of pre-checks")
        verbose_name_plural = _("counts of pre-checks")
        constraints = [
            models.UniqueConstraint(
                fields=["district", "day", "outcome"], name="one_count_of_a_day_and_outcome"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["approve", "review", "refuse"]),
                name="precheck_outcome_known",
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="precheck_count_counts"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.outcome}: {self.count}"
