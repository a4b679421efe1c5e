"""Rows of the inventory: the only functions that write RoomNight, BedNight and the nights counted.

Each works inside the caller's transaction, under the station's lock (allocate.py).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import F

from bookings.beds.models import BedNight, RoomNight, Stay
from bookings.people.models import Graduate
from bookings.places.models import Bed

Key = tuple[int, dt.date]  # a room and a night


def take(stay: Stay, bed_id: int, nights: list[dt.date]) -> None:
    """Give the stay this bed on these nights. Errors: IntegrityError, where a rule of the database
    is against it."""
    room = Bed.objects.values_list("room_id", flat=True).get(pk=bed_id)
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


def move(beds: Mapping[int, int], *, since: Mapping[int, dt.date] | None = None) -> None:
    """Move stays (pk → bed) to other beds, with all their nights, or with those from a night on where
    `since` names one; all at once: first all leave, then all enter."""
    if not beds:
        return
    rows = BedNight.objects.filter(stay__in=beds)
    for stay_id, first in (since or {}).items():
        rows = rows.exclude(stay=stay_id, night__lt=first)
    nights: dict[int, list[dt.date]] = {}
    for stay_id, night in rows.values_list("stay_id", "night"):
        nights.setdefault(stay_id, []).append(night)
    _drop(rows)
    for stay in Stay.objects.filter(pk__in=nights).select_related("graduate"):
        take(stay, beds[stay.pk], sorted(nights[stay.pk]))


def nights_from(stay: Stay, first: dt.date) -> list[tuple[dt.date, int]]:
    """The stay's nights from one on, each with its bed."""
    rows = BedNight.objects.filter(stay=stay, night__gte=first).order_by("night")
    return list(rows.values_list("night", "bed_id"))


def give_back(stay: Stay, *, from_night: dt.date) -> int:
    """Free the stay's beds from a night on, and count. How many nights were freed."""
    count = _drop(BedNight.objects.filter(stay=stay, night__gte=from_night))
    if count:
        count_nights(stay.graduate, -count)
    return count


def count_nights(graduate: Graduate, change: int, *, allowed: int | None = None) -> None:
    """Keep the nights taken; the database refuses more than are allowed."""
    changes: dict[str, Any] = {"nights_taken": F("nights_taken") + change}
    if allowed is not None:
        changes["nights_allowed"] = allowed
    Graduate.objects.filter(pk=graduate.pk).update(**changes)


def _drop(rows: Any) -> int:
    keys = set(rows.values_list("room_id", "night"))
    count: int = rows.delete()[0]
    _forget_empty(keys)
    return count


def _forget_empty(keys: set[Key]) -> None:
    """Remove the sex of room-nights that nobody sleeps in any more."""
    if not keys:
        return
    rooms, nights = {room for room, _ in keys}, {night for _, night in keys}
    slept_in = BedNight.objects.filter(room__in=rooms, night__in=nights)
    left = set(slept_in.values_list("room_id", "night"))
    known = RoomNight.objects.filter(room__in=rooms, night__in=nights)
    empty = [row.pk for row in known if (row.room_id, row.night) in keys - left]
    RoomNight.objects.filter(pk__in=empty).delete()
