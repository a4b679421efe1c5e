"""The exact way: every re-arrangement of the stays that have not arrived, by OR-Tools CP-SAT. Pure.

In a small house bed by bed, so that the moves are the fewest. In others by rooms (by_room.py), first for
the nights about the wish, then for all: what is impossible by rooms is impossible; what is possible is
given beds one stay after another, and where that fails (a guest who has arrived is in a bed that cannot
be chosen freely) bed by bed after all. Who was moved in vain is moved back.
"""

import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from ortools.sat.python import cp_model

from bookings.beds.board import Board
from bookings.beds.by_room import Place, rooms_for
from bookings.beds.shuffle import DAY, FEW
from bookings.beds.values import House, Night, NoPlan, Plan, PlanBed, PlanStay, Undecided


def rearrange(house: House, stays: Iterable[PlanStay], wish: PlanStay, *, seconds: float) -> Plan:
    """A plan for all. Errors: NoPlan (proven), Undecided (time limit)."""
    everyone = (*stays, wish)
    beds = None
    if len(everyone) * len(house.beds) > FEW:
        beds = beds_in(everyone, _by_rooms(house, everyone, wish, seconds))
        if beds is not None:
            beds = _moved_back(house, everyone, beds)
    if beds is None:
        beds = _bed_by_bed(house, everyone, seconds)
    moves = {s.id: beds[s.id] for s in everyone if s is not wish and beds[s.id] != s.bed}
    return Plan(beds[wish.id], moves)


def _by_rooms(
    house: House, everyone: tuple[PlanStay, ...], wish: PlanStay, seconds: float
) -> dict[int, Place]:
    """A room for each: a proof for the nights about the wish first, then with those stays moved only
    that sleep in these nights, then with all. Errors: NoPlan, Undecided."""
    end = time.monotonic() + seconds
    window = {night + day for night in wish.nights for day in (-DAY, 0 * DAY, DAY)}
    rooms_for(house, _within(window, everyone), seconds=seconds)
    others_stay = [s if s.nights & window else replace(s, fixed=True) for s in everyone]
    with suppress(NoPlan, Undecided):
        return rooms_for(house, others_stay, seconds=(end - time.monotonic()) / 2)
    return rooms_for(house, everyone, seconds=max(0.01, end - time.monotonic()))


def _within(window: set[Night], everyone: tuple[PlanStay, ...]) -> list[PlanStay]:
    """The stays as far as they reach into these nights. If there is no way for these nights there is
    none for all, and that is proven much sooner."""
    return [
        replace(stay, nights=stay.nights & window, friends=frozenset())
        for stay in everyone
        if stay.nights & window
    ]


def _moved_back(
    house: House, everyone: tuple[PlanStay, ...], beds: dict[int, int]
) -> dict[int, int]:
    """The same plan with fewer moves: who could as well stay in the bed held so far, does."""
    board = Board(house, [replace(stay, bed=beds[stay.id]) for stay in everyone])
    held = {bed.id: bed for bed in house.beds}
    moved = [s for s in everyone if s.bed is not None and s.bed != beds[s.id]]
    while True:
        still = []
        for stay in moved:
            assert stay.bed is not None
            board.leave(stay)
            back = board.fits(held[stay.bed], stay)
            board.enter(stay, stay.bed if back else beds[stay.id])
            if not back:
                still.append(stay)
        if len(still) == len(moved):
            return board.beds
        moved = still


def beds_in(everyone: tuple[PlanStay, ...], chosen: dict[int, Place]) -> dict[int, int] | None:
    """A bed for each stay in the place chosen for it: the one it has, else the first that is free on
    all its nights, one that nobody else has held so far if there is one. None where none is free."""
    keeps = {stay.id: stay.bed in chosen[stay.id].beds for stay in everyone}
    held = {stay.bed for stay in everyone if keeps[stay.id]}
    beds: dict[int, int] = {}
    taken: set[tuple[int, Night]] = set()
    for stay in sorted(everyone, key=lambda s: (not s.fixed, min(s.nights), not keeps[s.id], s.id)):
        wanted = sorted(chosen[stay.id].beds, key=lambda bed: (bed != stay.bed, bed in held, bed))
        free = (b for b in wanted if not any((b, night) in taken for night in stay.nights))
        bed = next(free, None)
        if bed is None or (stay.fixed and bed != stay.bed):
            return None
        beds[stay.id] = bed
        taken |= {(bed, night) for night in stay.nights}
    return beds


