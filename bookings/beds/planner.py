"""The planner. Pure: rooms, closures, stays and one wish in; a complete plan out, or a proof of none.

A stay keeps one bed for all its nights. A room has one sex a night. Stays that have arrived are
fixed; the others may be moved until they arrive, to any bed that offers what they need. In this order:

1. the gap in today's plan that wastes least;
2. a proof for one night that no arrangement can hold everybody (`held_each_night`);
3. a few stays moved elsewhere (shuffle.py);
4. every re-arrangement, by an exact solver under a time limit (solver.py).

Before the day's guests are given their beds for good, `tidy` (tidy.py) keeps rooms open for who comes next.
"""

from collections.abc import Iterable

from bookings.beds.board import Board
from bookings.beds.forecast import places_left
from bookings.beds.shuffle import DAY, best_gap, shuffle
from bookings.beds.values import (
    House,
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
    bed = best_fit(house, everyone, wish)
    if bed is not None:
        return Plan(bed)
    if not held_each_night(house, everyone, wish):
        raise NoPlan
    found = shuffle(Board(house, everyone), wish)
    if found is not None:
        return found
    from bookings.beds.solver import rearrange  # OR-Tools takes a second to load: only when needed

    return rearrange(house, everyone, wish, seconds=seconds)


def best_fit(house: House, stays: Iterable[PlanStay], wish: PlanStay) -> int | None:
    """The bed that wastes least, or None where today's plan has no gap for the wish."""
    ends = {min(wish.nights) - DAY, max(wish.nights) + DAY}
    about = wish.nights | ends  # all that a gap depends on
    near = (stay for stay in stays if stay.id in wish.friends or stay.nights & about)
    return best_gap(Board(house, near), wish)


def held_each_night(house: House, stays: Iterable[PlanStay], wish: PlanStay) -> bool:
    """A necessary condition, quick to check: on each night of the wish there is a way to give the
    rooms to women and men so that all have a bed. Rooms with guests who have arrived keep their sex."""
    return all(left[wish.sex] for left in places_left(house, stays, wish.nights).values())
