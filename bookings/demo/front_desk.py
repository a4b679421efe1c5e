"""Sample work of a desk: the register of who came, keys, and what one shift tells the next."""

import datetime as dt

from bookings.applications.seen import PaperToSee
from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.core.crypto import keyed_hash
from bookings.desk.handover.notes import read_note, write_note
from bookings.desk.keys.loans import give_key
from bookings.desk.keys.models import KeyLoan
from bookings.desk.register import send
from bookings.desk.register.facts import due_at, missing
from bookings.desk.register.keep import guest_of
from bookings.desk.register.models import Registration
from bookings.people.models import DocumentType, Graduate, User
from bookings.places.models import Station

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR
State = Registration.State


def registration(stay: Stay, *, room: str, by: User, now: dt.datetime) -> Registration:
    """A guest's registration, not stored yet: who came or left since yesterday is still to be told."""
    guest = guest_of(stay, room=room)
    row = Registration(
        stay=stay,
        state=State.TO_SEND,
        room=room,
        due_at=due_at(guest.doc_type, guest.arrived_at),
    )
    yesterday = local_date(now) - DAY
    if stay.left_at is None and guest.arrived_at.date() >= yesterday:
        return row
    row.state, row.sent_by, row.confirmed_by = State.CONFIRMED, by, by
    row.sent_at, row.confirmed_at = guest.arrived_at + HOUR, guest.arrived_at + 2 * HOUR
    if guest.left_at and guest.left_at.date() < yesterday:
        row.departure_sent_at, row.departure_sent_by = guest.left_at + HOUR, by
    return row


def front_desk(station: Station, *, clerk: User, colleague: User, now: dt.datetime) -> None:
    """A station at which every state can be seen, where there are guests enough."""
    here = Stay.objects.filter(station=station, status="arrived").order_by("-arrived_at", "pk")
    stays = list(here.select_related("graduate", "registration")[:8])
    if not stays:
        return
    _from_abroad(stays[0])
    told = [stay.registration.pk for stay in stays[3:7]]
    Registration.objects.filter(pk__in=told).update(**_untold())
    if told:
        send.send_by_hand(station=station, chosen=told, by=clerk, now=now - HOUR)
        reason = "证件有效期有误，请核对"
        send.refuse(station=station, chosen=told[:1], reason=reason, by=clerk, now=now)
    waiting = [stay.registration.pk for stay in stays[1:3]]
    Registration.objects.filter(pk__in=waiting).update(**_untold())
    if waiting:
        send.export(station=station, chosen=waiting, by=clerk, now=now)
    _keys(stays, clerk, now)
    _originals(station, colleague, now)
    _notes(station, clerk, colleague, now)


def _untold() -> dict[str, object]:
    nobody = dict.fromkeys(["sent_at", "sent_by", "confirmed_at", "confirmed_by"])
    return {"state": State.TO_SEND, **nobody}


def _from_abroad(stay: Stay) -> None:
    """A guest with a passport, of whom the desk must ask the nationality."""
    number = "TEST00001"
    told = {"doc_type": DocumentType.PASSPORT, "doc_number": number, "hukou_code": ""}
    digest = keyed_hash(number, "document")
    Graduate.objects.filter(pk=stay.graduate_id).update(**told, doc_hash=digest)
    stay.graduate.refresh_from_db()
    guest = guest_of(stay, room=stay.registration.room)
    due = due_at(guest.doc_type, guest.arrived_at)
    lacking = {**_untold(), "state": State.INCOMPLETE, "missing": missing(guest), "due_at": due}
    Registration.objects.filter(stay=stay).update(**lacking)


def _keys(stays: list[Stay], clerk: User, now: dt.datetime) -> None:
    """Everybody here has a key; one who has left has taken it along."""
    for number, stay in enumerate(stays, 1):
        give_key(stay=stay, label=f"A{number:02d}", by=clerk, now=now)
    station = stays[0].station_id
    gone = Stay.objects.filter(station=station, status="left").order_by("-left_at", "pk").first()
    if gone:
        given = {"given_by": clerk, "given_at": gone.arrived_at}
        KeyLoan.objects.create(stay=gone, station_id=station, label="B07", **given)


def _notes(station: Station, clerk: User, colleague: User, now: dt.datetime) -> None:
    former = "三楼热水器已报修，师傅明天上午来。"
    note = write_note(station=station, text=former, by=colleague, now=now - 8 * HOUR)
    read_note(note=note, by=clerk, now=now - 7 * HOUR)
    latest = "B07 钥匙未还，已电话联系，住客今晚送回。"
    write_note(station=station, text=latest, by=clerk, now=now - HOUR)


def _originals(station: Station, reviewer: User, now: dt.datetime) -> None:
    """Two guests who are expected today have a paper to show."""
    expected = Stay.objects.filter(station=station, status="promised", arrival=local_date(now))
    PaperToSee.objects.bulk_create(
        PaperToSee(application=stay.application, kind="degree", by=reviewer, at=now - DAY)
        for stay in expected.select_related("application").order_by("pk")[:2]
    )
