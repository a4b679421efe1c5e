"""What a clairvoyant could serve at most: a bound that no planner can pass.

It knows who cancels and who does not come, and asks only that each night the rooms can be given to
women and men so that all have a bed, not that a stay keeps one bed. CP-SAT's proven bound of that is
above every real plan. Who asks alike is counted together: the same question, sooner answered.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from ortools.sat.python import cp_model

from bookings.beds.simulate import Request
from bookings.beds.values import House

Alike = tuple[str, tuple[tuple[int, int], ...]]  # a sex, and (arrival, nights) that would do


def most_nights(house: House, requests: Iterable[Request], *, seconds: float = 60) -> float:
    """The proven upper bound of the nights that can be served."""
    model = cp_model.CpModel()
    guests = defaultdict(list)
    gain = []
    for (sex, options), count in _alike(requests).items():
        chosen = []
        for arrival, nights in options:
            picked = model.new_int_var(0, count, f"{sex} {arrival} {nights}")
            chosen.append(picked)
            gain.append(nights * picked)
            for night in range(nights):
                guests[arrival + night, sex].append(picked)
        if len(chosen) > 1:
            model.add(sum(chosen) <= count)
    _beds_for_all(model, house, guests)
    model.maximize(sum(gain))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.relative_gap_limit = 0.001
    solver.parameters.linearization_level = 2
    solver.parameters.num_workers = 8  # some of them only tighten the bound
    solver.solve(model)
    return solver.best_objective_bound


def _alike(requests: Iterable[Request]) -> Counter[Alike]:
    """Those who come, by what would do for them."""
    return Counter(
        (
            one.sex,
            tuple(sorted((day.toordinal(), n) for day, n in one.options(one.at.date()))),
        )
        for one in requests
        if one.cancelled_at is None
    )


def _beds_for_all(model: cp_model.CpModel, house: House, guests: dict) -> None:
    sizes: dict[int, int] = defaultdict(int)
    beds: dict[str, int] = defaultdict(int)
    for room, sex in house.rooms.items():
        size = sum(bed.room == room for bed in house.beds)
        if sex == "flexible":
            sizes[size] += 1
        else:
            beds[sex] += size
    for night in {night for night, _sex in guests}:
        women = [
            (size, count, model.new_int_var(0, count, f"{night} {size}"))
            for size, count in sizes.items()
        ]
        model.add(
            sum(guests[night, "women"]) <= beds["women"] + sum(size * n for size, _c, n in women)
        )
        model.add(
            sum(guests[night, "men"])
            <= beds["men"] + sum(size * (count - n) for size, count, n in women)
        )
