"""Step 3, allocate: a Stay is promised nights; RoomNight and BedNight are the inventory itself."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Application
from bookings.core.clock import at_local, local_date
from bookings.people.models import Graduate
from bookings.places.models import Bed, Room, Sex, Station


class StayQuerySet(models.QuerySet["Stay"]):
    def holding(self) -> Self:
        """Stays that hold beds on nights to come."""
        return self.filter(status__in=Stay.HOLDING)

    def lapsing(self, now: dt.datetime) -> Self:
        """Unapproved holds whose time is over."""
        return self.filter(status=Stay.Status.REQUESTED, hold_until__lte=now)

    def to_remind(self, now: dt.datetime) -> Self:
        """Promised stays whose guest has not come yet and may still come today, not reminded yet."""
        evening = at_local(local_date(now), dt.time.max)
        expected = self.filter(status=Stay.Status.PROMISED, reminded_at=None)
        return expected.filter(cutoff_at__gt=now, cutoff_at__lte=evening)

    def missing(self, now: dt.datetime) -> Self:
        """Promised stays whose guest has not come by the cut-off."""
        return self.filter(status=Stay.Status.PROMISED, cutoff_at__lte=now)


class Stay(models.Model):
    """Nights [arrival, departure) held for one graduate. Its beds are its BedNights.

    `cutoff_at` is the instant after which a guest who has not come is a no-show. `given_back` is what
    leaving gave back: [night in ISO, bed], so that a check-out by mistake can be undone;
    `leave_undone_at` when that was done.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Held, in review")
        PROMISED = "promised", _("Promised")
        ARRIVED = "arrived", _("In house")
        LEFT = "left", _("Left")
        WAITLISTED = "waitlisted", _("On the waitlist")
        OFFERED = "offered", _("Offered")
        CANCELLED = "cancelled", _("Cancelled")
        LAPSED = "lapsed", _("Lapsed")
        NO_SHOW = "no_show", _("Did not come")

    MOVABLE = frozenset({Status.REQUESTED, Status.PROMISED, Status.OFFERED})
    HOLDING = MOVABLE | {Status.ARRIVED}
    AHEAD = MOVABLE | {Status.WAITLISTED}  # may still come to something

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="stay")
    graduate = models.ForeignKey(Graduate, on_delete=models.PROTECT, related_name="stays")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="stays")
    status = models.CharField(max_length=10, choices=Status)
    arrival = models.DateField()
    departure = models.DateField()
    hold_until = models.DateTimeField(null=True)
    cutoff_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    given_back = models.JSONField(null=True)
    leave_undone_at = models.DateTimeField(null=True)

    objects = StayQuerySet.as_manager()

    class Meta:
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        indexes = [
            models.Index(fields=["station", "status", "arrival"]),
            models.Index(fields=["status", "hold_until"]),
            models.Index(fields=["status", "cutoff_at"]),
            models.Index(fields=["left_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(departure__gt=F("arrival")), name="stay_has_a_night"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["arrived", "left"]) | Q(arrived_at__isnull=False),
                name="arrived_stay_knows_when",
            ),
            models.CheckConstraint(
                condition=Q(status="left", left_at__isnull=False)
                | ~Q(status="left") & Q(left_at__isnull=True),
                name="left_stay_knows_when",
            ),
            # a night's row names stay and guest together
            models.UniqueConstraint(fields=["id", "graduate"], name="stay_with_its_graduate"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.arrival}–{self.departure}"

    @property
    def nights(self) -> int:
        return (self.departure - self.arrival).days

    @property
    def slept_until(self) -> dt.date:
        """The day after the last night slept, or to be slept."""
        return min(self.departure, local_date(self.left_at)) if self.left_at else self.departure

    @property
    def nights_slept(self) -> int:
        return (self.slept_until - self.arrival).days

    @property
    def nights_given_back(self) -> int:
        return self.nights - self.nights_slept

    def may_undo_leave(self, today: dt.date) -> bool:
        """Whether the guest was checked out today, and it is known what that gave back."""
        if self.left_at is None or self.given_back is None:
            return False
        return local_date(self.left_at) == today and not self.graduate.forgotten_at


class RoomNight(models.Model):
    """The sex of a room on a night: one row where the room has guests, none where it is empty."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="room_nights")
    night = models.DateField()
    sex = models.CharField(max_length=8, choices=Sex)

    class Meta:
        verbose_name = _("room-night")
        verbose_name_plural = _("room-nights")
        constraints = [
            models.UniqueConstraint(fields=["room", "night"], name="one_sex_a_room_night"),
            models.UniqueConstraint(
                fields=["room", "night", "sex"], name="room_night_with_its_sex"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.night} {self.sex}"


class BedNight(models.Model):
    """A bed on a night, taken by a stay.

    Named rules of the database, on both engines: no bed twice, no guest twice (unique), the row's
    sex is its room's of that night, its bed is in its room, its guest is its stay's (migration 0002).
    """

    bed = models.ForeignKey(Bed, on_delete=models.PROTECT, related_name="bed_nights")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="+", db_index=False)
    night = models.DateField()
    sex = models.CharField(max_length=8, choices=Sex)
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="bed_nights")
    graduate = models.ForeignKey(
        Graduate, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = _("bed-night")
        verbose_name_plural = _("bed-nights")
        indexes = [
            models.Index(fields=["room", "night"]),
            models.Index(fields=["night", "stay"], name="bed_night_of_a_stay"),  # for counting
        ]
        constraints = [
            models.UniqueConstraint(fields=["bed", "night"], name="one_stay_a_bed_night"),
            models.UniqueConstraint(fields=["graduate", "night"], name="one_bed_a_guest_night"),
        ]

    def __str__(self) -> str:
        return f"{self.bed_id} {self.night}"


class BedMove(models.Model):
    """A stay that staff moved from one bed to another, from a night on. Moves of one act share a
    `batch` and are undone together. What the planner moves by itself is not kept: nobody has
    learnt of that bed."""

    batch = models.UUIDField()
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="moves")
    from_bed = models.ForeignKey(Bed, on_delete=models.PROTECT, related_name="+")
    to_bed = models.ForeignKey(Bed, on_delete=models.PROTECT, related_name="+")
    first_night = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        indexes = [models.Index(fields=["batch"])]
        constraints = [
            models.UniqueConstraint(fields=["batch", "stay"], name="one_move_of_a_stay_an_act"),
            models.CheckConstraint(
                condition=~Q(from_bed=F("to_bed")), name="move_is_to_another_bed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id}: {self.from_bed_id} → {self.to_bed_id}"
