"""A report and its files, who gets it, to whom it went; and what the public page tells."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from bookings.applications.models import evidence_storage
from bookings.core.crypto import EncryptedTextField
from bookings.places.models import District

STOPPED = dt.timedelta(minutes=10)  # without a word from the worker: it has died
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]


class Audience(models.TextChoices):
    INTERNAL = "internal", gettext_lazy("The district's own")
    OUTSIDE = "outside", gettext_lazy("For outside, without small counts")


class Report(models.Model):
    """One version of a period's report for one audience, or one that is still to become a version.

    `period` is the first day of the month or year. `figures` holds all that is printed, in both
    languages: counts and words, nobody's name. Once ready nothing of it ever changes (migration 0028),
    but `checked_at`: when it was last counted again and nothing had changed.
    """

    class Kind(models.TextChoices):
        MONTH = "month", gettext_lazy("Month")
        YEAR = "year", gettext_lazy("Year")

    class State(models.TextChoices):
        QUEUED = "queued", gettext_lazy("Waits for the worker")
        BUILDING = "building", gettext_lazy("Being built")
        READY = "ready", gettext_lazy("Ready")
        FAILED = "failed", gettext_lazy("Could not be built")

    OPEN = (State.QUEUED, State.BUILDING)

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=5, choices=Kind)
    period = models.DateField()
    audience = models.CharField(max_length=8, choices=Audience)
    version = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    requested_by = models.ForeignKey(  # None: the schedule
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # when the worker last got on with it
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)  # of STEPS
    figures = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    data_as_of = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)

    STEPS = 5  # the figures, four files

    class Meta:
        verbose_name = gettext_lazy("report")
        verbose_name_plural = gettext_lazy("reports")
        ordering = ["-period", "kind", "audience", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "kind", "period", "audience", "version"],
                name="one_report_of_a_version",
            ),
            models.UniqueConstraint(
                fields=["district", "kind", "period", "audience"],
                condition=Q(state__in=["queued", "building"]),
                name="one_report_in_the_making",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="ready",
                    version__isnull=False,
                    figures__isnull=False,
                    data_as_of__isnull=False,
                )
                & ~Q(digest="")
                | Q(
                    ~Q(state="ready"),
                    version__isnull=True,
                    figures__isnull=True,
                    data_as_of__isnull=True,
                    digest="",
                ),
                name="ready_report_has_its_figures",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["month", "year"], audience__in=["internal", "outside"]),
                name="report_kind_and_audience_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period} {self.audience} v{self.version or '-'}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def period_name(self) -> str:
        """2026; 2026-03."""
        return f"{self.period:%Y}" if self.kind == self.Kind.YEAR else f"{self.period:%Y-%m}"

    @property
    def check_number(self) -> str:
        """By which paper, sheet and page are known to tell the same figures."""
        return self.digest[:12]


class ReportFile(models.Model):
    """A report as a file in one language, sealed on disk. Never changed."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    language = models.CharField(max_length=10, choices=LANGUAGES)
    kind = models.CharField(max_length=4, choices=Kind)
    file = models.FileField(storage=evidence_storage, upload_to="reports/")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = gettext_lazy("file of a report")
        verbose_name_plural = gettext_lazy("files of reports")
        ordering = ["kind", "-language"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "language", "kind"], name="one_file_of_a_language_and_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.language} {self.kind}"

    @property
    def name(self) -> str:
        """As it is called once downloaded."""
        report = self.report
        language = self.language.partition("-")[0]
        return (
            f"youth-station-{report.period_name}-{report.audience}-v{report.version}"
            f"-{language}.{self.kind}"
        )


class Subscription(models.Model):
    """An address to which each scheduled report goes. Once ended the address is gone."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    email = EncryptedTextField(null=True)
    email_hash = models.CharField(max_length=64, null=True, editable=False)
    audience = models.CharField(
        gettext_lazy("Which report"), max_length=8, choices=Audience, default=Audience.OUTSIDE
    )
    language = models.CharField(
        gettext_lazy("Language"), max_length=10, choices=LANGUAGES, default="zh-hans"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = gettext_lazy("subscription")
        verbose_name_plural = gettext_lazy("subscriptions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "email_hash"], name="one_subscription_of_an_address"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, email__isnull=False, email_hash__isnull=False)
                | Q(ended_at__isnull=False, email__isnull=True, email_hash__isnull=True),
                name="ended_subscription_has_no_address",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Mailing(models.Model):
    """A version went to a subscriber: once, also when the message itself has been deleted."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="mailings")
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = gettext_lazy("mailing")
        verbose_name_plural = gettext_lazy("mailings")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "subscription"], name="a_version_is_sent_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.report_id} → {self.subscription_id}"


class PublicNumbers(models.Model):
    """Which totals the district tells the public, and the totals as counted in the month of `as_of`, its
    first day: of people those of a whole year. Nothing is told that nobody has chosen."""

    district = models.OneToOneField(District, on_delete=models.PROTECT, related_name="numbers")
    guests = models.BooleanField(gettext_lazy("Guests of the year"), default=False)
    nights = models.BooleanField(gettext_lazy("Nights given in the year"), default=False)
    beds = models.BooleanField(gettext_lazy("Stations and beds"), default=False)
    staying = models.BooleanField(
        gettext_lazy("Share who work in the district after 180 days"), default=False
    )
    figures = models.JSONField(null=True, editable=False)
    as_of = models.DateField(null=True, editable=False)

    CHOICES = ("guests", "nights", "beds", "staying")

    class Meta:
        verbose_name = gettext_lazy("public numbers")
        verbose_name_plural = gettext_lazy("public numbers")
        constraints = [
            models.CheckConstraint(
                condition=Q(figures__isnull=True, as_of__isnull=True)
                | Q(figures__isnull=False, as_of__isnull=False),
                name="public_figures_say_as_of_when",
            )
        ]

    def __str__(self) -> str:
        return f"{self.district_id}"
