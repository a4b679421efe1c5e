"""Services booked by guests: a place taken, given back, and a slot that is called off."""

import datetime as dt

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bookings.beds.models import Stay
from bookings.core import audit
from bookings.core.clock import local_date
from bookings.desk.services.models import Booking, Slot
from bookings.desk.services.places import (
    BookedEnough,
    NoGuest,
    NotOnYourDays,
    SlotBegun,
    SlotFull,
    SlotGone,
    TakenUp,
    is_enough,
    lock_slot,
    take_place,
)
from bookings.journey.common import address, log, message
from bookings.people.models import User

OTHERS = 3  # slots named in place of a full one
GUESTS = {Stay.Status.PROMISED, Stay.Status.ARRIVED}


@transaction.atomic
def book_slot(*, stay: Stay, slot: Slot, by: User, now: dt.datetime) -> Booking:
    """Take a place for a guest; whoever has one in the slot keeps it.

    Errors: NoGuest, SlotGone, SlotBegun, NotOnYourDays, BookedEnough, SlotFull (with others named).
    """
    stay, slot = _lock_stay(stay), lock_slot(slot.pk)
    _check(stay, slot, now)
    mine = slot.bookings.standing().filter(stay=stay).first()
    if mine:
        return mine
    if _is_enough(stay, slot, now):
        raise BookedEnough
    try:
        booking = take_place(slot=slot, stay=stay, now=now)
    except SlotFull as full:
        raise _with_others(full, stay, slot, now) from full
    log("book service", stay.application, by=by, now=now, slot=slot.pk)
    return booking


def _lock_stay(stay: Stay) -> Stay:
    rows = Stay.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("application").get(pk=stay.pk)


def _check(stay: Stay, slot: Slot, now: dt.datetime) -> None:
    if stay.status not in GUESTS:
        raise NoGuest
    if slot.cancelled_at or not slot.service.is_active:
        raise SlotGone
    if slot.service.station_id != stay.station_id:
        raise SlotGone
    if slot.starts_at <= now:
        raise SlotBegun
    if not stay.arrival <= local_date(slot.starts_at) <= stay.departure:
        raise NotOnYourDays


def _is_enough(stay: Stay, slot: Slot, now: dt.datetime) -> bool:
    """Whether what is used and what is booked ahead come to the free uses, of the day or the stay."""
    service = slot.service
    days = list(stay.redemptions.filter(service=service).values_list("day", flat=True))
    ahead = stay.bookings.ahead(now).filter(slot__service=service)
    days += [local_date(at) for at in ahead.values_list("slot__starts_at", flat=True)]
    return is_enough(service, days, local_date(slot.starts_at))


def _with_others(full: SlotFull, stay: Stay, slot: Slot, now: dt.datetime) -> SlotFull:
    """The same refusal, naming slots of the service that still have places on the stay's days."""
    days = Slot.objects.standing().of_days(stay.arrival, stay.departure)
    rest = days.filter(service=slot.service, starts_at__gt=now).counted()
    free = [one for one in rest if one.left][:OTHERS]
    if not free:
        return full
    told = str(_(", ")).join(f"{_day(one)} {one.hours}" for one in free)
    return SlotFull(_("This slot is full. Places are left: %(slots)s.") % {"slots": told})


def _day(slot: Slot) -> str:
    return date_format(localtime(slot.starts_at), "MONTH_DAY_FORMAT")


@transaction.atomic
def cancel_booking(*, stay: Stay, slot: Slot, by: User, now: dt.datetime) -> bool:
    """Give a place back. False: there is none, or it was given back before. Errors: TakenUp, SlotBegun."""
    stay, slot = _lock_stay(stay), lock_slot(slot.pk)
    mine = slot.bookings.filter(stay=stay, cancelled_at=None).first()
    if mine is None:
        return False
    if hasattr(mine, "redemption"):
        raise TakenUp
    if slot.starts_at <= now:
        raise SlotBegun
    Booking.objects.filter(pk=mine.pk).update(cancelled_at=now)
    log("cancel service", stay.application, by=by, now=now, slot=slot.pk)
    return True


@transaction.atomic
def end_slot(*, slot: Slot, by: User, now: dt.datetime) -> int:
    """A slot does not take place: one that nobody ever booked is deleted, any other is called off and
    its guests are told. Returns how many were told; none where it is gone already.

    Errors: SlotBegun.
    """
    try:
        slot = lock_slot(slot.pk)
    except SlotGone:
        return 0
    if slot.cancelled_at:
        return 0
    if slot.starts_at <= now:
        raise SlotBegun
    station = slot.service.station
    booked = list(slot.bookings.standing().select_related("stay__application__user"))
    for booking in booked:
        _tell(booking, slot, now)
    audit.record(
        "end slot", slot, by=by, now=now, district_id=station.district_id, told=len(booked)
    )
    if slot.bookings.exists():
        Slot.objects.filter(pk=slot.pk).update(cancelled_at=now)
    else:
        slot.delete()
    return len(booked)


def _tell(booking: Booking, slot: Slot, now: dt.datetime) -> None:
    application = booking.stay.application
    with translation.override(application.user.language):
        told = {
            "what": slot.title or slot.service.name,
            "when": f"{_day(slot)} {slot.hours}",
            "link": address(application),
        }
    key, over = f"slot_ended:{booking.pk}", slot.ends_at
    message(application, "slot_ended", key=key, params=told, until=over, now=now)
