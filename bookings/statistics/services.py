"""What the services gave: uses, guests, places booked and taken up. Definitions: docs/statistics.md."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from bookings.desk.models import Redemption, Service
from bookings.desk.services.models import Booking
from bookings.statistics.scope import Scope


@dataclass
class Given:
    """One month, station and service. `guests` are people, each counted once a month."""

    month: dt.date | None = None
    station: str = ""
    service: str = ""
    uses: int = 0
    guests: int = 0
    booked: int = 0
    taken_up: int = 0

    @property
    def counts(self) -> list[int]:
        return [self.uses, self.guests, self.booked, self.taken_up]


def services_given(scope: Scope, *, now: dt.datetime) -> list[Given]:
    """One row for each month, station and service, newest month first; a slot counts in its month
    once it has begun. Three queries."""
    rows: dict[tuple[dt.date, int], Given] = defaultdict(Given)
    used = Redemption.objects.filter(
        **scope.within("service__station__district", "service__station"),
        **scope.period.days("day"),
    )
    for counts in (
        used.values("service", month=TruncMonth("day"))
        .annotate(uses=Count("pk"), guests=Count("stay__graduate", distinct=True))
        .order_by()
    ):
        row = rows[counts["month"], counts["service"]]
        row.uses, row.guests = counts["uses"], counts["guests"]
    for counts in _booked(scope, now):
        row = rows[counts["month"].date(), counts["slot__service"]]
        row.booked, row.taken_up = counts["booked"], counts["taken_up"]
    services = Service.objects.filter(pk__in={service for _, service in rows})
    names = {service.pk: service for service in services.select_related("station")}
    for (month, pk), row in rows.items():
        row.month, row.service, row.station = month, names[pk].name, names[pk].station.name
    order = sorted(rows, key=lambda key: (-key[0].toordinal(), names[key[1]].station_id, key[1]))
    return [rows[key] for key in order]


def _booked(scope: Scope, now: dt.datetime):  # type: ignore[no-untyped-def]
    begun = Booking.objects.standing().filter(
        **scope.within("slot__service__station__district", "slot__service__station"),
        **scope.period.instants("slot__starts_at"),
        slot__starts_at__lte=now,
    )
    return (
        begun.values("slot__service", month=TruncMonth("slot__starts_at"))
        .annotate(booked=Count("pk"), taken_up=Count("pk", filter=Q(redemption__isnull=False)))
        .order_by()
    )
