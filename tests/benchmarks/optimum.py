"""What a clairvoyant could serve at most: a bound that no planner can pass.

It knows who cancels and who does not come, and asks only that each night the rooms can be given to
women and men so that all have a bed, not that a stay keeps one bed. CP-SAT's proven bound of that is
above every real plan. Requests that are alike are one variable. Where a large season's bound is still
loose when the time is over, the relaxation in real numbers, solved to the end, is closer.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from ortools.linear_solver.python import model_builder

from bookings.beds.simulate import Request
from bookings.beds.values import House


def most_nights(house: House, requests: Iterable[Request], *, seconds: float = 60) -> float:
    """The proven upper bound of the nights that can be served."""
    coming = [one for one in requests if one.cancelled_at is None]
    exact = model_builder.Solver("sat")
    exact.set_time_limit_in_seconds(seconds)
    exact.set_solver_specific_parameters("num_workers:2 relative_gap_limit:0.001")
    exact.solve(_model(house, coming, whole=True))
    relaxed = model_builder.Solver("glop")
    relaxed.solve(_model(house, coming, whole=False))
    return min(exact.best_objective_bound, int(relaxed.objective_value + 1e-6))


def _model(house: House, requests: list[Request], *, whole: bool) -> model_builder.Model:
    model = model_builder.Model()
    guests = defaultdict(list)
    gain = []
    alike = Counter((one.sex, tuple(one.options(one.at.date()))) for one in requests)
    for (sex, options), count in alike.items():
        chosen = []
        for arrival, nights in options:
            picked = model.new_var(0, count, whole, None)
            chosen.append(picked)
            gain.append(nights * picked)
            for night in range(nights):
                guests[arrival.toordinal() + night, sex].append(picked)
        model.add(sum(chosen) <= count)
    sizes: dict[int, int] = defaultdict(int)
    beds: dict[str, int] = defaultdict(int)
    for room, sex in house.rooms.items():
        size = sum(bed.room == room for bed in house.beds)
        if sex == "flexible":
            sizes[size] += 1
        else:
            beds[sex] += size
    for night in {night for night, _sex in guests}:
        womens = {size: model.new_var(0, count, whole, None) for size, count in sizes.items()}
        there = {sex: sum(guests[night, sex]) for sex in ("women", "men")}
        model.add(there["women"] <= beds["women"] + sum(n * w for n, w in womens.items()))
        model.add(there["men"] <= beds["men"] + sum(n * (sizes[n] - w) for n, w in womens.items()))
    model.maximize(sum(gain))
    return model
