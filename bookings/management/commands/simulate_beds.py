import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bookings.beds.planner import plan
from bookings.beds.simulate import Request, simulate
from bookings.beds.tidy import tidy
from bookings.beds.values import House, PlanBed

ROOM_COLUMNS = {"room", "beds", "sex"}
REQUEST_COLUMNS = {"ref", "at", "sex", "arrival", "nights", "cancelled_at"}


class Command(BaseCommand):
    help = (
        "Replay a stream of requests through the planner. Rooms: room,beds,sex "
        "(women|men|flexible). Requests: ref,at,sex,arrival,nights,cancelled_at"
        "[,flex_days,min_nights]. The tally goes to standard output as JSON."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rooms", type=Path, required=True)
        parser.add_argument("--requests", type=Path, required=True)
        parser.add_argument("--plan", type=Path, help="write ref,room,bed,night of who slept where")

    def handle(self, *, rooms: Path, requests: Path, **options: Any) -> None:
        house, names = _house(rooms)
        asked = [_request(line, row) for line, row in _rows(requests, REQUEST_COLUMNS)]
        tally, seconds = simulate(house, asked, plan, tidy)
        if options["plan"]:
            with options["plan"].open("w", encoding="utf-8", newline="") as file:
                write = csv.writer(file, lineterminator="\n").writerow
                write(["ref", "room", "bed", "night"])
                for ref, bed, night in tally.rows:
                    write([ref, *names[bed], night.isoformat()])
        told = {
            "nights_served": tally.nights_served,
            "requests": tally.requests,
            "placed_at_once": tally.placed_at_once,
            "placed_from_waitlist": tally.placed_from_waitlist,
            "refused": tally.refused,
            "moves": tally.moves,
            "seconds": round(seconds, 3),
        }
        self.stdout.write(json.dumps(told))


Row = dict[str, str]


def _rows(path: Path, columns: set[str]) -> list[tuple[str, Row]]:
    """Each row with where it stands, for a complaint."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = columns - set(reader.fieldnames or [])
            if missing:
                raise CommandError(f"{path}: the header lacks {', '.join(sorted(missing))}")
            return [
                (f"{path}, line {number}", {k: (v or "").strip() for k, v in row.items() if k})
                for number, row in enumerate(reader, 2)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error


def _house(path: Path) -> tuple[House, dict[int, tuple[str, int]]]:
    """The house, and each bed's room and number by its id."""
    sexes: dict[int, str] = {}
    beds: list[PlanBed] = []
    names: dict[int, tuple[str, int]] = {}
    for room, (where, row) in enumerate(_rows(path, ROOM_COLUMNS), 1):
        if row["sex"] not in ("women", "men", "flexible"):
            raise CommandError(f"{where}: sex must be women, men or flexible")
        sexes[room] = row["sex"]
        for number in range(1, _count(where, "beds", row["beds"]) + 1):
            bed = PlanBed(len(beds) + 1, room)
            names[bed.id] = row["room"], number
            beds.append(bed)
    return House(sexes, tuple(beds)), names


def _request(where: str, row: Row) -> Request:
    if row["sex"] not in ("women", "men"):
        raise CommandError(f"{where}: sex must be women or men")
    cancelled = row["cancelled_at"]
    nights = _count(where, "nights", row["nights"], least=1)
    flexible, least = row.get("flex_days"), row.get("min_nights")
    try:
        arrival = dt.date.fromisoformat(row["arrival"])
    except ValueError as error:
        raise CommandError(f"{where}: arrival must be a date such as 2026-07-01") from error
    return Request(
        ref=row["ref"],
        at=_instant(where, "at", row["at"]),
        sex=row["sex"],
        arrival=arrival,
        nights=nights,
        cancelled_at=_instant(where, "cancelled_at", cancelled) if cancelled else None,
        flex_days=_count(where, "flex_days", flexible) if flexible else 0,
        min_nights=min(_count(where, "min_nights", least, least=1), nights) if least else None,
    )


def _count(where: str, column: str, text: str, *, least: int = 0) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise CommandError(f"{where}: {column} must be a whole number from {least} on")
    return int(text)


def _instant(where: str, column: str, text: str) -> dt.datetime:
    """Local and naive; an instant with an offset is brought to local time."""
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"{where}: {column} must be an instant such as 2026-07-01T09:30"
        ) from error
    return timezone.localtime(instant).replace(tzinfo=None) if instant.tzinfo else instant
