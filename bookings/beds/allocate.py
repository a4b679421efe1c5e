"""Writing the plan: the only functions that touch RoomNight, BedNight and the nights taken.

Each works inside the caller's transaction, under the station's lock: a row lock on PostgreSQL; on
SQLite the transaction itself, which took the write lock when it began.
"""

import datetime as dt
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Application
from bookings.beds.allowance import ceiling
from bookings.beds.house import read_station
from bookings.beds.models import BedNight, RoomNight, Stay
from bookings.beds.planner import NoPlan, PlanStay, Undecided, plan
from bookings.core.clock import at_local, nights_between
from bookings.core.errors import Refusal
from bookings.people.models import Graduate
from bookings.places.models import Bed, Policy, Station


class NoBed(Refusal):
    code = "no_bed"
    sentence = _(
        "No bed is free on all of these nights. Nothing you typed is lost: choose other nights "
        "or another station."
    )
    field = "arrival"


class NotDecided(Refusal):
    code = "not_decided"
    sentence = _(
        "Too many plans to try at once. Nothing you typed is lost: send it again in a minute."
    )


def lock(station: Station) -> None:
    """Let one transaction at a time plan this station's beds."""
    Station.objects.select_for_update().get(pk=station.pk)


def hold(
    *,
    application: Application,
    policy: Policy,
    status: str,
    hold_until: dt.datetime | None,
) -> Stay:
    """Take beds for the application's nights, moving stays that have not arrived if need be. A stay
    of the application that was given back is held again.

    The station must be locked. Errors: NoBed (proven), NotDecided (no proof within the time limit);
    then nothing has changed.
    """
    assert application.graduate and application.station and application.arrival
    assert application.nights
    arrival, station = application.arrival, application.station
    departure = arrival + dt.timedelta(days=application.nights)
    nights = frozenset(nights_between(arrival, departure))
    wish = PlanStay(0, application.graduate.sex, nights)
    house, stays = read_station(station, arrival, departure)
    try:
        found = plan(house, stays, wish)
    except NoPlan as error:
        raise NoBed from error
    except Undecided as error:
        raise NotDecided from error
    allowed = ceiling(application.graduate, policy, arrival)
    stay, _new = Stay.objects.update_or_create(
        application=application,
        defaults={
            "graduate": application.graduate,
            "station": station,
            "status": status,
            "arrival": arrival,
            "departure": departure,
            "hold_until": hold_until,
            "cutoff_at": at_local(arrival, policy.arrival_cutoff),
        },
    )
    _move(dict(found.moves))
    _take(stay, found.bed, sorted(nights))
    count_nights(application.graduate, len(nights), allowed=allowed)
    return stay


def count_nights(graduate: Graduate, change: int, *, allowed: int | None = None) -> None:
    """Keep the nights taken; the database refuses more than are allowed."""
    changes: dict[str, Any] = {"nights_taken": F("nights_taken") + change}
    if allowed is not None:
        changes["nights_allowed"] = allowed
    Graduate.objects.filter(pk=graduate.pk).update(**changes)


def release(stay: Stay, *, from_night: dt.date) -> int:
    """Give back the stay's nights from `from_night` on, to the station and to the allowance.

    Returns how many nights were given back.
    """
    rows = BedNight.objects.filter(stay=stay, night__gte=from_night)
    keys = list(rows.values_list("room_id", "night"))
    count, _by_model = rows.delete()
    _forget_empty(keys)
    if count:
        count_nights(stay.graduate, -count)
    return count


def bed_of(stay: Stay) -> Bed | None:
    """The bed of the stay, as planned or as slept in."""
    row = stay.bed_nights.select_related("bed__room").order_by("night").first()
    return row.bed if row else None


def _take(stay: Stay, bed_id: int, nights: list[dt.date]) -> None:
    room = Bed.objects.get(pk=bed_id).room_id
    sex = stay.graduate.sex
    RoomNight.objects.bulk_create(
        [RoomNight(room_id=room, night=night, sex=sex) for night in nights],
        ignore_conflicts=True,  # guests of the same sex are there already; BedNight's rule checks it
    )
    BedNight.objects.bulk_create(
        BedNight(
            bed_id=bed_id,
            room_id=room,
            night=night,
            sex=sex,
            stay=stay,
            graduate_id=stay.graduate_id,
        )
        for night in nights
    )


def _move(moves: dict[int, int]) -> None:
    """Move stays to other beds, all at once: first all leave, then all enter."""
    rows = BedNight.objects.filter(stay__in=moves)
    nights: dict[int, list[dt.date]] = {}
    keys = []
    for stay_id, room_id, night in rows.values_list("stay_id", "room_id", "night"):
        nights.setdefault(stay_id, []).append(night)
        keys.append((room_id, night))
    rows.delete()
    _forget_empty(keys)
    for stay in Stay.objects.filter(pk__in=moves).select_related("graduate"):
        _take(stay, moves[stay.pk], sorted(nights[stay.pk]))


def _forget_empty(keys: list[tuple[int, dt.date]]) -> None:
    """Remove the sex of room-nights that nobody sleeps in any more."""
    if not keys:
        return
    rooms, nights = {room for room, _ in keys}, {night for _, night in keys}
    left = set(
        BedNight.objects.filter(room__in=rooms, night__in=nights).values_list("room_id", "night")
    )
    empty = [
        row.pk
        for row in RoomNight.objects.filter(room__in=rooms, night__in=nights)
        if (row.room_id, row.night) in set(keys) - left
    ]
    RoomNight.objects.filter(pk__in=empty).delete()
