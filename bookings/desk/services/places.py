"""Places in a slot: finding a free one and taking it, and the refusals that a guest reads."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from bookings.beds.models import Stay
from bookings.core.errors import Refusal
from bookings.desk.models import Service
from bookings.desk.services.models import Booking, Slot


class SlotFull(Refusal):
    code = "slot_full"
    sentence = _("This slot is full, and so are the others of your days. Ask the desk.")


class SlotGone(Refusal):
    code = "slot_gone"
    sentence = _("This slot does not take place. Choose another one.")


class SlotBegun(Refusal):
    code = "slot_begun"
    sentence = _("This slot has begun; nothing changes in it any more. Choose a later one.")


class NotOnYourDays(Refusal):
    code = "not_on_your_days"
    sentence = _("This slot is not on a day of your stay. Choose another one.")


class NoGuest(Refusal):
    code = "no_guest"
    sentence = _("Services are booked once the stay is approved, and until it ends.")


class BookedEnough(Refusal):
    code = "booked_enough"
    sentence = _(
        "You have booked this service as often as it is free. Cancel another booking first."
    )


class TakenUp(Refusal):
    code = "taken_up"
    sentence = _("This booking has been used already.")


def is_enough(service: Service, days: Sequence[dt.date], day: dt.date) -> bool:
    """Whether uses and bookings on these local days come to the free uses, of the day or the stay."""
    of_stay = service.uses_per_stay
    beyond_the_stay = of_stay is not None and len(days) >= of_stay
    return beyond_the_stay or days.count(day) >= service.uses_per_day


def lock_slot(pk: int) -> Slot:
    """The slot as it is now, to oneself until the transaction ends. Whoever locks a stay too does so
    first; of several slots the earliest comes first. Errors: SlotGone."""
    rows = Slot.objects.select_for_update(no_key=True, of=("self",)).select_related("service")
    slot = rows.filter(pk=pk).first()
    if slot is None:
        raise SlotGone
    return slot


def take_place(*, slot: Slot, stay: Stay, now: dt.datetime) -> Booking:
    """The lowest free place of a locked slot. A place whose stay holds it no more is given on.

    Errors: SlotFull.
    """
    numbers = dict(slot.bookings.filter(cancelled_at=None).values_list("number", "pk"))
    free = next((one for one in range(1, slot.capacity + 1) if one not in numbers), None)
    if free is None:
        free = _given_on(slot, numbers, now)
    return Booking.objects.create(slot=slot, stay=stay, number=free, booked_at=now)


def _given_on(slot: Slot, numbers: dict[int, int], now: dt.datetime) -> int:
    standing = set(slot.bookings.standing().values_list("pk", flat=True))
    lapsed = sorted((number, pk) for number, pk in numbers.items() if pk not in standing)
    if not lapsed:
        raise SlotFull
    number, pk = lapsed[0]
    Booking.objects.filter(pk=pk).update(cancelled_at=now)
    return number
