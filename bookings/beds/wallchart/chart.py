"""The board's rows: each room's beds, night by night, with who sleeps there. Four queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Q

from bookings.beds.models import BedNight, Stay
from bookings.core.clock import nights_between
from bookings.places.models import Bed, Closure, Room, Station

DAY = dt.timedelta(days=1)


@dataclass
class Cell:
    """Some nights in a row of a bed: a stay's, a closure's, or a free one."""

    first: dt.date
    nights: int = 1
    stay: Stay | None = None
    closure: Closure | None = None
    goes_on: bool = False  # beyond the board's last night
    began: bool = False  # before its first one


@dataclass
class Row:
    bed: Bed
    cells: list[Cell]


@dataclass
class RoomRows:
    room: Room
    sexes: list[str]  # by night; empty where nobody sleeps there
    rows: list[Row] = field(default_factory=list)


def chart(station: Station, first: dt.date, days: int) -> list[RoomRows]:
    """The nights [first, first + days) of every bed."""
    until = first + days * DAY
    nights = nights_between(first, until)
    beds = Bed.objects.filter(room__station=station).select_related("room")
    beds = beds.order_by("room__floor", "room__name", "room_id", "name", "pk")
    stays = _stays(station, first, until)
    room_of = {bed.pk: bed.room_id for bed in beds}
    sexes = {(room_of[bed], night): stay.graduate.sex for (bed, night), stay in stays.items()}
    closures = _closures(station, first, until)
    return [
        RoomRows(
            room,
            [sexes.get((room.pk, night), "") for night in nights],
            [
                Row(bed, list(_cells(bed, nights, stays, closures[bed.pk] + closures[-room.pk])))
                for bed in of_room
            ],
        )
        for room, of_room in groupby(
            beds,
            key=lambda bed: bed.room,
        )
    ]


def _stays(station: Station, first: dt.date, until: dt.date) -> dict[tuple[int, dt.date], Stay]:
    """Who has which bed on which night."""
    taken = BedNight.objects.filter(room__station=station, night__gte=first, night__lt=until)
    rows = list(taken.values_list("bed_id", "night", "stay_id"))
    stays = Stay.objects.filter(pk__in={stay for *_key, stay in rows})
    known = stays.select_related("graduate", "application").in_bulk()
    return {(bed, night): known[stay] for bed, night, stay in rows}


def _closures(station: Station, first: dt.date, until: dt.date) -> dict[int, list[Closure]]:
    """By bed, and by room under its negative number."""
    inside = Q(bed__room__station=station) | Q(room__station=station)
    found: dict[int, list[Closure]] = defaultdict(list)
    for one in Closure.objects.filter(inside, first_night__lt=until, until__gt=first):
        found[one.bed_id or -(one.room_id or 0)].append(one)
    return found


def _cells(
    bed: Bed,
    nights: list[dt.date],
    stays: dict[tuple[int, dt.date], Stay],
    closures: list[Closure],
) -> Iterator[Cell]:
    cell: Cell | None = None
    for night in nights:
        stay = stays.get((bed.pk, night))
        closed = None if stay else _closed(closures, night)
        if cell and (stay or closed) and cell.stay == stay and cell.closure == closed:
            cell.nights += 1
            continue
        if cell:
            yield _ends(cell, nights)
        cell = Cell(night, stay=stay, closure=closed)
    if cell:
        yield _ends(cell, nights)


def _closed(closures: list[Closure], night: dt.date) -> Closure | None:
    return next((one for one in closures if one.first_night <= night < one.until), None)


def _ends(cell: Cell, nights: list[dt.date]) -> Cell:
    if cell.stay:
        cell.began = cell.stay.arrival < nights[0] and cell.first == nights[0]
        last = cell.first + cell.nights * DAY
        cell.goes_on = cell.stay.departure > last > nights[-1]
    return cell
