"""Who belongs where."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from bookings.applications.models import Application
from bookings.beds.models import BedNight, Stay
from bookings.desk.keys.models import KeyLoan
from bookings.desk.models import Redemption, Scan
from bookings.desk.register.models import Registration
from bookings.desk.services.models import Booking
from bookings.eligibility.models import Decision
from bookings.invariants.common import Breaches
from bookings.people.former import FormerDocument
from bookings.people.models import Membership
from bookings.retention.models import Outcome


def within_one_district() -> Breaches:
    """8 What belongs together belongs to one district."""
    apart: list[tuple[str, QuerySet[Any]]] = [
        (
            "application",
            Application.objects.filter(
                Q(station__isnull=False) & ~Q(station__district=F("district"))
                | Q(graduate__isnull=False) & ~Q(graduate__district=F("district"))
                | Q(channel__isnull=False) & ~Q(channel__district=F("district"))
            ),
        ),
        (
            "stay",
            Stay.objects.exclude(
                station=F("application__station"), graduate=F("application__graduate")
            ),
        ),
        ("former document", FormerDocument.objects.exclude(graduate__district=F("district"))),
        ("decision", Decision.objects.exclude(policy__district=F("application__district"))),
        (
            "outcome",
            Outcome.objects.filter(bureau_list__isnull=False).exclude(
                follow_up__stay__station__district=F("bureau_list__district")
            ),
        ),
        ("bed-night", BedNight.objects.exclude(stay__station=F("room__station"))),
        (
            "scan",
            Scan.objects.filter(result__in=["ok", "warn"]).exclude(station=F("stay__station")),
        ),
        ("key", KeyLoan.objects.exclude(station=F("stay__station"))),
        (
            "register batch",
            Registration.objects.exclude(batch=None).exclude(batch__station=F("stay__station"))
            | Registration.objects.exclude(departure_batch=None).exclude(
                departure_batch__station=F("stay__station")
            ),
        ),
        ("booking", Booking.objects.exclude(slot__service__station=F("stay__station"))),
        (
            "redemption",
            Redemption.objects.exclude(service__station=F("stay__station"))
            | Redemption.objects.exclude(Q(booking=None) | Q(booking__stay=F("stay"))),
        ),
        (
            "membership",
            Membership.objects.filter(
                Exists(
                    Membership.stations.through.objects.filter(membership=OuterRef("pk")).exclude(
                        station__district=OuterRef("district")
                    )
                )
            ),
        ),
    ]
    for name, rows in apart:
        for row in rows.iterator():
            yield f"{name} {row.pk} reaches into another district, station or person"
