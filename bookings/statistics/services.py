"""What the services gave: uses, guests, places booked and taken up. Definitions: docs/statistics.md."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from bookings.desk.models import Redemption, Service
from bookings.desk.services.models import Booking
from bookings.statistics.scope import Scope

TAKEN_UP = Q(redemption__isnull=False)  # of a booking


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
    for counts in (
        _used(scope)
        .values("service", month=TruncMonth("day"))
        .annotate(uses=Count("pk"), guests=Count("stay__graduate", distinct=True))
        .order_by()
    ):
        row = rows[counts["month"], counts["service"]]
        row.uses, row.guests = counts["uses"], counts["guests"]
    for booked in (
        _booked(scope, now)
        .values("slot__service", month=TruncMonth("slot__starts_at"))
        .annotate(booked=Count("pk"), taken_up=Count("pk", filter=TAKEN_UP))
        .order_by()
    ):
        row = rows[booked["month"].date(), booked["slot__service"]]
        row.booked, row.taken_up = booked["booked"], booked["taken_up"]
    services = Service.objects.filter(pk__in={service for _, service in rows})
    names = {service.pk: service for service in services.select_related("station")}
    for (month, pk), row in rows.items():
        row.month, row.service, row.station = month, names[pk].name, names[pk].station.name
    order = sorted(rows, key=lambda key: (-key[0].toordinal(), names[key[1]].station_id, key[1]))
    return [rows[key] for key in order]


@dataclass
class Altogether:
    """A service at all stations over the period. The last four are people, each counted once: who used
    it, who did without a booking, who took up a booked place, who left one."""

    service: str = ""
    uses: int = 0
    booked: int = 0
    taken_up: int = 0
    guests: int = 0
    unbooked: int = 0
    came: int = 0
    missed: int = 0


def services_altogether(scope: Scope, *, now: dt.datetime) -> list[Altogether]:
    """One row for each service, told from others by its code, in the order of the codes. Three queries."""
    rows: dict[str, Altogether] = defaultdict(Altogether)
    for code, counts in _altogether(scope, now):
        for name, count in counts.items():
            setattr(rows[code], name, count)
    services = Service.objects.filter(**scope.within("station__district", "station"))
    for service in services.filter(code__in=rows).order_by("-pk"):
        rows[service.code].service = service.name
    return [rows[code] for code in sorted(rows)]


def _altogether(scope: Scope, now: dt.datetime) -> Iterator[tuple[str, dict[str, int]]]:
    begun = _booked(scope, now)
    by_itself = Q(booking=None) | ~Q(booking__in=begun.values("pk"))
    used: Any = _used(scope).values(code=F("service__code"))
    booked: Any = begun.values(code=F("slot__service__code"))
    used = used.annotate(uses=Count("pk"), guests=_people(), unbooked=_people(by_itself))
    booked = booked.annotate(
        booked=Count("pk"),
        taken_up=Count("pk", filter=TAKEN_UP),
        came=_people(TAKEN_UP),
        missed=_people(~TAKEN_UP),
    )
    for counts in [*used.order_by(), *booked.order_by()]:
        yield counts.pop("code"), counts


def _people(which: Q | None = None) -> Count:
    return Count("stay__graduate", distinct=True, filter=which)


def _used(scope: Scope) -> QuerySet[Redemption]:
    return Redemption.objects.filter(
        **scope.within("service__station__district", "service__station"),
        **scope.period.days("day"),
    )


def _booked(scope: Scope, now: dt.datetime) -> QuerySet[Booking]:
    return Booking.objects.standing().filter(
        **scope.within("slot__service__station__district", "slot__service__station"),
        **scope.period.instants("slot__starts_at"),
        slot__starts_at__lte=now,
    )
