"""Step 6, follow up: a FollowUp is a question due; an Outcome is what was learnt, an Attempt a call made
to learn it. Both are append-only; only with a check-out that was none goes what was said at it. A Proof is a paper that waits for somebody to look at it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, When
from django.db.models.functions import TruncDate
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import evidence_storage
from bookings.beds.models import Stay
from bookings.core.crypto import EncryptedTextField


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def askable(self) -> Self:
        """Of people whom one can still reach: they have not been forgotten."""
        return self.filter(stay__graduate__forgotten_at=None)

    def unwilling(self) -> Self:
        """Without an answer, of guests who do not consent to be asked: they are to be declined."""
        return self.filter(
            status__in=FollowUp.UNANSWERED, stay__application__follow_up_consent=False
        )

    def given_up(self) -> Self:
        """Called in vain: a wrong number, or so many different days on which nobody answered."""
        calls = Attempt.objects.filter(follow_up=OuterRef("pk"))
        wrong = calls.filter(result=Attempt.Result.WRONG_NUMBER)
        silent = calls.filter(result=Attempt.Result.NO_ANSWER).values("follow_up")
        days = silent.annotate(days=Count(TruncDate("at"), distinct=True))
        return self.filter(Exists(wrong) | Exists(days.filter(days__gte=FollowUp.TRIES)))

    def scheduled(self) -> Self:
        """Without what was said while leaving: that is a plan, not what became of it."""
        return self.filter(horizon__gt=FollowUp.AT_LEAVING)


class FollowUp(models.Model):
    """A question due `horizon` days after leaving, asked only of those who consented.

    Horizon 0 is what a guest said while leaving: there is a row only where there is an answer, and it
    is in no published rate. `caller` has the call at hand until `caller_until`.
    """

    AT_LEAVING = 0
    TRIES = 3  # days on which nobody answered: then the question is given up

    class Status(models.TextChoices):
        DUE = "due", _("To be asked")
        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Answered")
        DECLINED = "declined", _("Declined")
        UNREACHABLE = "unreachable", _("Not reached")

    OPEN = (Status.DUE, Status.ASKED)
    UNANSWERED = (*OPEN, Status.UNREACHABLE)

    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="follow_ups")
    horizon = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    status = models.CharField(max_length=12, choices=Status, default=Status.DUE)
    asked_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    caller = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    caller_until = models.DateTimeField(null=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes = [models.Index(fields=["status", "due_on"])]
        constraints = [
            models.UniqueConstraint(fields=["stay", "horizon"], name="one_question_a_horizon"),
            models.CheckConstraint(
                condition=Q(caller=None, caller_until=None)
                | Q(caller__isnull=False, caller_until__isnull=False),
                name="caller_and_until_when_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id} +{self.horizon}"


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def standing(self) -> Self:
        """All but those of a bureau's list that was taken back."""
        return self.exclude(bureau_list__status="undone")

    def ruling_first(self) -> Self:
        """The strongest evidence first, of equal ones the latest: the first one rules. What was
        taken back is not among them."""
        ranked = self.standing().alias(strength=_strength("level"))
        return ranked.order_by("-strength", "-at", "-pk")

    def ruling(self) -> Self:
        """Those that rule, one a question: no other one of the question is stronger, or as strong and
        later. For counting many at once."""
        same = (
            Outcome.objects.standing()
            .filter(follow_up=OuterRef("follow_up"))
            .alias(strength=_strength("level"), ours=_strength(OuterRef("level")))
        )
        later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
        before = Q(strength__gt=F("ours")) | Q(strength=F("ours")) & later
        return self.standing().exclude(Exists(same.filter(before)))


def _strength(level: Any) -> Case:
    ranks = enumerate(Outcome.STRENGTH)
    if isinstance(level, str):
        return Case(*(When(**{level: one}, then=rank) for rank, one in ranks))
    return Case(*(When(Exact(level, one), then=rank) for rank, one in ranks))


