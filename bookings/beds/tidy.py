"""Before guests arrive: another plan for the same stays that leaves the most freedom. Pure.

Whoever arrives today is fixed to a bed, and keeps the room to their sex until they leave. So today's
guests are put where that locks the fewest beds: with those of their sex who leave late anyway, in small
rooms rather than large ones, the coming nights weighing most, since late requests are for those.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from ortools.sat.python import cp_model

from bookings.beds.by_room import RoomModel
from bookings.beds.solver import beds_in
from bookings.beds.values import House, Night, NoPlan, PlanStay, Undecided

NEAR = 8  # nights ahead from which on all weigh the same
MUCH = 1_000  # what a locked bed weighs against a stay that moves


def tidy(
    house: House, stays: Iterable[PlanStay], today: Night, *, seconds: float = 0.5
) -> dict[int, int]:
    """Moves (stay → bed) of stays that have not arrived, before those of `today` do; none where nobody
    arrives or no better plan is found in time."""
    everyone = tuple(stays)
    if not any(not stay.fixed and min(stay.nights) == today for stay in everyone):
        return {}
    try:
        question = RoomModel(house, everyone)
        _lock_little(question, today)
        beds = beds_in(everyone, question.solve(seconds))
    except (NoPlan, Undecided):
        return {}
    if beds is None:
        return {}
    return {stay.id: beds[stay.id] for stay in everyone if beds[stay.id] != stay.bed}


def _lock_little(question: RoomModel, today: Night) -> None:
    """Fewest beds locked by today's guests first, fewest stays moved second."""
    sizes = Counter(bed.room for bed in question.house.beds)
    locks: dict[tuple[int, Night], list[cp_model.IntVar]] = defaultdict(list)
    kept = []
    for (party, place), some in question.split.items():
        _sex, nights, _needs = party
        here = question.there(party, place)
        if here:
            stays = question.model.new_int_var(0, here, "")
            question.model.add(stays <= some)
            kept.append(stays)
        opened = [night for night in nights if (place.room, night) not in question.sexes]
        if min(nights) != today or question.house.rooms[place.room] != "flexible" or not opened:
            continue
        anybody = question.model.new_bool_var("")
        question.model.add(some <= len(question.parties[party]) * anybody)
        for night in opened:
            locks[place.room, night].append(anybody)
    cost = []
    for (room, night), guests in locks.items():
        locked = question.model.new_bool_var("")
        for anybody in guests:
            question.model.add_implication(anybody, locked)
        cost.append(sizes[room] * max(1, NEAR - (night - today).days) * locked)
    question.model.minimize(MUCH * sum(cost) - sum(kept))
