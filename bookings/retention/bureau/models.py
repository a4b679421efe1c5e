"""A list of the bureau: the file until it is read, and what it says of our guests until confirmed."""

import datetime as dt
from operator import attrgetter
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from bookings.core.crypto import EncryptedTextField, SealedField
from bookings.people.models import Graduate
from bookings.places.models import District
from bookings.retention.models import FollowUp, Outcome

STOPPED = dt.timedelta(minutes=5)  # without a word from the worker: it has died


class BureauList(models.Model):
    """One file of the bureau and what became of it.

    Each row read is counted once: `unmatched` (nobody who stayed with us), `declined` (no consent,
    not looked at further), `outside` (no question's day lies in the days insured), `known` (a list
    said so before: its answer is kept like that of a row `matched`, and stands should that list be
    taken back), `matched`, `unreadable`. `slips` names the first unreadable rows: [row, reason].
    """

    class Status(models.TextChoices):
        READING = "reading", _("Being read")
        READY = "ready", _("To be confirmed")
        CONFIRMING = "confirming", _("Being written")
        WRITTEN = "written", _("Written")
        UNDONE = "undone", _("Taken back")
        DISCARDED = "discarded", _("Thrown away")
        FAILED = "failed", _("Could not be read")

    STANDING = (Status.READING, Status.READY, Status.CONFIRMING, Status.WRITTEN)
    MOVING = (Status.READING, Status.CONFIRMING)  # the worker is at it
    COUNTS = ("unmatched", "declined", "outside", "known", "matched", "unreadable")

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="bureau_lists")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=12)  # xlsx, or a CSV's encoding
    as_of = models.DateField()
    status = models.CharField(max_length=10, choices=Status, default=Status.READING)
    size = models.PositiveIntegerField()
    read = models.PositiveIntegerField(default=0)  # bytes
    rows = models.PositiveIntegerField(default=0)
    unmatched = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    outside = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    unreadable = models.PositiveIntegerField(default=0)
    slips = models.JSONField(default=list)
    answers = models.PositiveIntegerField(default=0)  # to write, once confirmed
    written = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    moved_at = models.DateTimeField()  # when the worker last got on with it
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("bureau's list")
        verbose_name_plural = _("bureau's lists")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "digest"],
                condition=Q(status__in=["reading", "ready", "confirming", "written"]),
                name="one_list_of_a_file",
            ),
            models.CheckConstraint(
                condition=Q(
                    rows=F("unmatched")
                    + F("declined")
                    + F("outside")
                    + F("known")
                    + F("matched")
                    + F("unreadable")
                ),
                name="list_rows_add_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["confirming", "written", "undone"],
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                )
                | Q(
                    status__in=["reading", "ready", "discarded", "failed"],
                    confirmed_by__isnull=True,
                    confirmed_at__isnull=True,
                ),
                name="list_knows_who_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(status="undone", undone_by__isnull=False, undone_at__isnull=False)
                | ~Q(status="undone") & Q(undone_by__isnull=True, undone_at__isnull=True),
                name="list_knows_who_took_it_back",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.status}"

    @property
    def not_written(self) -> int:
        """Answers of people who took back their consent or whose document number was corrected
        meanwhile."""
        return self.answers - self.written


class BureauPart(models.Model):
    """A piece of the file, sealed; gone once the file has been read."""

    bureau_list = models.ForeignKey(BureauList, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    sealed = SealedField(context=attrgetter("context"))

    class Meta:
        verbose_name = _("part of a bureau's list")
        verbose_name_plural = _("parts of bureau's lists")
        constraints = [
            models.UniqueConstraint(fields=["bureau_list", "number"], name="one_part_of_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.bureau_list_id}/{self.number}"

    @property
    def context(self) -> str:
        """What it is sealed for: its place in the file."""
        return f"bureau list {self.bureau_list_id}.{self.number}"


class BureauMatchQuerySet(models.QuerySet["BureauMatch"]):
    def of(self, person: Graduate) -> Self:
        """What lists would answer of one person, not written yet."""
        return self.filter(follow_up__stay__graduate=person)

    def contradicting(self) -> Self:
        """Those of which something else is known: `said` is the kind that rules until now."""
        ruling = Outcome.objects.filter(follow_up=OuterRef("follow_up")).ruling_first()
        told = self.annotate(said=Subquery(ruling.values("kind")[:1]))
        return told.exclude(said=None).exclude(said=F("kind"))


class BureauMatch(models.Model):
    """What a list would answer a question with; gone once it is written or thrown away."""

    bureau_list = models.ForeignKey(BureauList, on_delete=models.PROTECT, related_name="matches")
    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="bureau_matches")
    kind = models.CharField(max_length=18, choices=Outcome.Kind)
    employer = EncryptedTextField()
    employer_code = models.CharField(max_length=18, blank=True)
    since = models.DateField()
    row = models.PositiveIntegerField()

    objects = BureauMatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match of a bureau's list")
        verbose_name_plural = _("matches of bureau's lists")
        constraints = [
            models.UniqueConstraint(
                fields=["bureau_list", "follow_up"], name="one_match_a_question"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["employed_here", "employed_city", "employed_elsewhere"]),
                name="match_is_of_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bureau_list_id} {self.follow_up_id} {self.kind}"
