"""Who: User (signs in), Graduate (is judged and lodged), Membership (staff and their scope)."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.core.crypto import EncryptedTextField, keyed_hash
from bookings.places import regions
from bookings.places.models import District, Sex, Station


class UserManager(BaseUserManager["User"]):
    def by_phone(self, phone: str) -> "User | None":
        return self.filter(phone_hash=keyed_hash(phone, "phone")).first()

    def sign_up(self, phone: str) -> "User":
        """The account of a phone number (E.164), made if there is none yet."""
        digest = keyed_hash(phone, "phone")
        return self.get_or_create(phone_hash=digest, defaults={"phone": phone, "password": "!"})[0]

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Graduates sign in by phone and code, staff by e-mail and password."""

    phone = EncryptedTextField(null=True)
    phone_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    phone_verified = models.BooleanField(default=False)
    email = models.EmailField(_("e-mail"), null=True, unique=True)
    name = models.CharField(_("name of a staff member"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    is_staff = models.BooleanField(_("may open the technical admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(phone__isnull=True, phone_hash__isnull=True)
                | Q(phone__isnull=False, phone_hash__isnull=False),
                name="phone_and_its_hash_together",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or f"#{self.pk}"


class DocumentType(models.TextChoices):
    RESIDENT_ID = "resident_id", _("Resident identity card")
    HMT_RESIDENCE_PERMIT = (
        "hmt_residence_permit",
        _("Residence permit for Hong Kong, Macau and Taiwan residents"),
    )
    HK_MACAU_TRAVEL_PERMIT = (
        "hk_macau_travel_permit",
        _("Mainland travel permit for Hong Kong and Macau residents"),
    )
    TAIWAN_TRAVEL_PERMIT = "taiwan_travel_permit", _("Mainland travel permit for Taiwan residents")
    FOREIGN_PERMANENT_RESIDENT = (
        "foreign_permanent_resident",
        _("Foreign permanent resident identity card"),
    )
    PASSPORT = "passport", _("Passport")


class Degree(models.TextChoices):
    SECONDARY_VOCATIONAL = "secondary_vocational", _("Secondary vocational school")
    JUNIOR_COLLEGE = "junior_college", _("Junior college")
    BACHELOR = "bachelor", _("Bachelor")
    MASTER = "master", _("Master")
    DOCTOR = "doctor", _("Doctor")


class DegreeProof(models.TextChoices):
    """How a degree is shown: a code that opens the report on CHSI, or a paper."""

    CHSI = "chsi", _("CHSI online verification code")
    DIPLOMA = "diploma", _("Photo of the certificate or report")
    FOREIGN = "foreign", _("Degree from abroad, with its certification")


LONG_TERM = dt.date(9999, 12, 31)  # a document that is valid for good


class Graduate(models.Model):
    """A person of one district: one row per identity document.

    `nights_taken` counts the nights used and promised (its BedNights); the database keeps it within
    `nights_allowed`, whatever two requests do at once.
    """

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="graduates")
    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="graduate"
    )
    name = EncryptedTextField()
    doc_type = models.CharField(_("kind of document"), max_length=32, choices=DocumentType)
    doc_number = EncryptedTextField()
    doc_hash = models.CharField(max_length=64, editable=False)
    doc_until = models.DateField(_("document valid until"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=8, choices=Sex)
    birth_date = models.DateField(_("date of birth"))
    hukou_code = models.CharField(_("registered home"), max_length=6, blank=True)
    # only what the guest register asks for at the desk, where it is missing
    nationality = models.CharField(_("nationality"), max_length=3, blank=True)
    address = EncryptedTextField(null=True)  # the home's line on the card
    guardian_name = EncryptedTextField(null=True)  # of a guest under 18
    guardian_phone = EncryptedTextField(null=True)
    degree = models.CharField(_("highest degree"), max_length=24, choices=Degree)
    university = models.CharField(_("university or school"), max_length=80)
    graduation_date = models.DateField(_("date of graduation"))
    degree_proof = models.CharField(
        _("how the degree is proven"), max_length=8, choices=DegreeProof, blank=True
    )
    chsi_code = EncryptedTextField(null=True)  # it opens the whole report to whoever has it
    chsi_until = models.DateField(_("CHSI code valid until"), null=True, blank=True)
    certificate_number = EncryptedTextField(null=True)  # of a degree from abroad, where given
    has_home = models.BooleanField(_("fixed home in the district"))
    forgotten_at = models.DateTimeField(null=True, editable=False)
    nights_allowed = models.PositiveSmallIntegerField(default=0, editable=False)
    nights_taken = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("graduate")
        verbose_name_plural = _("graduates")
        constraints = [
            models.UniqueConstraint(fields=["district", "doc_hash"], name="one_person_a_document"),
            models.CheckConstraint(
                condition=Q(nights_taken__lte=F("nights_allowed")),
                name="nights_within_the_allowance",
            ),
            models.CheckConstraint(condition=Q(sex__in=Sex.values), name="graduate_sex_known"),
            models.CheckConstraint(
                condition=Q(degree_proof="chsi", chsi_code__isnull=False, chsi_until__isnull=False)
                | Q(
                    degree_proof__in=["", "diploma", "foreign"],
                    chsi_code__isnull=True,
                    chsi_until__isnull=True,
                ),
                name="chsi_code_with_its_last_day",
            ),
            models.CheckConstraint(
                condition=Q(guardian_name__isnull=True, guardian_phone__isnull=True)
                | Q(guardian_name__isnull=False, guardian_phone__isnull=False),
                name="guardian_has_name_and_phone",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def hukou(self) -> str:
        """The registered home in words; empty where there is none."""
        return regions.name(self.hukou_code)

    @property
    def masked_number(self) -> str:
        """The document number as it may be shown: its first and last characters only."""
        return mask_number(self.doc_number)

    @property
    def masked_name(self) -> str:
        return _masked_name(self.name)

    @property
    def masked_guardian(self) -> str:
        """A guardian's name and phone as they may be shown; empty where none is noted."""
        if not self.guardian_name or not self.guardian_phone:
            return ""
        return f"{_masked_name(self.guardian_name)} ****{self.guardian_phone[-4:]}"


def mask_number(number: str) -> str:
    """Its first and last characters: six of an identity number, never more than a third."""
    shown = min(len(number) // 3, 6)
    first = shown // 3
    last = number[first - shown :] if shown else ""
    return f"{number[:first]}{'*' * max(len(number) - shown, 4)}{last}"


def _masked_name(name: str) -> str:
    return f"{name[:1]}{'*' * max(len(name) - 1, 1)}"


class Suspension(models.Model):
    """Someone may not stay until a day, for a reason, decided by somebody."""

    graduate = models.ForeignKey(Graduate, on_delete=models.CASCADE, related_name="suspensions")
    until = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")

    def __str__(self) -> str:
        return f"{self.graduate_id} → {self.until}"


class Role(models.TextChoices):
    REVIEWER = "reviewer", _("Reviewer")
    CLERK = "clerk", _("Desk clerk")
    MANAGER = "manager", _("League manager")
    OBSERVER = "observer", _("Observer")


class Membership(models.Model):
    """What a staff member may do (role) and where (district; for clerks: which stations; for
    observers: which districts besides)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="membership")
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(_("role"), max_length=8, choices=Role)
    stations = models.ManyToManyField(Station, blank=True, related_name="clerks")
    observes = models.ManyToManyField(District, blank=True, related_name="observers")
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("staff membership")
        verbose_name_plural = _("staff memberships")

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class CodeCount(models.Model):
    """How many sign-in codes of a budget went out on a day (UTC). Not to whom."""

    class Who(models.TextChoices):
        NEW = "new"
        KNOWN = "known"

    day = models.DateField()
    who = models.CharField(max_length=5, choices=Who)
    sent = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of sign-in codes")
        verbose_name_plural = _("counts of sign-in codes")
        constraints = [
            models.UniqueConstraint(fields=["day", "who"], name="one_count_of_codes_a_day"),
            models.CheckConstraint(
                condition=Q(who__in=["new", "known"]), name="code_count_of_a_budget"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.who}: {self.sent}"
