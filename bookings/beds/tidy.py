"""The plan tidied before the day's guests are given their beds for good. Pure.

From arrival on a guest's bed cannot change, and a room with one guest left is lost to the other sex
until that guest goes. So guests of one sex who leave at about the same time are put together, in rooms
that have guests already, and whole rooms stay open for whoever asks next. All others keep a bed, as
always. Nothing is promised or refused by it: where the time limit comes first, the best found so far
is taken, or nothing is moved.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from ortools.sat.python import cp_model

from bookings.beds.by_room import ByRoom
from bookings.beds.forecast import places_left
from bookings.beds.solver import beds_in
from bookings.beds.values import House, Night, NoPlan, PlanStay, Undecided

SURE_DAYS = 8  # so far ahead it matters how a room is bound; later nights can be mended meanwhile


def tidy(
    house: House, stays: Iterable[PlanStay], *, day: Night | None = None, seconds: float = 0.3
) -> Mapping[int, int]:
    """Who moves to which bed (stay id → bed), so that those who arrive until `day`, left out the
    soonest arrival, bind as few rooms as can be. Stays that have arrived are not moved."""
    everyone = tuple(stays)
    soonest = min((min(stay.nights) for stay in everyone if not stay.fixed), default=None)
    day = day or soonest
    if day is None or soonest is None or soonest > day or _plenty(house, everyone, day):
        return {}
    try:
        by_room = ByRoom(house, everyone)
        _bind_little(by_room, day)
        beds = beds_in(everyone, by_room.solve(seconds))
    except (NoPlan, Undecided):
        return {}
    if beds is None:
        return {}
    return {stay.id: beds[stay.id] for stay in everyone if beds[stay.id] != stay.bed}


def _plenty(house: House, stays: tuple[PlanStay, ...], day: Night) -> bool:
    """Whether so many beds are left for either sex that it does not matter who sleeps where."""
    nights = [day + dt.timedelta(days=ahead) for ahead in range(SURE_DAYS)]
    left = places_left(house, stays, nights).values()
    return min(min(one.values()) for one in left) > max(6, len(house.beds) / 4)


def _bind_little(by_room: ByRoom, day: Night) -> None:
    """The aim: few beds bound by those who arrive, soon above all; then friends together, then few moves."""
    beds = Counter(bed.room for bed in by_room.house.beds)
    bound = []
    for (room, night), binding in _binding(by_room, day).items():
        one = by_room.model.new_bool_var(f"{room} bound on {night}")
        for arrives in binding:
            by_room.model.add_implication(arrives, one)
        bound.append(beds[room] * max(1, SURE_DAYS - (night - day).days) * one)
    kept = []
    for (party, place), some in by_room.split.items():
        if now := by_room.now_in(party, place):
            stay = by_room.model.new_int_var(0, now, f"stay of {now} in {place.id}")
            by_room.model.add(stay <= some)
            kept.append(stay)
    together = by_room.friends_together()
    all_kept = 1 + sum(map(len, by_room.parties.values()))
    friends = all_kept * (1 + len(by_room.friends))
    by_room.model.minimize(friends * sum(bound) - all_kept * sum(together) - sum(kept))


def _binding(by_room: ByRoom, day: Night) -> dict[tuple[int, Night], list[cp_model.IntVar]]:
    """For each flexible room and night that nobody has bound yet: the arrivals that would."""
    found: dict[tuple[int, Night], list[cp_model.IntVar]] = defaultdict(list)
    for (party, place), some in by_room.split.items():
        if min(party.nights) > day or by_room.house.rooms[place.room] != "flexible":
            continue
        arrives = by_room.model.new_bool_var(f"arrival in {place.id}")
        by_room.model.add(some <= len(place.beds) * arrives)
        for night in party.nights:
            if (place.room, night) not in by_room.sexes:
                found[place.room, night].append(arrives)
    return found
