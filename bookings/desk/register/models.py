"""A Registration for each guest who came, and the batches in which they are told to the police."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.beds.models import Stay
from bookings.core.crypto import EncryptedTextField
from bookings.places.models import Station

BY_HAND = "by_hand"  # in place of a format: typed in at the terminal, there is no file


class RegisterBatch(models.Model):
    """Guests who are told to the police together: by one file, or typed in at the terminal."""

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="register_batches")
    format = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    downloaded_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("batch of the register")
        verbose_name_plural = _("batches of the register")
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_by__isnull=True)
                | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="sent_batch_knows_when_and_who",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_by_hand(self) -> bool:
        return self.format == BY_HAND


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def of(self, station: Station) -> Self:
        """Those of a station's guests of whom something is still known."""
        return self.filter(stay__station=station, stay__graduate__forgotten_at=None)

    def to_do(self) -> Self:
        """Those that the police have not been told of, or did not take."""
        return self.filter(state__in=Registration.TO_DO)

    def overdue(self, now: dt.datetime) -> Self:
        return self.to_do().filter(due_at__lt=now)

    def gone(self) -> Self:
        """Guests who were registered and have left, whose departure has not been reported."""
        told = self.filter(state__in=Registration.TOLD, departure_sent_at=None)
        return told.filter(stay__status=Stay.Status.LEFT)

    def owed(self) -> Self:
        """Where the police must still be told something."""
        left = Q(stay__status=Stay.Status.LEFT, departure_sent_at=None)
        return self.filter(Q(state__in=Registration.TO_DO) | Q(state__in=Registration.TOLD) & left)

    def known_to_police(self) -> Self:
        """Those that the police were told of, or may have been: a file that was downloaded and not
        marked as sent is in somebody's hand."""
        in_hand = Q(batch__downloaded_at__isnull=False, batch__sent_at=None) | Q(
            departure_batch__downloaded_at__isnull=False, departure_batch__sent_at=None
        )
        return self.filter(Q(state__in=Registration.TOLD) | in_hand)


class Registration(models.Model):
    """What the police were told of one stay. Who the guest is stands with the graduate alone.

    `room` is the room at arrival, `missing` names what must be asked for before it can be sent.
    """

    class State(models.TextChoices):
        INCOMPLETE = "incomplete", _("Something is missing")
        TO_SEND = "to_send", _("To send")
        SENT = "sent", _("Sent")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Not taken")
        EARLIER = "earlier", _("Before this register was kept")

    TO_DO = frozenset({State.INCOMPLETE, State.TO_SEND, State.REFUSED})
    TOLD = frozenset({State.SENT, State.CONFIRMED})

    stay = models.OneToOneField(Stay, on_delete=models.PROTECT, related_name="registration")
    state = models.CharField(max_length=10, choices=State)
    missing = models.JSONField(default=list)
    room = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField()
    batch = models.ForeignKey(
        RegisterBatch, null=True, on_delete=models.PROTECT, related_name="arrivals"
    )
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(max_length=40, blank=True)
    refusal = EncryptedTextField(null=True)  # why it was not taken: may name the guest
    departure_batch = models.ForeignKey(
        RegisterBatch, null=True, on_delete=models.PROTECT, related_name="departures"
    )
    departure_sent_at = models.DateTimeField(null=True)
    departure_sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        indexes = [models.Index(fields=["state", "due_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["sent", "confirmed", "refused"],
                    sent_at__isnull=False,
                    sent_by__isnull=False,
                )
                | Q(
                    state__in=["incomplete", "to_send", "earlier"],
                    sent_at__isnull=True,
                    sent_by__isnull=True,
                ),
                name="sent_registration_knows_when_and_who",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="confirmed", confirmed_at__isnull=False, confirmed_by__isnull=False
                )
                | ~Q(state="confirmed") & Q(confirmed_at__isnull=True, confirmed_by__isnull=True),
                name="confirmed_registration_knows_when_and_who",
            ),
            models.CheckConstraint(
                condition=Q(departure_sent_at__isnull=True, departure_sent_by__isnull=True)
                | Q(departure_sent_at__isnull=False, departure_sent_by__isnull=False)
                & Q(sent_at__isnull=False),
                name="reported_departure_follows_an_arrival",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id} {self.state}"

    @property
    def file(self) -> int | None:
        """The batch that this guest's arrival, or once that is told departure, was last put into."""
        return self.departure_batch_id if self.state in self.TOLD else self.batch_id
