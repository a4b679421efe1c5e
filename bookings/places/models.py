"""Where: District, Station, Room, Bed, Closure; and by which rules: Policy."""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

MOST_NIGHTS = 30  # of a stay, and of all stays that a policy gives


class Bilingual(models.Model):
    """A thing with a name in Chinese and in English."""

    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=120)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_zh

    def __str__(self) -> str:
        return self.name


class DistrictQuerySet(models.QuerySet["District"]):
    def serving(self, day: dt.date, *, code: str = "") -> "District | None":
        """The district that takes applications on `day`: that of the code, else the first with a
        policy in force."""
        open_ones = self.filter(policies__valid_from__lte=day).order_by("pk")
        return (open_ones.filter(code=code) if code else open_ones).first()


class District(Bilingual):
    """The area a league committee serves; everything else belongs to one."""

    code = models.CharField(_("GB/T 2260 code"), max_length=6, unique=True)
    merged_codes = models.JSONField(_("codes merged into it"), default=list, blank=True)
    issuer_zh = models.CharField(_("committee's name in Chinese"), max_length=80)
    issuer_en = models.CharField(_("committee's name in English"), max_length=160)
    hotline = models.CharField(_("telephone"), max_length=30)
    register_format = models.CharField(  # one of bookings/desk/register/formats
        _("file for the police register"), max_length=20, default="generic_xlsx"
    )

    objects = DistrictQuerySet.as_manager()

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")

    @property
    def issuer(self) -> str:
        return self.issuer_en if get_language() == "en" else self.issuer_zh

    @property
    def codes(self) -> frozenset[str]:
        return frozenset([self.code, *self.merged_codes])


class StationQuerySet(models.QuerySet["Station"]):
    def names(self) -> dict[str, str]:
        """By slug, as `name` says them: there may be hundreds, of which no more is asked for."""
        name = "name_en" if get_language() == "en" else "name_zh"
        return dict(self.values_list("slug", name))


class Station(Bilingual):
    """A lodging place of the district."""

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="stations")
    slug = models.SlugField(unique=True)
    address_zh = models.CharField(_("address in Chinese"), max_length=200)
    address_en = models.CharField(_("address in English"), max_length=200)
    phone = models.CharField(_("telephone"), max_length=30)
    check_in_from = models.TimeField(_("check-in from"), default=dt.time(14))
    check_out_by = models.TimeField(_("check-out by"), default=dt.time(12))
    rules_zh = models.TextField(_("house rules in Chinese, one a line"))
    rules_en = models.TextField(_("house rules in English, one a line"))
    is_open = models.BooleanField(_("takes applications"), default=True)
    # how often nights were given back, and up to which of these the waitlist has been gone through
    freed = models.PositiveIntegerField(default=0, editable=False)
    freed_served = models.PositiveIntegerField(default=0, editable=False)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        ordering = ["pk"]

    @property
    def address(self) -> str:
        return self.address_en if get_language() == "en" else self.address_zh

    @property
    def house_rules(self) -> list[str]:
        text = self.rules_en if get_language() == "en" else self.rules_zh
        return [line for line in text.splitlines() if line]


