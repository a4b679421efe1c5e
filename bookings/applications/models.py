"""Step 1, apply: an Application asks for nights at a station, with evidence and a commitment."""

import datetime as dt

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.core.clock import local_date, now
from bookings.core.crypto import EncryptedTextField
from bookings.people.models import Graduate
from bookings.places.models import Channel, District, Station

COMMITMENT_VERSION = "2026-1"


class Purpose(models.TextChoices):
    JOB_SEEKING = "job_seeking", _("Looking for work")
    INTERVIEW = "interview", _("Going to an interview")
    NEW_JOB = "new_job", _("Starting a new job")
    STARTUP = "startup", _("Starting a business")
    OTHER = "other", _("Something else")


class Need(models.TextChoices):
    """What a bed must offer for somebody to be able to sleep in it."""

    LOWER_BUNK = "lower_bunk", _("A lower bunk or a single bed")
    ACCESSIBLE = "accessible", _("A bed that can be reached in a wheelchair")
    GROUND_FLOOR = "ground_floor", _("The ground floor")


class Application(models.Model):
    """What is asked for. It is a draft until it is submitted."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        MORE_ASKED = "more_asked", _("Papers asked for")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Lapsed")

    OPEN = frozenset({Status.IN_REVIEW, Status.MORE_ASKED})

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="applications")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="applications"
    )
    graduate = models.ForeignKey(
        Graduate, null=True, on_delete=models.PROTECT, related_name="applications"
    )
    station = models.ForeignKey(Station, null=True, on_delete=models.PROTECT, related_name="+")
    # whose poster brought them, if one did (applications/channel.py)
    channel = models.ForeignKey(
        Channel, null=True, on_delete=models.PROTECT, related_name="applications"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    purpose = models.CharField(_("why you come"), max_length=12, choices=Purpose, blank=True)
    arrival = models.DateField(_("arrival"), null=True)
    nights = models.PositiveSmallIntegerField(_("nights"), null=True)
    # the interview or the first working day, where there is one and it is known
    needed_on = models.DateField(null=True)
    needs = models.JSONField(default=list)  # kinds of Need
    # whose room is wished for, by the code that the other one gives away
    friend = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    friend_code = models.CharField(max_length=8, null=True, unique=True, editable=False)
    commitment_version = models.CharField(max_length=10, blank=True)
    signature = EncryptedTextField(null=True)
    follow_up_consent = models.BooleanField(default=False)
    # what a reviewer still wants to see: in words, as kinds of Evidence, and since when
    asked_for = models.CharField(max_length=300, blank=True)
    asked_kinds = models.JSONField(default=list)
    asked_at = models.DateTimeField(null=True)
    # what has been typed at the steps so far, right or wrong (applications/draft.py); gone once sent
    answers = EncryptedTextField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True)
    review_due = models.DateField(null=True)
    # whose case it is, and until which instant (eligibility/claim.py)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="cases"
    )
    reviewer_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes = [
            models.Index(fields=["district", "status", "submitted_at"]),
            models.Index(
                fields=["district", "review_due"],
                condition=Q(status="in_review"),
                name="in_review_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(status="draft"), name="one_draft_a_person"
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(
                    graduate__isnull=False,
                    station__isnull=False,
                    arrival__isnull=False,
                    nights__isnull=False,  # a check of the database lets NULL pass
                    nights__gte=1,
                    submitted_at__isnull=False,
                )
                & ~Q(commitment_version=""),
                name="submitted_application_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True, reviewer_until__isnull=True)
                | Q(reviewer__isnull=False, reviewer_until__isnull=False),
                name="reviewer_and_until_when_together",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def state(self) -> str:
        """Where it stands for people: once approved, what became of its stay (step 3 makes one);
        before that, whether it waits for nights or is offered some."""
        stay = getattr(self, "stay", None)
        if stay and self.status == self.Status.APPROVED:
            return str(stay.status)
        if stay and self.status in self.OPEN and stay.status in ("waitlisted", "offered"):
            return str(stay.status)
        return self.status

    @property
    def state_label(self) -> str:
        state = self.state
        of_whom: type[models.TextChoices] = (
            self.Status if state == self.status else self.stay.Status
        )
        return str(of_whom(state).label)  # get_status_display looks through all choices each time

    @property
    def answer_by(self) -> dt.date | None:
        """The last day on which we answer: the promised one, or the day of arrival where that is still
        to come and earlier."""
        if self.review_due and self.arrival and self.arrival >= local_date(now()):
            return min(self.review_due, self.arrival)
        return self.review_due

    @property
    def is_needed_outside(self) -> bool:
        """Whether one comes for a day on which one is not here; the day of leaving is one."""
        if not (self.needed_on and self.arrival and self.nights):
            return False
        leaves = self.arrival + dt.timedelta(days=self.nights)
        return not self.arrival <= self.needed_on <= leaves

    @property
    def need_labels(self) -> list[str]:
        """What the bed must offer, in words."""
        return [str(Need(need).label) for need in self.needs]

    @property
    def reference(self) -> str:
        """What a person says on the telephone."""
        return f"A{self.pk:06d}"


def evidence_storage() -> Storage:
    """Evidence is ciphertext on disk."""
    return storages["evidence"]


class Evidence(models.Model):
    """One uploaded paper, encrypted on disk, shown only to its owner and to reviewers."""

    class Kind(models.TextChoices):
        DEGREE = "degree", _("Degree certificate or CHSI report")
        INTERVIEW_NOTICE = "interview_notice", _("Interview notice")
        JOB_FAIR = "job_fair", _("Job fair registration")
        CONTRACT = "contract", _("Contract or job offer")
        BUSINESS_LICENCE = "business_licence", _("Business licence")
        OTHER = "other", _("Other paper")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(_("what it shows"), max_length=20, choices=Kind)
    file = models.FileField(storage=evidence_storage, upload_to="%Y/%m/")
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "sha256"], name="one_evidence_of_a_content"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def is_picture(self) -> bool:
        return self.content_type.startswith("image/")
