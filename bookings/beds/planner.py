"""The planner. Pure: rooms, closures, stays and one wish in; a complete plan out, or a proof of none.

A stay keeps one bed for all its nights. A room has one sex a night. Stays that have arrived are
fixed; the others may be moved to any bed until they arrive. In this order:

1. the gap in today's plan that wastes least;
2. a proof for one night that no arrangement can hold everybody (`held_each_night`);
3. one or two stays moved elsewhere (shuffle.py);
4. every re-arrangement, by an exact solver under a time limit (solver.py).
"""

from collections.abc import Iterable

from bookings.beds.board import Board
from bookings.beds.shuffle import best_gap, shuffle
from bookings.beds.values import (
    House,
    Night,
    NoPlan,
    Plan,
    PlanBed,
    PlanStay,
    Undecided,
)

__all__ = [
    "House",
    "NoPlan",
    "Plan",
    "PlanBed",
    "PlanStay",
    "Undecided",
    "best_fit",
    "held_each_night",
    "plan",
]


def plan(house: House, stays: Iterable[PlanStay], wish: PlanStay, *, seconds: float = 2.0) -> Plan:
    """Place the wish. `stays` all have beds. Errors: NoPlan (proven), Undecided (time limit)."""
    everyone = tuple(stays)
    board = Board(house, everyone)
    bed = best_gap(board, wish)
    if bed is not None:
        return Plan(bed)
    if not held_each_night(house, everyone, wish):
        raise NoPlan
    found = shuffle(board, wish)
    if found is not None:
        return found
    from bookings.beds.solver import rearrange  # OR-Tools takes a second to load: only when needed

    return rearrange(house, everyone, wish, seconds=seconds)


def best_fit(house: House, stays: Iterable[PlanStay], wish: PlanStay) -> int | None:
    """The bed that wastes least, or None where today's plan has no gap for the wish."""
    return best_gap(Board(house, stays), wish)


def held_each_night(house: House, stays: Iterable[PlanStay], wish: PlanStay) -> bool:
    """A necessary condition, quick to check: on each night of the wish there is a way to give the
    rooms to women and men so that all have a bed. Rooms with guests who have arrived keep their sex."""
    guests = [*stays, wish]
    return all(
        _held(house, night, [g for g in guests if night in g.nights]) for night in wish.nights
    )


def _held(house: House, night: Night, guests: list[PlanStay]) -> bool:
    room_of = {bed.id: bed.room for bed in house.beds}
    open_beds = dict.fromkeys(house.rooms, 0)
    for bed in house.beds:
        open_beds[bed.room] += (bed.id, night) not in house.closed
    kept = {room_of[g.bed]: g.sex for g in guests if g.fixed and g.bed is not None}
    lacking = {"women": 0, "men": 0}
    for guest in guests:
        lacking[guest.sex] += 1
    free: list[int] = []
    for room, sex in house.rooms.items():
        whose = kept.get(room) or (sex if sex != "flexible" else None)
        if whose:
            lacking[whose] -= open_beds[room]
        else:
            free.append(open_beds[room])
    sums = 1  # bit n: some of the free rooms have n beds together
    for beds in free:
        sums |= sums << beds
    return any(
        sums >> women & 1
        for women in range(max(lacking["women"], 0), sum(free) - max(lacking["men"], 0) + 1)
    )
