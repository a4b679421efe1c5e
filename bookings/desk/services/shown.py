"""What pages show of the services: the guest's offers, the desk's day, a scanned guest's due places."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.desk.models import Reason, Scan, Service
from bookings.desk.services.models import Booking, Slot
from bookings.desk.services.places import is_enough
from bookings.desk.services.use import asked_of
from bookings.desk.verdict import may_use
from bookings.places.models import Station


@dataclass
class Offer:
    """A service as a guest sees it: the places booked, the slots of the stay's days to come that may still
    be booked, and why it is not to be had now: in words, or empty."""

    service: Service
    booked: list[Booking] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    why_not: str = ""

    @property
    def is_full(self) -> bool:
        return bool(self.slots) and not any(slot.left for slot in self.slots)


@dataclass(frozen=True)
class AtDesk:
    """A service for a guest in house: the slots of this day booked and not used, and why it is not to be
    had now: in words, or empty."""

    service: Service
    due: list[Slot]
    why_not: str


def offers(*, stay: Stay, now: dt.datetime) -> list[Offer]:
    """The catalogue for a guest who is expected or here; empty for all others. So many queries, however
    many services."""
    if stay.status not in (Stay.Status.PROMISED, Stay.Status.ARRIVED):
        return []
    here = services_at_desk(stay=stay, now=now) if stay.status == Stay.Status.ARRIVED else []
    why_not = {one.service.pk: one.why_not for one in here}
    services = Service.objects.active().filter(station=stay.station_id)
    found = {one.pk: Offer(one, why_not=why_not.get(one.pk, "")) for one in services}
    mine = stay.bookings.standing().select_related("slot", "redemption")
    booked = list(mine.filter(slot__ends_at__gt=now).order_by("slot__starts_at"))
    used = _used(stay)
    for booking in booked:
        found[booking.slot.service_id].booked.append(booking)
        if not hasattr(booking, "redemption"):
            used[booking.slot.service_id].append(local_date(booking.slot.starts_at))
    days = Slot.objects.standing().of_days(stay.arrival, stay.departure).counted()
    taken = {booking.slot_id for booking in booked}
    for slot in days.filter(service__in=found, starts_at__gt=now).exclude(pk__in=taken):
        offer = found[slot.service_id]
        if not is_enough(offer.service, used[slot.service_id], local_date(slot.starts_at)):
            offer.slots.append(slot)
    return list(found.values())


def _used(stay: Stay) -> dict[int, list[dt.date]]:
    """The local days of the stay's uses, by service."""
    used: dict[int, list[dt.date]] = defaultdict(list)
    for service, day in stay.redemptions.values_list("service", "day"):
        used[service].append(day)
    return used


def bookings_of_day(*, station: Station, day: dt.date) -> QuerySet[Booking]:
    """The places booked at a station on a local day, in the order in which they come due."""
    slots = Slot.objects.of_days(day, day).filter(service__station=station)
    booked = Booking.objects.standing().filter(slot__in=slots)
    booked = booked.select_related(
        "slot__service", "stay__graduate", "stay__application", "redemption"
    )
    return booked.order_by("slot__starts_at", "slot_id", "number")


def services_at_desk(*, stay: Stay, now: dt.datetime) -> list[AtDesk]:
    """The services of a guest in house. Four queries."""
    today = local_date(now)
    mine = stay.bookings.standing().filter(redemption=None)
    slots = Slot.objects.standing()
    services: Any = (
        Service.objects.active()
        .filter(station=stay.station_id)
        .prefetch_related(
            Prefetch("slots", slots.of_days(today, today).filter(bookings__in=mine), "due"),
            Prefetch("slots", slots.of_days(today, today).counted(), "of_today"),
        )
    )
    used = _used(stay)
    return [AtDesk(one, one.due, _why_not(one, used[one.pk], now)) for one in services]


def _why_not(service: Any, days: list[dt.date], now: dt.datetime) -> str:
    """Why a service, with `due` and `of_today`, is not to be had at this moment; or empty."""
    due = next((slot for slot in service.due if slot.ends_at > now), None)
    asked = asked_of(
        service,
        days=days,
        due=due or next(reversed(service.due), None),
        running=[slot for slot in service.of_today if slot.starts_at <= now < slot.ends_at],
        at=now,
    )
    judged = may_use(asked, at=localtime(now).time())
    if judged.result != "refused":
        return ""
    if judged.reason == "used_up":
        of_today = asked.used_today >= asked.uses_per_day
        return _("Used up for today") if of_today else _("Used up for this stay")
    if judged.reason == "fully_booked":
        return _("Every place of this hour is booked")
    given = _given_at(service, service.of_today)
    return _("Not now; given at %(hours)s") % {"hours": given} if given else _("Not given now")


def given_at(*, scan: Scan, code: str) -> str:
    """When the service is given that a scan was refused for at that hour; empty for other answers."""
    if scan.reason != Reason.SERVICE_CLOSED:
        return ""
    services = Service.objects.active().filter(station=scan.station_id, code=code)
    day = local_date(scan.at)
    return "".join(_given_at(one, one.slots.standing().of_days(day, day)) for one in services)


def _given_at(service: Service, slots: Iterable[Slot]) -> str:
    """Its hours, or by appointment those of the slots."""
    hours = [slot.hours for slot in slots] if service.by_appointment else []
    return str(_(", ")).join(hours) or service.hours
