"""A guest who has come is written into the register; what is missing is asked for at the desk."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from bookings.beds.models import BedNight, Stay
from bookings.core import audit
from bookings.core.prepared import PreparedRow
from bookings.core.transitions import swap
from bookings.desk.register.facts import Guest, due_at, missing
from bookings.desk.register.models import Registration
from bookings.people.models import Graduate, User

State = Registration.State
ROWS = PreparedRow(Registration)
# what was written down of the answer of before is written anew
NOT_SENT: dict[str, Any] = {
    **dict.fromkeys(["batch", "sent_at", "sent_by", "refusal"]),
    **dict.fromkeys(["confirmed_at", "confirmed_by"]),
    **dict.fromkeys(["departure_batch", "departure_sent_at", "departure_sent_by"]),
    "reference": "",
}


def guest_of(stay: Stay, *, room: str) -> Guest:
    """A stay's guest as the register writes one."""
    person = stay.graduate
    assert stay.arrived_at is not None
    return Guest(
        name=person.name,
        sex=person.sex,
        birth_date=person.birth_date,
        doc_type=person.doc_type,
        doc_number=person.doc_number,
        region=person.hukou,
        address=person.address or "",
        nationality=person.nationality,
        room=room,
        arrived_at=localtime(stay.arrived_at),
        left_at=localtime(stay.left_at) if stay.left_at else None,
        guardian=person.guardian_name or "",
    )


def first_room(stay: Stay) -> str:
    """The name of the room of the stay's first night."""
    nights = BedNight.objects.filter(stay=stay).order_by("night")
    return nights.values_list("bed__room__name", flat=True)[0]


def write_down(*, stay: Stay, room: str) -> Registration:
    """The registration of a guest who has just arrived, in this room, in the caller's transaction."""
    guest = guest_of(stay, room=room)
    lacking = missing(guest)
    return ROWS.add(
        stay=stay,
        state=State.INCOMPLETE if lacking else State.TO_SEND,
        missing=lacking,
        room=room,
        due_at=due_at(guest.doc_type, guest.arrived_at),
    )


@transaction.atomic
def complete(
    *, registration: Registration, told: dict[str, str], by: User, now: dt.datetime
) -> None:
    """Write down what was asked for (the graduate's fields), where it is given; what the police did
    not take is to be sent again.

    Errors: StateChanged (sent meanwhile).
    """
    stay = registration.stay
    given = {name: text for name, text in told.items() if text}
    if given:
        Graduate.objects.filter(pk=stay.graduate_id).update(**given)
        stay.graduate.refresh_from_db()
    judge_again(registration, old=Registration.TO_DO)
    district = stay.graduate.district_id
    audit.record("complete registration", registration, by=by, now=now, district_id=district)


def judge_again(registration: Registration, *, old: Collection[str]) -> None:
    """The guest's facts have changed: look anew for what is missing. It is to be sent, again where it
    was, and belongs to no file any more. Errors: StateChanged (in no state of `old`)."""
    lacking = missing(guest_of(registration.stay, room=registration.room))
    state = State.INCOMPLETE if lacking else State.TO_SEND
    swap(registration, "state", old=set(old), new=state, missing=lacking, **NOT_SENT)
