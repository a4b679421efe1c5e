"""What pages show of the services: the guest's offers, the desk's day, a scanned guest's due places."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Prefetch, QuerySet

from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.desk.models import Service
from bookings.desk.services.models import Booking, Slot
from bookings.places.models import Station


@dataclass
class Offer:
    """A service as a guest sees it: the places booked, and the slots of the stay's days to come."""

    service: Service
    booked: list[Booking] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return bool(self.slots) and not any(slot.left for slot in self.slots)


def offers(*, stay: Stay, now: dt.datetime) -> list[Offer]:
    """The catalogue for a guest who is expected or here; empty for all others. Three queries."""
    if stay.status not in (Stay.Status.PROMISED, Stay.Status.ARRIVED):
        return []
    services = Service.objects.active().filter(station=stay.station_id)
    found = {service.pk: Offer(service) for service in services}
    mine = stay.bookings.standing().select_related("slot").order_by("slot__starts_at")
    booked = list(mine.filter(slot__service__in=found, slot__ends_at__gt=now))
    for booking in booked:
        found[booking.slot.service_id].booked.append(booking)
    days = Slot.objects.standing().of_days(stay.arrival, stay.departure).counted()
    taken = {booking.slot_id for booking in booked}
    for slot in days.filter(service__in=found, starts_at__gt=now):
        if slot.pk not in taken:
            found[slot.service_id].slots.append(slot)
    return list(found.values())


def bookings_of_day(*, station: Station, day: dt.date) -> QuerySet[Booking]:
    """The places booked at a station on a local day, in the order in which they come due."""
    slots = Slot.objects.of_days(day, day).filter(service__station=station)
    booked = Booking.objects.standing().filter(slot__in=slots)
    booked = booked.select_related(
        "slot__service", "stay__graduate", "stay__application", "redemption"
    )
    return booked.order_by("slot__starts_at", "slot_id", "number")


def services_at_desk(*, stay: Stay, now: dt.datetime) -> QuerySet[Service]:
    """The services of a guest in house, each with `due`: the slots of this day booked and not used."""
    today = local_date(now)
    mine = stay.bookings.standing().filter(redemption=None)
    due = Slot.objects.standing().of_days(today, today).filter(bookings__in=mine)
    services = Service.objects.active().filter(station=stay.station_id)
    return services.prefetch_related(Prefetch("slots", queryset=due, to_attr="due"))
