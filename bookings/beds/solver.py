"""The exact way: every re-arrangement of the stays that have not arrived, by OR-Tools CP-SAT. Pure.

In a small house bed by bed, so that the moves are the fewest. In others by rooms (by_room.py): what is
impossible by rooms is impossible; what is possible is given beds one stay after another, and where
that fails (a guest who has arrived is in a bed that cannot be chosen freely) bed by bed after all.
"""

from collections import defaultdict
from collections.abc import Iterable

from ortools.sat.python import cp_model

from bookings.beds.board import suits
from bookings.beds.by_room import Place, rooms_for
from bookings.beds.values import House, Night, NoPlan, Plan, PlanBed, PlanStay, Undecided

FEW = 800  # stays times beds up to which each bed is a choice


def rearrange(house: House, stays: Iterable[PlanStay], wish: PlanStay, *, seconds: float) -> Plan:
    """A plan for all. Errors: NoPlan (proven), Undecided (time limit)."""
    everyone = (*stays, wish)
    beds = None
    if len(everyone) * len(house.beds) > FEW:
        beds = beds_in(everyone, rooms_for(house, everyone, seconds=seconds))
    if beds is None:
        beds = _bed_by_bed(house, everyone, seconds)
    moves = {s.id: beds[s.id] for s in everyone if s is not wish and beds[s.id] != s.bed}
    return Plan(beds[wish.id], moves)


def beds_in(everyone: tuple[PlanStay, ...], chosen: dict[int, Place]) -> dict[int, int] | None:
    """A bed for each stay in the place chosen for it: the one it has, else the first that is free on
    all its nights. Who can keep a bed comes first, so that few move; where that fails, who arrives
    first, which always succeeds where no bed is given. None where neither does."""
    keeping = _one_by_one(
        sorted(
            everyone,
            key=lambda s: (not s.fixed, s.bed not in chosen[s.id].beds, min(s.nights), s.id),
        ),
        chosen,
    )
    if keeping is not None:
        return keeping
    by_arrival = sorted(everyone, key=lambda s: (not s.fixed, min(s.nights), s.bed is None, s.id))
    return _one_by_one(by_arrival, chosen)


def _one_by_one(order: list[PlanStay], chosen: dict[int, Place]) -> dict[int, int] | None:
    beds: dict[int, int] = {}
    taken: set[tuple[int, Night]] = set()
    for stay in order:
        wanted = sorted(chosen[stay.id].beds, key=lambda bed: bed != stay.bed)
        free = (b for b in wanted if not any((b, night) in taken for night in stay.nights))
        bed = next(free, None)
        if bed is None or (stay.fixed and bed != stay.bed):
            return None
        beds[stay.id] = bed
        taken |= {(bed, night) for night in stay.nights}
    return beds


Choices = dict[tuple[int, int], cp_model.IntVar]  # (stay, bed) → whether it sleeps there


def _bed_by_bed(house: House, everyone: tuple[PlanStay, ...], seconds: float) -> dict[int, int]:
    """A bed for each stay with the fewest moves. Errors: NoPlan, Undecided."""
    model = cp_model.CpModel()
    sleeps = _choices(model, house, everyone)
    _one_bed_each(model, everyone, sleeps)
    _one_guest_a_bed_night(model, everyone, sleeps)
    _one_sex_a_room_night(model, house, everyone, sleeps)
    former = {stay.id: stay.bed for stay in everyone}
    model.maximize(sum(one for (stay, bed), one in sleeps.items() if bed == former[stay]))

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
        if not suits(house, bed, stay):
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
