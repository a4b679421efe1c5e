"""Step 5, the desk: every Scan is recorded; Services and their Redemptions."""

import datetime as dt

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bookings.beds.models import Stay
from bookings.passes.models import Pass
from bookings.places.models import Bilingual, Station


class Action(models.TextChoices):
    CHECK = "check", _("Look")
    ARRIVE = "arrive", _("Arrive")
    LEAVE = "leave", _("Leave")
    REDEEM = "redeem", _("Use a service")


class Result(models.TextChoices):
    OK = "ok", _("Welcome")
    WARN = "warn", _("Look twice")
    REFUSED = "refused", _("Not now")


class Reason(models.TextChoices):
    """The one closed list of reasons. wording.py has a sentence for each."""

    FINE = "fine", _("In order")
    TOO_EARLY_TODAY = "too_early_today", _("Before check-in time")
    MINOR = "minor", _("Under 18")
    EVIDENCE_TO_SEE = "evidence_to_see", _("A paper is still to be seen")
    OTHER_NIGHTS = "other_nights", _("Comes later than the first night")
    UNKNOWN = "unknown", _("Unknown code")
    FORGED = "forged", _("Forged code")
    REVOKED = "revoked", _("Replaced code")
    NOT_APPROVED = "not_approved", _("Not approved yet")
    CANCELLED = "cancelled", _("Cancelled")
    LAPSED = "lapsed", _("Lapsed")
    NO_SHOW = "no_show", _("Given up as a no-show")
    ALREADY_ARRIVED = "already_arrived", _("Already arrived")
    ALREADY_LEFT = "already_left", _("Already left")
    LEAVE_UNDONE = "leave_undone", _("Check-out undone since")
    NOT_ARRIVED = "not_arrived", _("Not arrived yet")
    WRONG_STATION = "wrong_station", _("Another station")
    WRONG_DAY = "wrong_day", _("Another day")
    SUSPENDED = "suspended", _("Suspended")
    NO_SUCH_SERVICE = "no_such_service", _("No such service")
    SERVICE_CLOSED = "service_closed", _("Closed now")
    USED_UP = "used_up", _("Used up")
    FULLY_BOOKED = "fully_booked", _("Fully booked")
    CLOCK_OFF = "clock_off", _("Clock is wrong")
    NONCE_REUSED = "nonce_reused", _("Same number for another scan")
    UNREADABLE = "unreadable", _("Cannot be read")


class Device(models.Model):
    """A desk's tablet or another program that sends scans of one station, by a token of its own."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(_("name"), max_length=40)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")

    def __str__(self) -> str:
        return self.name


class Scan(models.Model):
    """One row for every code shown at a desk, accepted or refused. Same device and nonce: one scan.

    `code_hash` is a keyed hash of what was read, never the code itself. `told` and `told_bed` are what a
    desk without the network had shown by then.
    """

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="scans")
    device = models.CharField(max_length=40)
    nonce = models.CharField(max_length=64)
    action = models.CharField(max_length=6, choices=Action)
    code_hash = models.CharField(max_length=64)
    shown_pass = models.ForeignKey(Pass, null=True, on_delete=models.PROTECT, related_name="scans")
    stay = models.ForeignKey(Stay, null=True, on_delete=models.PROTECT, related_name="scans")
    result = models.CharField(max_length=7, choices=Result)
    reason = models.CharField(max_length=16, choices=Reason)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    offline = models.BooleanField(default=False)
    told = models.CharField(max_length=7, choices=Result, blank=True)
    told_bed = models.CharField(max_length=41, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        constraints = [
            models.UniqueConstraint(fields=["device", "nonce"], name="one_scan_a_nonce"),
            models.UniqueConstraint(
                fields=["stay"],
                condition=Q(action="arrive", result__in=["ok", "warn"]),
                name="a_stay_opens_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.result} {self.reason}"


class ServiceQuerySet(models.QuerySet["Service"]):
    def active(self) -> "ServiceQuerySet":
        """What is given at present, in the order of the catalogue."""
        return self.filter(is_active=True).order_by("order", "pk")


class Service(Bilingual):
    """What a station gives besides the bed; its times to book are its Slots (services/models.py).

    `opens` and `closes` are local times of every day; without them it is always open, or, by
    appointment, whenever a slot runs.
    """

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="services")
    code = models.SlugField(max_length=30)
    description_zh = models.CharField(_("in Chinese, what one gets"), max_length=200, blank=True)
    description_en = models.CharField(_("in English, what one gets"), max_length=400, blank=True)
    uses_per_day = models.PositiveSmallIntegerField(
        _("free uses a day"), default=1, validators=[MinValueValidator(1)]
    )
    uses_per_stay = models.PositiveSmallIntegerField(
        _("free uses a stay"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    by_appointment = models.BooleanField(_("by appointment only"), default=False)
    is_active = models.BooleanField(_("given at present"), default=True)
    order = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    version = models.PositiveIntegerField(default=1, editable=False)  # counts the changes

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = [
            models.UniqueConstraint(fields=["station", "code"], name="one_service_of_a_code"),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False, closes__gt=F("opens")),
                name="service_closes_after_it_opens",
            ),
        ]

    @property
    def description(self) -> str:
        return self.description_en if get_language() == "en" else self.description_zh

    @property
    def hours(self) -> str:
        """As read on a door; empty where it is always open."""
        return hours_of(self.opens, self.closes)


def hours_of(opens: dt.time | None, closes: dt.time | None) -> str:
    return f"{opens:%H:%M}–{closes:%H:%M}" if opens else ""


class Redemption(models.Model):
    """One use of a service by a stay; `number` counts the day's uses, so that none is used twice.

    `allowed` is how many uses a day there were then: the catalogue may change, what was counted
    does not. `booking` is the place in a slot that was taken up.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="redemptions")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="redemptions")
    scan = models.OneToOneField(Scan, on_delete=models.PROTECT, related_name="redemption")
    booking = models.OneToOneField(
        "bookings.Booking", null=True, on_delete=models.PROTECT, related_name="redemption"
    )
    day = models.DateField()
    number = models.PositiveSmallIntegerField()
    allowed = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "stay", "day", "number"], name="one_redemption_of_a_number"
            ),
            models.CheckConstraint(
                condition=Q(number__lte=F("allowed")), name="use_within_the_days_uses"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.day}/{self.number}"
