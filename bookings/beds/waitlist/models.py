"""Waiting for nights, an offer of some, and the wish to be told when some are free."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Application
from bookings.places.models import District, Sex, Station


class WaitQuerySet(models.QuerySet["Wait"]):
    def waiting(self) -> Self:
        return self.filter(status=Wait.Status.WAITING)

    def open(self) -> Self:
        """Those to whom something may still happen."""
        return self.filter(status__in=Wait.OPEN)

    def over(self, today: dt.date) -> Self:
        """Those who wait, or let an offer pass, for days that are gone."""
        return self.filter(status__in=Wait.OPEN, last_arrival__lt=today).exclude(
            status=Wait.Status.OFFERED
        )


class Wait(models.Model):
    """An application without a bed that waits for `nights` nights, arriving on any day from
    `first_arrival` to `last_arrival` (the same day: exactly these nights), at one of the stations.

    `queued_at` is its place where the policy goes by who came first. Who let an offer pass waits on, at
    the end, when they say so. `undecided` says that the planner's time was over, not that no bed was free.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OFFERED = "offered", _("Offered")
        PAUSED = "paused", _("Let an offer pass")
        TAKEN = "taken", _("Taken")
        LEFT = "left", _("Left the waitlist")
        OVER = "over", _("The days are over")

    OPEN = frozenset({Status.WAITING, Status.OFFERED, Status.PAUSED})

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="wait")
    stations = models.ManyToManyField(Station, related_name="waits")
    first_arrival = models.DateField()
    last_arrival = models.DateField()
    nights = models.PositiveSmallIntegerField()
    take_it = models.BooleanField(default=False)  # an offer is taken for them at once
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    queued_at = models.DateTimeField()
    ahead = models.BooleanField(default=False)  # had a bed that was taken away: before all others
    undecided = models.BooleanField(default=False)

    objects = WaitQuerySet.as_manager()

    class Meta:
        verbose_name = _("place on the waitlist")
        verbose_name_plural = _("waitlist")
        indexes = [models.Index(fields=["status", "queued_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_arrival__gte=F("first_arrival")), name="wait_has_a_day"
            ),
            models.CheckConstraint(condition=Q(nights__gte=1), name="wait_is_for_a_night"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.nights} from {self.first_arrival}"

    @property
    def is_exact(self) -> bool:
        return self.first_arrival == self.last_arrival

    @property
    def sex(self) -> str:
        assert self.application.graduate
        return self.application.graduate.sex

    @property
    def until(self) -> dt.date:
        """The last day of departure that would do."""
        return self.last_arrival + dt.timedelta(days=self.nights)

    def arrivals(self, today: dt.date) -> list[dt.date]:
        """The days of arrival that would do and are not gone, the earliest first."""
        first = max(self.first_arrival, today)
        return [first + dt.timedelta(days=n) for n in range((self.last_arrival - first).days + 1)]


class Offer(models.Model):
    """Nights kept for one who waited, until an instant. Its stay holds the beds meanwhile."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        TAKEN = "taken", _("Taken")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Let pass")

    wait = models.ForeignKey(Wait, on_delete=models.PROTECT, related_name="offers")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    arrival = models.DateField()
    nights = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        indexes = [models.Index(fields=["status", "expires_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["wait"], condition=Q(status="open"), name="one_open_offer_a_wait"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="offer_stands_for_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wait_id}: {self.arrival} ×{self.nights}"


class Alert(models.Model):
    """Somebody wants to be told, once, when `nights` nights in a row are free for their sex between
    two days at one of the stations. Nothing is held by it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alerts"
    )
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    stations = models.ManyToManyField(Station, related_name="+")
    sex = models.CharField(max_length=8, choices=Sex)
    first_arrival = models.DateField()
    last_arrival = models.DateField()
    nights = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        indexes = [models.Index(fields=["told_at", "last_arrival"])]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(told_at=None), name="one_open_alert_a_person"
            ),
            models.CheckConstraint(
                condition=Q(last_arrival__gte=F("first_arrival")), name="alert_has_a_day"
            ),
            models.CheckConstraint(condition=Q(nights__gte=1), name="alert_is_for_a_night"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.nights} from {self.first_arrival}"
