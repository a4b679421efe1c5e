"""The planner. Pure: rooms, closures, stays and one wish in; a complete plan out, or a proof of none.

A stay keeps one bed for all its nights. A room has one sex a night. Stays that have arrived are
fixed; the others may be moved to any bed until they arrive. First the cheap way: the best gap in
today's plan. Where there is none, solver.py looks at every re-arrangement.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Night = dt.date


@dataclass(frozen=True)
class PlanBed:
    id: int
    room: int


@dataclass(frozen=True)
class PlanStay:
    """A stay as the planner sees it; `bed` is its present one, None for the wish."""

    id: int
    sex: str
    nights: frozenset[Night]
    bed: int | None = None
    fixed: bool = False


@dataclass(frozen=True)
class House:
    """A station: room sexes ("women", "men", "flexible"), beds, and (bed, night) out of use."""

    rooms: Mapping[int, str]
    beds: tuple[PlanBed, ...]
    closed: frozenset[tuple[int, Night]] = frozenset()


@dataclass(frozen=True)
class Plan:
    """Which bed the wish gets, and which stays move to which bed for it."""

    bed: int
    moves: Mapping[int, int] = field(default_factory=dict)


class NoPlan(Exception):
    """No re-arrangement of the movable stays could place the wish: proven."""


class Undecided(Exception):
    """The time limit came before a plan or a proof."""


@dataclass
class Occupancy:
    """Who is where: taken (bed, night) pairs, and the guests of each (room, night) by sex."""

    taken: set[tuple[int, Night]]
    sexes: dict[tuple[int, Night], str]


def occupancy(house: House, stays: Iterable[PlanStay]) -> Occupancy:
    room_of = {bed.id: bed.room for bed in house.beds}
    result = Occupancy(taken=set(house.closed), sexes={})
    for stay in stays:
        if stay.bed is None:
            continue
        for night in stay.nights:
            result.taken.add((stay.bed, night))
            result.sexes[room_of[stay.bed], night] = stay.sex
    return result


def fits(house: House, bed: PlanBed, wish: PlanStay, now: Occupancy) -> bool:
    """Whether the wish could sleep in this bed on all its nights, as things stand."""
    if house.rooms[bed.room] not in ("flexible", wish.sex):
        return False
    return all(
        (bed.id, night) not in now.taken and now.sexes.get((bed.room, night), wish.sex) == wish.sex
        for night in wish.nights
    )


def best_fit(house: House, stays: Iterable[PlanStay], wish: PlanStay) -> int | None:
    """The bed that wastes least, or None where today's plan has no gap for the wish."""
    now = occupancy(house, stays)
    candidates = [bed for bed in house.beds if fits(house, bed, wish, now)]
    return min(candidates, key=lambda bed: _waste(house, bed, wish, now)).id if candidates else None


def _waste(house: House, bed: PlanBed, wish: PlanStay, now: Occupancy) -> tuple[int, int, int, int]:
    """Less is better: nights that lock an empty flexible room, flexible rather than own room,
    open ends beside the stay (a night before or after left free), then the bed's number."""
    opened = sum((bed.room, night) not in now.sexes for night in wish.nights)
    flexible = house.rooms[bed.room] == "flexible"
    day = dt.timedelta(days=1)
    ends = (min(wish.nights) - day, max(wish.nights) + day)
    loose = sum((bed.id, night) not in now.taken for night in ends)
    return (opened if flexible else 0, int(flexible), loose, bed.id)


def enough_beds(house: House, stays: Iterable[PlanStay], wish: PlanStay) -> bool:
    """A necessary condition, quick to check: each night has a bed for everyone there."""
    guests = list(stays)
    for night in wish.nights:
        open_beds = sum((bed.id, night) not in house.closed for bed in house.beds)
        if sum(night in stay.nights for stay in guests) >= open_beds:
            return False
    return True


def plan(house: House, stays: Iterable[PlanStay], wish: PlanStay, *, seconds: float = 2.0) -> Plan:
    """Place the wish. `stays` all have beds. Errors: NoPlan (proven), Undecided (time limit)."""
    everyone = tuple(stays)
    bed = best_fit(house, everyone, wish)
    if bed is not None:
        return Plan(bed)
    if not enough_beds(house, everyone, wish):
        raise NoPlan
    from bookings.beds.solver import rearrange  # OR-Tools takes a second to load: only when needed

    return rearrange(house, everyone, wish, seconds=seconds)
