"""Write a note for the next shift, say that one has read it, tick it off."""

import datetime as dt

from django.db import transaction

from bookings.beds.allocate import lock
from bookings.core import audit
from bookings.desk.handover.models import HandoverNote, HandoverRead
from bookings.people.models import User
from bookings.places.models import Station

SAME_PRESS = dt.timedelta(minutes=2)


@transaction.atomic
def write_note(*, station: Station, text: str, by: User, now: dt.datetime) -> HandoverNote:
    """Leave a note. The same words again within two minutes are the same press."""
    lock(station)
    lately = HandoverNote.objects.filter(station=station, by=by, at__gt=now - SAME_PRESS)
    twin = next((note for note in lately if note.text == text), None)
    if twin:
        return twin
    note = HandoverNote.objects.create(station=station, text=text, by=by, at=now)
    audit.record("write note", note, by=by, now=now, district_id=station.district_id)
    return note


@transaction.atomic
def read_note(*, note: HandoverNote, by: User, now: dt.datetime) -> bool:
    """Say that one has read it. False: said before, or one's own."""
    if note.by_id == by.pk:
        return False
    _, first = HandoverRead.objects.get_or_create(note=note, by=by, defaults={"at": now})
    if first:
        audit.record("read note", note, by=by, now=now, district_id=note.station.district_id)
    return first


@transaction.atomic
def finish_note(*, note: HandoverNote, by: User, now: dt.datetime) -> bool:
    """Tick it off. False: somebody did before."""
    if not HandoverNote.objects.filter(pk=note.pk, done_at=None).update(done_at=now, done_by=by):
        return False
    audit.record("finish note", note, by=by, now=now, district_id=note.station.district_id)
    return True
