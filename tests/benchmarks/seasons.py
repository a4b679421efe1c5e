"""Synthetic seasons for the planner: three shapes of station, three loads, who cancels and who does
not come. The same seed, the same season."""

import datetime as dt
from random import Random
from typing import NamedTuple

from bookings.beds.simulate import Request
from bookings.beds.values import House, PlanBed

START = dt.date(2026, 3, 2)
DAYS = 60
AHEAD = 20


class Shape(NamedTuple):
    """Rooms as (how many, beds, sex)."""

    name: str
    rooms: tuple[tuple[int, int, str], ...]


SHAPES = (
    Shape("small", ((5, 4, "flexible"), (2, 2, "flexible"))),
    Shape("middle", ((8, 4, "flexible"), (2, 6, "women"), (2, 6, "men"))),
    Shape("large", ((10, 6, "flexible"), (10, 4, "flexible"))),
)
LOADS = (0.7, 1.0, 1.4)


def house_of(shape: Shape, *, fixed: bool = False) -> House:
    """The shape as a house; `fixed`: its flexible rooms are women's and men's in turn."""
    rooms: dict[int, str] = {}
    beds: list[PlanBed] = []
    for count, size, sex in shape.rooms:
        for number in range(count):
            room = len(rooms) + 1
            turn = ("women", "men")[number % 2]
            rooms[room] = turn if fixed and sex == "flexible" else sex
            beds += [PlanBed(100 * room + bed, room) for bed in range(size)]
    return House(rooms, tuple(beds))


def season(shape: Shape, load: float, seed: int, *, flexible: float = 0.0) -> list[Request]:
    """Requests for `load` times the beds' nights, most for 3 to 7 nights; 12 % cancel, 6 % do not come.
    `flexible`: the share that can shift by two days or take three nights or more."""
    dice = Random(f"{shape.name} {load} {seed}")
    beds = sum(count * size for count, size, _sex in shape.rooms)
    wanted, requests = load * beds * DAYS, []
    while wanted > 0:
        nights = dice.choices((1, 2, 3, 4, 5, 6, 7), (6, 10, 16, 12, 12, 8, 36))[0]
        arrival = START + dt.timedelta(days=dice.randrange(DAYS))
        ahead = min(int(dice.expovariate(1 / 6)), AHEAD)
        day = arrival - dt.timedelta(days=ahead)
        asked = dt.datetime.combine(day, dt.time(8)) + dt.timedelta(minutes=dice.randrange(300))
        sex = dice.choices(("women", "men"), (55, 45))[0]
        requests.append(
            Request(
                ref=f"r{len(requests)}",
                at=asked,
                sex=sex,
                arrival=arrival,
                nights=nights,
                cancelled_at=_gone(dice, asked, arrival),
                **(
                    {"flex_days": 2, "min_nights": min(3, nights)}
                    if dice.random() < flexible
                    else {}
                ),
            )
        )
        wanted -= nights
    return requests


def _gone(dice: Random, asked: dt.datetime, arrival: dt.date) -> dt.datetime | None:
    chance = dice.random()
    cutoff = dt.datetime.combine(arrival, dt.time(22))
    if chance < 0.06:
        return cutoff
    if chance < 0.18:
        return asked + (cutoff - asked) * dice.random() * 0.95
    return None
