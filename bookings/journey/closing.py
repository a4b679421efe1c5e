"""Staff take beds out of use: first what it would do, then doing just that."""

import datetime as dt
import hashlib
import json
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy

from bookings.beds import allocate, inventory
from bookings.beds.closing import Closing, close
from bookings.beds.house import closure_nights, read_station
from bookings.beds.models import Stay
from bookings.beds.planner import Undecided
from bookings.beds.waitlist.freed import note_freed
from bookings.core import audit
from bookings.core.clock import local_date
from bookings.core.errors import Refusal
from bookings.journey.waiting import displace
from bookings.people.models import User
from bookings.places.models import Closure, Station


class GuestsHere(Refusal):
    code = "guests_here"
    sentence = gettext_lazy(
        "Guests are in house there on these nights. Move them on the board first, or close it from "
        "the day they leave."
    )


class WouldLose(Refusal):
    code = "would_lose"
    sentence = gettext_lazy(
        "Some guests would lose their bed. Nothing was written: choose other nights, or confirm that "
        "they are to wait."
    )


class Otherwise(Refusal):
    code = "otherwise"
    sentence = gettext_lazy(
        "Something has changed meanwhile, and the plan is another one now. Nothing was written: look "
        "at it again."
    )


class Effect(NamedTuple):
    """What a closure would do, and a mark of it to confirm by."""

    closing: Closing
    mark: str


def effect_of(*, closure: Closure, station: Station) -> Effect:
    """What an unwritten closure would do now; nothing is written. Errors: NotDecided."""
    first, until = closure.first_night, closure.until
    house, stays = read_station(station, first, until - dt.timedelta(days=1))
    try:
        closing = close(house, stays, closure_nights(closure, house))
    except Undecided as error:
        raise allocate.NotDecided from error
    what = [closure.room_id, closure.bed_id, str(first), str(until)]
    plain = [what, sorted(closing.moves.items()), closing.lost, closing.here]
    return Effect(closing, hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:16])


@transaction.atomic
def close_beds(
    *, closure: Closure, station: Station, mark: str, lose: bool, by: User, now: dt.datetime
) -> Closure:
    """Write a closure and the moves that were shown; `lose`: who finds no bed waits at the head of the
    waitlist. Errors: NotDecided, Otherwise, GuestsHere, WouldLose; then nothing has changed."""
    allocate.lock(station)
    same = {"room": closure.room, "bed": closure.bed, "first_night": closure.first_night}
    twin = Closure.objects.filter(**same, until=closure.until).first()
    if twin:  # pressed twice
        return twin
    closing, now_mark = effect_of(closure=closure, station=station)
    if now_mark != mark:
        raise Otherwise
    if closing.here:
        raise GuestsHere
    if closing.lost and not lose:
        raise WouldLose
    closure.save()
    for stay in Stay.objects.filter(pk__in=closing.lost).select_related("station", "graduate"):
        displace(stay=stay, by=by, now=now)
    inventory.move(closing.moves)
    audit.record(
        "close",
        closure,
        by=by,
        now=now,
        district_id=station.district_id,
        moved=len(closing.moves),
        lost=len(closing.lost),
    )
    return closure


@transaction.atomic
def end_closure(*, closure: Closure, station: Station, by: User, now: dt.datetime) -> None:
    """In use again from today, or, if it lies ahead, as if it had never been. Pressed twice: once."""
    allocate.lock(station)
    today = local_date(now)
    coming = Closure.objects.filter(pk=closure.pk, first_night__gte=today)
    ended = coming.delete()[0] or Closure.objects.filter(pk=closure.pk, until__gt=today).update(
        until=today
    )
    if ended:
        note_freed(station.pk)
        audit.record("reopen", closure, by=by, now=now, district_id=station.district_id)