Choices = dict[tuple[int, int], cp_model.IntVar]  # (stay, bed) → whether it sleeps there


def _bed_by_bed(house: House, everyone: tuple[PlanStay, ...], seconds: float) -> dict[int, int]:
    """A bed for each stay with the fewest moves, then the most friends in one room. Errors: NoPlan,
    Undecided."""
    model = cp_model.CpModel()
    sleeps = _choices(model, house, everyone)
    _one_bed_each(model, everyone, sleeps)
    _one_guest_a_bed_night(model, everyone, sleeps)
    _one_sex_a_room_night(model, house, everyone, sleeps)
    former = {stay.id: stay.bed for stay in everyone}
    kept = sum(one for (stay, bed), one in sleeps.items() if bed == former[stay])
    together = _friends_together(model, house, everyone, sleeps)
    model.maximize((len(everyone) ** 2) * kept + sum(together))

    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1  # the same question has the same answer
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        raise NoPlan
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise Undecided
    return {stay: bed for (stay, bed), one in sleeps.items() if solver.boolean_value(one)}


def _choices(model: cp_model.CpModel, house: House, stays: tuple[PlanStay, ...]) -> Choices:
    def open_to(stay: PlanStay, bed: PlanBed) -> bool:
        if stay.fixed:
            return bed.id == stay.bed
        if house.rooms[bed.room] not in ("flexible", stay.sex) or not stay.needs <= bed.offers:
            return False
        return not any((bed.id, night) in house.closed for night in stay.nights)

    return {
        (stay.id, bed.id): model.new_bool_var(f"{stay.id}@{bed.id}")
        for stay in stays
        for bed in house.beds
        if open_to(stay, bed)
    }


def _one_bed_each(model: cp_model.CpModel, stays: tuple[PlanStay, ...], sleeps: Choices) -> None:
    of_stay = defaultdict(list)
    for (stay, _), chosen in sleeps.items():
        of_stay[stay].append(chosen)
    for guest in stays:
        model.add_exactly_one(of_stay[guest.id])


def _one_guest_a_bed_night(
    model: cp_model.CpModel, stays: tuple[PlanStay, ...], sleeps: Choices
) -> None:
    nights = {stay.id: stay.nights for stay in stays}
    of_bed_night = defaultdict(list)
    for (stay, bed), chosen in sleeps.items():
        for night in nights[stay]:
            of_bed_night[bed, night].append(chosen)
    for guests in of_bed_night.values():
        model.add_at_most_one(guests)


def _one_sex_a_room_night(
    model: cp_model.CpModel, house: House, stays: tuple[PlanStay, ...], sleeps: Choices
) -> None:
    room_of = {bed.id: bed.room for bed in house.beds}
    stay_of = {stay.id: stay for stay in stays}
    women: dict[tuple[int, Night], cp_model.IntVar] = {}
    for (stay_id, bed), chosen in sleeps.items():
        if house.rooms[room_of[bed]] != "flexible":
            continue
        for night in stay_of[stay_id].nights:
            key = room_of[bed], night
            if key not in women:
                women[key] = model.new_bool_var(f"women in {key}")
            is_woman = stay_of[stay_id].sex == "women"
            model.add_implication(chosen, women[key] if is_woman else women[key].negated())


def _friends_together(
    model: cp_model.CpModel, house: House, stays: tuple[PlanStay, ...], sleeps: Choices
) -> list[cp_model.IntVar]:
    """For each two friends and each room: whether both sleep in it."""
    here = {stay.id for stay in stays}
    pairs = {frozenset((s.id, one)) for s in stays for one in s.friends & here if one != s.id}
    found = []
    for pair in pairs:
        for room in house.rooms:
            both = model.new_bool_var(f"{set(pair)} in {room}")
            for friend in pair:
                beds = (bed.id for bed in house.beds if bed.room == room)
                model.add(both <= sum(sleeps.get((friend, bed), 0) for bed in beds))
            found.append(both)
    return found