class Channel(models.Model):
    """Who sends graduates to us, by a code on a poster of theirs: a university, a talent station. An
    application knows the code that it came by, and no more of it."""

    class Kind(models.TextChoices):
        UNIVERSITY = "university", _("University")
        TALENT_STATION = "talent_station", _("Talent station")
        OTHER = "other", _("Another partner")

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="channels")
    code = models.CharField(max_length=8, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind, default=Kind.UNIVERSITY)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            models.UniqueConstraint(fields=["district", "name"], name="one_channel_of_a_name"),
            models.CheckConstraint(
                condition=Q(kind__in=["university", "talent_station", "other"]),
                name="channel_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Sex(models.TextChoices):
    WOMEN = "women", _("Women")
    MEN = "men", _("Men")


class RoomSex(models.TextChoices):
    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    FLEXIBLE = "flexible", _("Flexible")


class Room(models.Model):
    """Women's, men's or flexible (its sex is fixed night by night by its guests)."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("name"), max_length=20)
    floor = models.SmallIntegerField(_("floor"), default=1)
    sex = models.CharField(_("for"), max_length=8, choices=RoomSex, default=RoomSex.FLEXIBLE)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        constraints = [
            models.UniqueConstraint(fields=["station", "name"], name="one_room_of_a_name"),
            models.CheckConstraint(condition=Q(sex__in=RoomSex.values), name="room_sex_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Bed(models.Model):
    """One bed, listed and committed to the programme."""

    class Kind(models.TextChoices):
        UPPER = "upper", _("Upper bunk")
        LOWER = "lower", _("Lower bunk")
        SINGLE = "single", _("Single bed")

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="beds")
    name = models.CharField(_("name"), max_length=20)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.SINGLE)
    is_accessible = models.BooleanField(_("accessible"), default=False)

    class Meta:
        verbose_name = _("bed")
        verbose_name_plural = _("beds")
        constraints = [
            models.UniqueConstraint(fields=["room", "name"], name="one_bed_of_a_name"),
            # what a night's row of a bed refers to, so that bed and room belong together
            models.UniqueConstraint(fields=["id", "room"], name="bed_with_its_room"),
        ]

    def __str__(self) -> str:
        return f"{self.room.name}-{self.name}"


class Closure(models.Model):
    """A bed, or a whole room, out of use for the nights [first_night, until)."""

    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.CASCADE)
    bed = models.ForeignKey(Bed, null=True, blank=True, on_delete=models.CASCADE)
    first_night = models.DateField(_("first night"))
    until = models.DateField(_("in use again from"))
    reason = models.CharField(_("reason"), max_length=100)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("first_night")), name="closure_has_nights"
            ),
            models.CheckConstraint(
                condition=Q(room__isnull=True, bed__isnull=False)
                | Q(room__isnull=False, bed__isnull=True),
                name="closure_of_a_room_or_a_bed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room or self.bed} {self.first_night}–{self.until}"


class PolicyQuerySet(models.QuerySet["Policy"]):
    def in_force(self, district: District | int, day: dt.date) -> "Policy":
        """The version that holds on `day`. Errors: Policy.DoesNotExist."""
        of_then = self.filter(district=district, valid_from__lte=day).select_related("district")
        return of_then.latest("valid_from", "version")


class Policy(models.Model):
    """The dated rules of a district; a draft while it has no day. Never edited once used: a database
    rule refuses it."""

    class Period(models.TextChoices):
        LIFETIME = "lifetime", _("Once in a life")
        YEAR = "year", _("Each calendar year, by the day of arrival")

    class Review(models.TextChoices):
        AUTOMATIC = "automatic", _("Approved at once when every clause passes")
        REVIEWED = "reviewed", _("Reviewed by a person")

    class Queue(models.TextChoices):
        FIRST_COME = "first_come", _("First come, first served")
        NEAREST_DATE = "nearest_date", _("Whose interview or first day is nearest")

    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="policies")
    version = models.PositiveSmallIntegerField(_("version"))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    years_since_graduation = models.PositiveSmallIntegerField(
        _("years since graduation"), default=3
    )
    minimum_degree = models.CharField(_("minimum degree"), max_length=24)
    minimum_age = models.PositiveSmallIntegerField(_("minimum age"), default=18)
    maximum_age = models.PositiveSmallIntegerField(_("maximum age"), null=True, blank=True)
    nights = models.PositiveSmallIntegerField(
        _("nights in all"),
        default=7,
        validators=[
            MinValueValidator(1),
            MaxValueValidator(MOST_NIGHTS, _("A policy gives at most %(limit_value)s nights.")),
        ],
    )
    stays = models.PositiveSmallIntegerField(
        _("stays in all"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    period = models.CharField(
        _("nights and stays are given"), max_length=8, choices=Period, default=Period.LIFETIME
    )
    days_ahead = models.PositiveSmallIntegerField(_("days ahead"), default=20)
    hold_hours = models.PositiveSmallIntegerField(_("hours to bring papers"), default=24)
    arrival_cutoff = models.TimeField(_("no-show after"), default=dt.time(22))
    remind_hours = models.PositiveSmallIntegerField(
        _("hours before that to remind who has not come"), default=4
    )
    waitlist = models.CharField(
        _("order of the waitlist"), max_length=12, choices=Queue, default=Queue.FIRST_COME
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours that an offered bed is kept at most"),
        default=12,
        validators=[MinValueValidator(1)],
    )
    review = models.CharField(_("review"), max_length=10, choices=Review, default=Review.REVIEWED)
    review_days = models.PositiveSmallIntegerField(_("working days to review"), default=2)
    evidence = models.JSONField(
        _("evidence by purpose"), help_text=_("purpose → kinds of evidence, one of which is needed")
    )
    follow_up_days = models.JSONField(_("days after leaving to ask"), default=list)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            models.UniqueConstraint(fields=["district", "version"], name="one_policy_of_a_version"),
            models.UniqueConstraint(
                fields=["district", "valid_from"], name="one_policy_from_a_day"
            ),
            models.UniqueConstraint(
                fields=["district"], condition=Q(valid_from=None), name="one_draft_a_district"
            ),
            models.CheckConstraint(condition=Q(nights__gte=1), name="policy_gives_a_night"),
            models.CheckConstraint(
                condition=Q(nights__lte=MOST_NIGHTS), name="policy_gives_no_more_nights_than_a_stay"
            ),
            models.CheckConstraint(
                condition=Q(stays__isnull=True) | Q(stays__gte=1), name="policy_gives_a_stay"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.district.code} v{self.version}"
