"""Whether a wish is impossible, judged by another formulation and another solver than the planner's.

Each stay chooses a room, one by one (nobody is counted together); each room has one sex a night and no
more guests than open beds: a mixed-integer programme for SCIP. It leaves out that a stay keeps one bed
of its room, and looks at the nights about the wish first: fewer rules hold fewer things impossible, so
what it calls impossible is.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from ortools.linear_solver.python import model_builder

from bookings.beds.values import House, Night, PlanStay

AROUND = (0, 2, 7, 60)  # nights before and after the wish's
SECONDS = 60


def impossible(house: House, stays: Iterable[PlanStay], wish: PlanStay) -> bool:
    """Whether it is proven that nothing can place the wish."""
    everyone = (*stays, wish)
    return any(_impossible(house, everyone, _window(wish, around)) for around in AROUND)


def _window(wish: PlanStay, around: int) -> set[Night]:
    days = (dt.timedelta(days=day) for day in range(-around, around + 1))
    return {night + day for day in days for night in wish.nights}


def _impossible(house: House, everyone: tuple[PlanStay, ...], nights: set[Night]) -> bool:
    model = model_builder.Model()
    room_of = {bed.id: bed.room for bed in house.beds}
    guests = defaultdict(list)
    for stay in everyone:
        if not stay.nights & nights:
            continue
        rooms = [room_of[stay.bed]] if stay.fixed else list(house.rooms)
        sleeps = {room: model.new_bool_var() for room in rooms}
        model.add(sum(sleeps.values()) == 1)
        for room, one in sleeps.items():
            for night in stay.nights & nights:
                guests[room, night, stay.sex].append(one)
    for room, night in {(room, night) for room, night, _sex in guests}:
        beds = sum(bed.room == room and (bed.id, night) not in house.closed for bed in house.beds)
        womens = model.new_bool_var()
        if house.rooms[room] != "flexible":
            model.add(womens == (house.rooms[room] == "women"))
        model.add(sum(guests[room, night, "women"]) <= beds * womens)
        model.add(sum(guests[room, night, "men"]) <= beds * (1 - womens))
    solver = model_builder.Solver("scip")
    solver.set_time_limit_in_seconds(SECONDS)
    return solver.solve(model) == model_builder.SolveStatus.INFEASIBLE
