"""A service used at the desk: what is known of it for the verdict, and the place it takes up."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.utils import timezone

from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.desk.models import Service
from bookings.desk.services.models import Booking, Slot
from bookings.desk.services.places import take_place
from bookings.desk.verdict import Asked, Verdict, may_use


def judge(*, stay: Stay, service: Service, at: dt.datetime) -> Verdict:
    """Whether a locked stay may use the service once more. Slots that run are locked with it, so that
    a place that is free stays free until it is taken."""
    days = list(stay.redemptions.filter(service=service).values_list("day", flat=True))
    due = due_booking(stay=stay, service=service, at=at)
    running = [] if due else _running(service, at)
    asked = asked_of(service, days=days, due=due.slot if due else None, running=running, at=at)
    return may_use(asked, at=timezone.localtime(at).time())


def asked_of(
    service: Service,
    *,
    days: Sequence[dt.date],
    due: Slot | None,
    running: Collection[Slot],
    at: dt.datetime,
) -> Asked:
    """What the verdict needs: the local days of a stay's uses, the slot it has booked for today, and the
    slots that run, counted."""
    today = local_date(at)
    return Asked(
        uses_per_day=service.uses_per_day,
        uses_per_stay=service.uses_per_stay,
        used_today=days.count(today),
        used_before=len(days) - days.count(today),
        opens=service.opens,
        closes=service.closes,
        by_appointment=service.by_appointment,
        due_now=due is not None and due.starts_at <= at < due.ends_at,
        due_today=due is not None,
        slot_runs=bool(running),
        place_free=any(slot.left for slot in running),
    )


def due_booking(*, stay: Stay, service: Service, at: dt.datetime) -> Booking | None:
    """The stay's place of this day that has not been used: the one whose slot runs, else the next."""
    today = local_date(at)
    mine = stay.bookings.standing().filter(
        slot__in=Slot.objects.of_days(today, today).filter(service=service), redemption=None
    )
    due = mine.select_related("slot").order_by("slot__starts_at")
    return due.filter(slot__ends_at__gt=at).first() or due.last()


def place_of(*, stay: Stay, service: Service, at: dt.datetime) -> Booking | None:
    """The place that a use takes up: the one booked, or a free one of a slot that runs. None where the
    service needs no place. The verdict on it must have been `ok`, in the same transaction."""
    due = due_booking(stay=stay, service=service, at=at)
    if due or not service.by_appointment:
        return due
    slot = next(one for one in _running(service, at) if one.left)
    return take_place(slot=slot, stay=stay, now=at)


def _running(service: Service, at: dt.datetime) -> list[Slot]:
    """The slots by appointment that run, locked, the earliest first, each counted."""
    if not service.by_appointment:
        return []
    running = service.slots.standing().running(at)
    list(running.select_for_update(no_key=True))
    return list(running.counted())  # as they are now that they are ours
