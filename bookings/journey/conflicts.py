"""A conflict is settled: what was told without the network and what the house says agree again."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext_lazy

from bookings.applications.models import Application
from bookings.beds.allocate import bed_of
from bookings.beds.models import Stay
from bookings.beds.waitlist.models import Wait
from bookings.core import audit
from bookings.core.clock import local_date
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged, swap
from bookings.desk.conflicts.models import MEANWHILE, Conflict, Way
from bookings.desk.models import Action, Reason, Result, Scan
from bookings.desk.register.keep import first_room, write_down
from bookings.journey.again import lock_nights
from bookings.journey.common import address, log, message
from bookings.journey.no_show import NothingFree, hold_rest
from bookings.journey.relocate import move_stay
from bookings.journey.stretch import StayOver
from bookings.passes.issue import issue
from bookings.people.models import User
from bookings.places.models import Bed

SETTLING = "conflict"  # stands for the device of an arrival recorded by settling


class NotThatWay(Refusal):
    code = "not_that_way"
    sentence = gettext_lazy("Choose one of the ways on this page.")


class NoSuchBed(Refusal):
    code = "no_such_bed"
    sentence = gettext_lazy(
        "The house has no bed of that name. Tell the guest the planned bed, or move the guest on "
        "the board."
    )


@transaction.atomic
def settle(*, conflict: Conflict, way: str, by: User, now: dt.datetime, note: str = "") -> bool:
    """Take a way to settle a conflict; pressed twice, once. False: settled before, that way.

    Errors: NotThatWay; StateChanged (settled otherwise, or the stay has changed); and those of what
    the way does: StayOver, BeyondAllowance, ClauseFails, NothingFree, NoSuchBed, Moved, InTheWay,
    NothingToMove.
    """
    if way not in conflict.ways:
        raise NotThatWay
    if Conflict.objects.filter(pk=conflict.pk, way=way).exists():
        return False
    stay = conflict.scan.stay
    if stay is not None and way in ACTS:
        lock_nights(stay.application)  # before the conflict: in the order of all others
    swap(conflict, "way", old={""}, new=way, note=note or None, settled_by=by, settled_at=now)
    act = ACTS.get(Way(way))
    if act and stay is not None:
        stay.refresh_from_db(fields=["status", "arrival", "departure", "arrived_at"])
        act(conflict, stay, by, now)
    district = conflict.scan.station.district_id
    audit.record("settle conflict", conflict, by=by, now=now, district_id=district, way=way)
    return True


def _take_in(conflict: Conflict, stay: Stay, by: User, now: dt.datetime) -> None:
    """The guest is here: the nights given back are held again, and the arrival is recorded at the
    moment of the scan."""
    at = _moment(conflict.scan, stay)
    if stay.status in MEANWHILE:
        _hold_again(stay, local_date(at), now)
    elif stay.status != Stay.Status.PROMISED:
        raise StateChanged
    elif local_date(at) >= stay.departure:
        raise StayOver
    _opened(conflict, stay, at, by, now)
    swap(stay, "status", old={Stay.Status.PROMISED}, new=Stay.Status.ARRIVED, arrived_at=at)
    write_down(stay=stay, room=first_room(stay))
    log("arrive", stay.application, by=by, now=now, conflict=conflict.pk)


def _moment(scan: Scan, stay: Stay) -> dt.datetime:
    """When the guest came: as the device said, or when we heard of it where its clock was wrong."""
    trusted = scan.at <= scan.received_at and local_date(scan.at) >= stay.arrival
    return scan.at if trusted else scan.received_at


def _hold_again(stay: Stay, since: dt.date, now: dt.datetime) -> None:
    """From the night of the arrival on; where that one is taken, from tonight on."""
    try:
        with transaction.atomic():
            held, _policy = hold_rest(stay, since=since, until=None, now=now)
    except NothingFree:
        if since >= local_date(now):
            raise
        held, _policy = hold_rest(stay, since=local_date(now), until=None, now=now)
    approved = Application.Status.APPROVED
    Application.objects.filter(pk=stay.application_id).update(status=approved)
    Wait.objects.open().filter(application=stay.application_id).update(status=Wait.Status.LEFT)
    stay.status, stay.arrival, stay.departure = held.status, held.arrival, held.departure
    log("take_back", stay.application, by=None, now=now, nights=held.nights)


def _opened(conflict: Conflict, stay: Stay, at: dt.datetime, by: User, now: dt.datetime) -> None:
    """The one accepted arrival of the stay."""
    told = conflict.scan
    Scan.objects.create(
        station=told.station,
        device=SETTLING,
        nonce=str(conflict.pk),
        action=Action.ARRIVE,
        code_hash=told.code_hash,
        shown_pass=told.shown_pass,
        stay=stay,
        result=Result.OK,
        reason=Reason.FINE,
        at=at,
        received_at=now,
        by=by,
    )


def _replace_code(conflict: Conflict, stay: Stay, by: User, now: dt.datetime) -> None:
    """Who has the copy can do nothing with it any more; the guest finds the new code on the site."""
    if stay.status not in (Stay.Status.PROMISED, Stay.Status.ARRIVED):
        raise StateChanged
    shown = issue(stay=stay, now=now)
    log("reissue", stay.application, by=by, now=now)
    told = {"link": address(stay.application)}
    message(stay.application, "reissued", key=f"reissued:{shown.pk}", params=told, now=now)


def _move(conflict: Conflict, stay: Stay, by: User, now: dt.datetime) -> None:
    """The guest keeps the bed that the desk gave without the network."""
    seen, told = bed_of(stay), conflict.scan.told_bed
    beds = Bed.objects.filter(room__station=stay.station_id).select_related("room")
    to = next((bed for bed in beds if str(bed) == told), None)
    if to is None or seen is None:
        raise NoSuchBed
    move_stay(stay=stay, seen=seen, to=to, by=by, now=now, sure=True)


ACTS: dict[Way, Callable[[Conflict, Stay, User, dt.datetime], None]] = {
    Way.TAKE_IN: _take_in,
    Way.COPIED: _replace_code,
    Way.MOVE: _move,
}
