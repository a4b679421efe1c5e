"""What the day's page says of the register, the hand-over and keys; so many queries, whatever the day."""

import datetime as dt

from bookings.beds.models import Stay
from bookings.desk.handover.models import HandoverNote
from bookings.desk.keys.models import KeyLoan
from bookings.desk.register import lists
from bookings.people.models import User
from bookings.places.models import Station


def today_at(station: Station, *, user: User, now: dt.datetime) -> dict[str, object]:
    """Who is to be registered, the newest note that is new to this person, keys that left with a
    guest."""
    notes = HandoverNote.objects.filter(station=station).unread_by(user)
    keys = KeyLoan.objects.filter(station=station, returned_at=None, stay__status=Stay.Status.LEFT)
    return {
        "register": lists.due(station, now=now),
        "note": notes.select_related("by").order_by("-at", "-pk").first(),
        "keys": keys.select_related("stay__graduate", "stay__application").order_by("given_at"),
    }
