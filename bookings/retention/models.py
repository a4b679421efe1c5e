"""Step 6, follow up: a FollowUp is a question due; an Outcome is what was learnt, append-only."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from bookings.beds.models import Stay
from bookings.core.crypto import EncryptedTextField


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def askable(self) -> Self:
        """Of people whom one can still reach: they have not been forgotten."""
        return self.filter(stay__graduate__forgotten_at=None)


class FollowUp(models.Model):
    """A question due `horizon` days after leaving, asked only of those who consented."""

    class Status(models.TextChoices):
        DUE = "due", _("To be asked")
        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Answered")
        DECLINED = "declined", _("Declined")

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="follow_ups")
    horizon = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    status = models.CharField(max_length=8, choices=Status, default=Status.DUE)
    asked_at = models.DateTimeField(null=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes = [models.Index(fields=["status", "due_on"])]
        constraints = [
            models.UniqueConstraint(fields=["stay", "horizon"], name="one_question_a_horizon"),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id} +{self.horizon}"


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def ruling_first(self) -> Self:
        """The strongest evidence first, of equal ones the latest: the first one rules."""
        return self.alias(strength=_strength("level")).order_by("-strength", "-at", "-pk")

    def ruling(self) -> Self:
        """Those that rule, one a question: no other one of the question is stronger, or as strong and
        later. For counting many at once."""
        same = Outcome.objects.filter(follow_up=OuterRef("follow_up")).alias(
            strength=_strength("level"), ours=_strength(OuterRef("level"))
        )
        later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
        before = Q(strength__gt=F("ours")) | Q(strength=F("ours")) & later
        return self.exclude(Exists(same.filter(before)))


def _strength(level: Any) -> Case:
    ranks = enumerate(Outcome.STRENGTH)
    if isinstance(level, str):
        return Case(*(When(**{level: one}, then=rank) for rank, one in ranks))
    return Case(*(When(Exact(level, one), then=rank) for rank, one in ranks))


class Outcome(models.Model):
    """What was learnt about somebody at a horizon. A stronger or later one supersedes, never erases."""

    class Kind(models.TextChoices):
        EMPLOYED_HERE = "employed_here", _("Working in the district")
        EMPLOYED_CITY = "employed_city", _("Working elsewhere in the city")
        EMPLOYED_ELSEWHERE = "employed_elsewhere", _("Working elsewhere")
        LOOKING = "looking", _("Still looking for work")
        STUDYING = "studying", _("Studying")

    class Source(models.TextChoices):
        SELF = "self", _("Own answer by link")
        PHONE = "phone", _("Telephone call")
        VISIT = "visit", _("Visit")
        REGISTER = "register", _("Human-resources bureau's list")

    class Level(models.TextChoices):
        SELF_REPORT = "self_report", _("Said so")
        DOCUMENT = "document", _("Shown by a document")
        SOCIAL_INSURANCE = "social_insurance", _("Social insurance")

    STRENGTH = (Level.SELF_REPORT, Level.DOCUMENT, Level.SOCIAL_INSURANCE)

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(_("what they do now"), max_length=18, choices=Kind)
    employer = EncryptedTextField(null=True)
    employer_code = models.CharField(_("social credit code"), max_length=18, blank=True)
    source = models.CharField(_("how we know"), max_length=8, choices=Source)
    level = models.CharField(_("evidence"), max_length=16, choices=Level)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        get_latest_by = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(source="self"), name="staff_outcome_names_who"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.kind}"
