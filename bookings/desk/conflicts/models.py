"""A Conflict waits for somebody who settles it; it is never deleted."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.core.crypto import EncryptedTextField
from bookings.desk.models import Action, Reason, Result, Scan
from bookings.places.models import Bed

BED_DIFFERS = "bed_differs"


class Way(models.TextChoices):
    """How a conflict is settled. What it does in the house is the journey's."""

    TAKE_IN = "take_in", _("The guest is here: record the arrival")
    SENT_AWAY = "sent_away", _("The guest did not stay")
    SAME_GUEST = "same_guest", _("The same guest was scanned twice")
    COPIED = "copied", _("The code was copied: replace it")
    MOVE = "move", _("Give the guest the bed they sleep in")
    GUEST_TOLD = "guest_told", _("The guest was told the planned bed")
    NOTED = "noted", _("Noted: nothing is to be done")


class ConflictQuerySet(models.QuerySet["Conflict"]):
    def open(self) -> Self:
        return self.filter(way="")


class Conflict(models.Model):
    """A scan that was told well offline and is refused here, or that came with another bed than
    `planned`. Open until a `way` is taken; what was told is on the scan."""

    scan = models.OneToOneField(Scan, on_delete=models.PROTECT, related_name="conflict")
    planned = models.ForeignKey(Bed, null=True, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=10, choices=Way, blank=True)
    note = EncryptedTextField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        constraints = [
            models.CheckConstraint(
                condition=Q(way="", settled_by__isnull=True, settled_at__isnull=True)
                | Q(way__in=Way.values, settled_by__isnull=False, settled_at__isnull=False),
                name="settled_conflict_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind}"

    @property
    def kind(self) -> str:
        """The reason of the refusal, or that the bed differs."""
        return self.scan.reason if self.scan.result == Result.REFUSED else BED_DIFFERS

    @property
    def ways(self) -> list[Way]:
        """The ways to settle it; the first is proposed."""
        stay = self.scan.stay
        here = stay is not None and stay.station_id == self.scan.station_id
        return ways_of(self.kind, self.scan.action, has_stay=here)


MEANWHILE = frozenset({Reason.CANCELLED, Reason.LAPSED, Reason.NO_SHOW})
NOTHING_TO_OPEN = frozenset({Reason.NOT_APPROVED, Reason.ALREADY_LEFT, Reason.NONCE_REUSED})


def ways_of(kind: str, action: str, *, has_stay: bool) -> list[Way]:
    """What may be done about a conflict of a kind; what is proposed first."""
    if kind == BED_DIFFERS:
        return [Way.MOVE, Way.GUEST_TOLD]
    if kind == Reason.ALREADY_ARRIVED:
        return [Way.SAME_GUEST, Way.COPIED]
    if action != Action.ARRIVE or not has_stay or kind in NOTHING_TO_OPEN:
        return [Way.NOTED]
    if kind in MEANWHILE:
        return [Way.TAKE_IN, Way.SENT_AWAY]
    return [Way.TAKE_IN, Way.SENT_AWAY, Way.NOTED]
