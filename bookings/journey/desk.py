"""The desk's events: a scan, and leaving."""

import dataclasses
import datetime as dt

from django.db import IntegrityError, transaction

from bookings.beds import allocate, inventory
from bookings.beds.models import Stay
from bookings.core import audit
from bookings.core.clock import local_date
from bookings.core.prepared import PreparedChange, in_one_trip
from bookings.core.transitions import swap
from bookings.desk import scan as desk
from bookings.desk.conflicts.note import note
from bookings.desk.models import Action, Scan
from bookings.desk.register.keep import write_down
from bookings.desk.verdict import Verdict
from bookings.journey.common import log
from bookings.passes.models import Pass
from bookings.people.models import User
from bookings.retention import follow_up as retention


def scan(*, sent: desk.Sent, now: dt.datetime) -> Scan:
    """Take a shown code: judge, record, and do what it asks. The same scan twice is one scan."""
    try:
        with transaction.atomic():
            return _scan(sent, now)
    except IntegrityError:  # a twin of this scan was written a moment ago
        twin = desk.former(sent)
        if twin is None:
            raise
        return twin


def _scan(sent: desk.Sent, now: dt.datetime) -> Scan:
    seen = desk.look_up(sent)
    if seen.former is not None:
        return seen.former if desk.is_same(sent, seen.former) else _reused(sent, now)
    service, judged = desk.judge(sent, seen, now=now)
    welcome = seen.shown if judged.result != "refused" else None
    with in_one_trip():
        taken = desk.keep(sent, seen.shown, judged, now=now)
        if welcome and sent.action == Action.ARRIVE:
            _arrive(welcome, sent, now)
    note(taken)
    if welcome is None:
        return taken
    if sent.action == Action.LEAVE:
        leave(stay=welcome.stay, by=sent.by, now=sent.at)
    elif service is not None:
        desk.redeem(service=service, scan=taken)
    return taken


def _reused(sent: desk.Sent, now: dt.datetime) -> Scan:
    """One number for two different scans: refused, and recorded under a number of its own."""
    nonce = f"{sent.nonce[:40]}#{sent.code_hash[:12]}{sent.action}"
    other = dataclasses.replace(sent, nonce=nonce)
    former = desk.former(other)
    if former is None:
        former = desk.keep(other, None, Verdict("refused", "nonce_reused"), now=now)
        note(former)
    return former


def _arrive(shown: Pass, sent: desk.Sent, now: dt.datetime) -> None:
    stay = shown.stay
    ARRIVAL.make(stay=stay.pk, at=sent.at)
    stay.status, stay.arrived_at = Stay.Status.ARRIVED, sent.at
    write_down(stay=stay, room=shown.room)  # type: ignore[attr-defined]
    application = stay.application
    district = application.district_id
    audit.record_unsealed("arrive", application, by=sent.by, now=now, district_id=district)


# as core.transitions.swap does it
ARRIVAL = PreparedChange(
    lambda *, stay, at: (
        Stay.objects.filter(pk=stay, status=Stay.Status.PROMISED),
        {"status": Stay.Status.ARRIVED, "arrived_at": at},
    ),
    stay=(Stay._meta.get_field("id"), -1),
    at=(Stay._meta.get_field("arrived_at"), dt.datetime.max.replace(tzinfo=dt.UTC)),
)


@transaction.atomic
def leave(*, stay: Stay, by: User | None, now: dt.datetime) -> None:
    """The guest leaves: unused nights return, and the questions of later are scheduled.

    Errors: StateChanged (left before, or never arrived).
    """
    allocate.lock(stay.station)  # a scan has locked it already
    to_come = inventory.nights_from(stay, local_date(now))
    told = {"left_at": now, "given_back": [(night.isoformat(), bed) for night, bed in to_come]}
    swap(stay, "status", old={Stay.Status.ARRIVED}, new=Stay.Status.LEFT, **told)
    returned = allocate.release(stay, from_night=local_date(now))
    retention.schedule(
        stay=stay,
        horizons=stay.application.decisions.latest().policy.follow_up_days,
        consent=stay.application.follow_up_consent,
        now=now,
    )
    log("leave", stay.application, by=by, now=now, returned=returned)