class Outcome(models.Model):
    """What was learnt about somebody at a horizon. A stronger or later one supersedes, never erases;
    what was said at a check-out goes with it where that is undone (follow_up.unschedule)."""

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

    class Industry(models.TextChoices):
        MANUFACTURING = "manufacturing", _("Manufacturing")
        CONSTRUCTION = "construction", _("Construction")
        TRADE = "trade", _("Trade, catering, tourism")
        TRANSPORT = "transport", _("Transport and post")
        SOFTWARE = "software", _("Software and internet")
        FINANCE = "finance", _("Finance")
        EDUCATION = "education", _("Education and research")
        HEALTH = "health", _("Health and care")
        PUBLIC = "public", _("Public service")
        OTHER = "other", _("Another industry")

    WORKING = (Kind.EMPLOYED_HERE, Kind.EMPLOYED_CITY, Kind.EMPLOYED_ELSEWHERE)
    DETAILS = ("employer", "employer_code", "post", "industry", "contract_start")
    STRENGTH = (Level.SELF_REPORT, Level.DOCUMENT, Level.SOCIAL_INSURANCE)

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(_("what they do now"), max_length=18, choices=Kind)
    employer = EncryptedTextField(null=True)
    employer_code = models.CharField(_("social credit code"), max_length=18, blank=True)
    post = EncryptedTextField(null=True)
    industry = models.CharField(_("industry"), max_length=13, choices=Industry, blank=True)
    contract_start = models.DateField(_("start of the contract"), null=True)
    source = models.CharField(_("how we know"), max_length=8, choices=Source)
    level = models.CharField(_("evidence"), max_length=16, choices=Level)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    bureau_list = models.ForeignKey(
        "bookings.BureauList", null=True, on_delete=models.PROTECT, related_name="outcomes"
    )

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        get_latest_by = ("at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(source="self"), name="staff_outcome_names_who"
            ),
            models.UniqueConstraint(fields=["bureau_list", "follow_up"], name="one_answer_a_list"),
            models.CheckConstraint(
                condition=Q(bureau_list__isnull=True)
                | Q(source="register", level="social_insurance"),
                name="listed_answer_is_the_registers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} {self.kind}"

    @property
    def details(self) -> dict[str, Any]:
        """What was said beside the answer itself."""
        return {name: getattr(self, name) for name in self.DETAILS}


class Attempt(models.Model):
    """One call, or its being passed on: who, when, and what came of it. Rows are added, never changed."""

    class Result(models.TextChoices):
        REACHED = "reached", _("Reached")
        NO_ANSWER = "no_answer", _("No answer")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        CALL_BACK = "call_back", _("Call back")
        REFUSED = "refused", _("Does not want to be asked")
        PASSED_ON = "passed_on", _("Passed on")

    CALLS = (
        *(Result.REACHED, Result.NO_ANSWER, Result.WRONG_NUMBER),
        *(Result.CALL_BACK, Result.REFUSED),
    )

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    result = models.CharField(_("what came of it"), max_length=12, choices=Result)
    call_back_at = models.DateTimeField(null=True)
    note = EncryptedTextField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        indexes = [models.Index(fields=["by", "at"])]
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "number"], name="one_attempt_of_a_number"),
            models.CheckConstraint(
                condition=Q(result="call_back", call_back_at__isnull=False)
                | ~Q(result="call_back") & Q(call_back_at=None),
                name="call_back_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} #{self.number} {self.result}"


class Proof(models.Model):
    """A paper that somebody added to an answer, ciphertext on disk. It is kept until a staff member has
    looked at it: then the answer stands as shown by a document or it does not, and the paper goes."""

    outcome = models.OneToOneField(Outcome, on_delete=models.PROTECT, related_name="proof")
    file = models.FileField(storage=evidence_storage, upload_to="proofs/%Y/%m/")
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")

    def __str__(self) -> str:
        return f"proof of {self.outcome_id}"
