"""Slots of a service, and the places that stays have booked in them."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bookings.beds.models import Stay
from bookings.core.clock import at_local
from bookings.desk.models import Service

DAY = dt.timedelta(days=1)


class SlotQuerySet(models.QuerySet["Slot"]):
    def standing(self) -> Self:
        """Those not called off, the earliest first."""
        return self.filter(cancelled_at=None).order_by("starts_at", "pk")

    def of_days(self, first: dt.date, last: dt.date) -> Self:
        """Those that begin on the local days from `first` to `last`."""
        begin, end = at_local(first, dt.time.min), at_local(last + DAY, dt.time.min)
        return self.filter(starts_at__gte=begin, starts_at__lt=end)

    def running(self, at: dt.datetime) -> Self:
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def counted(self) -> Self:
        """Each with `booked`, how many of its places are taken."""
        taken = Booking.objects.standing().filter(slot=OuterRef("pk")).order_by().values("slot")
        count = Subquery(taken.annotate(count=Count("pk")).values("count"))
        return self.annotate(booked=Coalesce(count, 0))


class Slot(models.Model):
    """Hours of a service with so many places; a talk or a job fair has a title of its own.

    Once a place in it is booked, its hours and capacity never change (migration 0017): it is called
    off, and another one made.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    title_zh = models.CharField(max_length=60, blank=True)
    title_en = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=60, blank=True)
    cancelled_at = models.DateTimeField(null=True)

    objects = SlotQuerySet.as_manager()
    booked: int  # of `counted`

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "starts_at", "title_zh"],
                condition=Q(cancelled_at=None),
                name="one_slot_of_an_hour",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="slot_has_a_place"),
        ]

    def __str__(self) -> str:
        return f"{localtime(self.starts_at):%Y-%m-%d} {self.hours}"

    @property
    def title(self) -> str:
        return self.title_en if get_language() == "en" else self.title_zh

    @property
    def hours(self) -> str:
        return f"{localtime(self.starts_at):%H:%M}–{localtime(self.ends_at):%H:%M}"

    @property
    def left(self) -> int:
        """Places still to be had; of a slot that was `counted`."""
        return max(self.capacity - self.booked, 0)


class BookingQuerySet(models.QuerySet["Booking"]):
    def standing(self) -> Self:
        """Those that hold a place: a stay that was cancelled, did not come, was shortened or has left
        before the hour holds none, and nobody has to tell its bookings so."""
        here = Q(stay__status__in=[Stay.Status.PROMISED, Stay.Status.ARRIVED])
        was_here = Q(stay__status=Stay.Status.LEFT, stay__left_at__gte=F("slot__starts_at"))
        return self.filter(
            here | was_here,
            cancelled_at=None,
            slot__cancelled_at=None,
            slot__starts_at__date__gte=F("stay__arrival"),
            slot__starts_at__date__lte=F("stay__departure"),
        )

    def ahead(self, now: dt.datetime) -> Self:
        """Standing ones that may still be taken up: not used yet, the slot not over."""
        return self.standing().filter(redemption=None, slot__ends_at__gt=now)


class Booking(models.Model):
    """A place in a slot, held by a stay. `number` is its place among the slot's: never above the
    capacity, never twice (the database sees to both, migration 0017)."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="bookings")
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="bookings")
    number = models.PositiveSmallIntegerField()
    booked_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "stay"],
                condition=Q(cancelled_at=None),
                name="one_booking_of_a_stay",
            ),
            models.UniqueConstraint(
                fields=["slot", "number"],
                condition=Q(cancelled_at=None),
                name="one_booking_of_a_place",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="places_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"slot {self.slot_id}, place {self.number}"
