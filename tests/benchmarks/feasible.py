"""Whether stays go into a house together: an exact answer, found apart from the planner.

Beds of a room are alike, so a room holds its stays, each in one bed throughout, if and only if no
night has more of them than beds (a graph of intervals needs as many colours as meet at most).
"""

from collections import Counter

from ortools.sat.python import cp_model


def feasible(rooms, sexes, stays):
    """`rooms`: beds a room; `sexes`: whose a room is; `stays`: (sex, arrival as a number, nights)."""
    model = cp_model.CpModel()
    kinds = Counter(map(tuple, stays))
    here = {}
    for kind, count in kinds.items():
        for room, beds in enumerate(rooms):
            fits = not sexes or sexes[room] in ("flexible", kind[0])
            here[kind, room] = model.new_int_var(0, min(count, beds) if fits else 0, "")
        model.add(sum(here[kind, room] for room in range(len(rooms))) == count)
    for night in {day for _, arrival, nights in kinds for day in range(arrival, arrival + nights)}:
        slept = [kind for kind in kinds if kind[1] <= night < kind[1] + kind[2]]
        for room, beds in enumerate(rooms):
            women = model.new_bool_var("")
            for sex, allowed in (("women", women), ("men", 1 - women)):
                guests = sum(here[kind, room] for kind in slept if kind[0] == sex)
                model.add(guests <= beds * allowed)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = 60
    found = solver.solve(model)
    assert found in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE)
    return found != cp_model.INFEASIBLE
