"""How many nights the planner serves, whether it turns anybody away in vain, and how long it plans.

Seasons: three shapes of station at three loads; the smaller the station, the more seeds, as chance
weighs more in it and its seasons are sooner replayed. The yardstick is a
clairvoyant's proven upper bound (optimum.py): it knows who cancels and may turn early requests away for
better ones, which a rule that turns nobody away in vain cannot. So beside it stands what first come,
first served can reach at most (`nobody_bound`), and the bars are what the planner holds.

`BEDS_CHART=docs/beds-planning-time.svg` draws how the planning time grows.
"""

import os
import time
from collections import defaultdict
from pathlib import Path
from statistics import mean

import pytest

from bookings.beds.forecast import places_left
from bookings.beds.planner import best_fit, plan
from bookings.beds.simulate import simulate
from bookings.beds.tidy import tidy
from bookings.beds.values import NoPlan, Plan
from tests.benchmarks.chart import draw
from tests.benchmarks.optimum import most_nights
from tests.benchmarks.seasons import LOADS, SHAPES, house_of, season
from tests.benchmarks.second_opinion import impossible

SMALL, MIDDLE, LARGE = SHAPES
SEEDS = {SMALL: (1, 2, 3), MIDDLE: (1, 2), LARGE: (1,)}
# Aimed at: 96.5 % on average and 93 % at least with fixed dates, 98.8 % with flexible ones. Where first
# come, first served cannot reach that whatever the beds do, what is held is what was reached.
HELD = {0.0: (0.965, 0.87), 0.6: (0.955, 0.85)}


def first_fit(house, stays, wish):
    """The first bed with a gap; nobody is moved."""
    taken = {(stay.bed, night) for stay in stays for night in stay.nights}
    for bed in house.beds:
        if house.rooms[bed.room] == wish.sex and not any((bed.id, n) in taken for n in wish.nights):
            return Plan(bed.id)
    raise NoPlan


def without_moves(house, stays, wish):
    bed = best_fit(house, stays, wish)
    if bed is None:
        raise NoPlan
    return Plan(bed)


def nobody_bound(house, stays, wish):
    """First come, first served at its best: nobody is bound to a bed, even after arriving, and each
    night need only hold its women and its men."""
    free = [stay if not stay.fixed else _unbound(stay) for stay in stays]
    if not all(left[wish.sex] for left in places_left(house, free, wish.nights).values()):
        raise NoPlan
    return Plan(house.beds[0].id)


def _unbound(stay):
    return type(stay)(stay.id, stay.sex, stay.nights)


def summed(shares):
    """The mean over shapes and loads, each counted once, and the least of all seasons."""
    return mean(map(mean, shares.values())), min(map(min, shares.values()))


@pytest.mark.parametrize("flexible", HELD)
def test_nights_served_beside_a_clairvoyants(flexible):
    ours: dict[tuple[str, float], list[float]] = defaultdict(list)
    at_most: dict[tuple[str, float], list[float]] = defaultdict(list)
    told, undecided, asked = [], 0, 0
    for shape in SHAPES:
        for load in LOADS:
            for seed in SEEDS[shape]:
                house, requests = house_of(shape), season(shape, load, seed, flexible=flexible)
                bound = most_nights(house, requests, seconds=2)
                tally, seconds = simulate(house, requests, plan, tidy)
                others = (
                    simulate(house_of(shape, fixed=True), requests, first_fit)[0],
                    simulate(house, requests, without_moves)[0],
                    simulate(house, requests, nobody_bound)[0],
                )
                shares = [one.nights_served / bound for one in (tally, *others)]
                ours[shape.name, load].append(shares[0])
                at_most[shape.name, load].append(shares[-1])
                undecided += tally.undecided
                asked += tally.requests
                told.append(
                    f"{shape.name:7}{load:4} {seed:4}"
                    + "".join(f"{share:11.1%}" for share in shares)
                    + f"{tally.undecided:11}{tally.moves:7}{seconds:8.0f} s"
                )
    (average, least), (average_at_most, least_at_most) = summed(ours), summed(at_most)
    print(
        f"\nflexible {flexible:.0%}  seed       ours  fixed sex   no moves    at most  undecided"
        "  moves",
        *told,
        f"mean {average:.1%}, least {least:.1%}; first come, first served at most: mean "
        f"{average_at_most:.1%}, least {least_at_most:.1%}; undecided {undecided} of {asked}",
        sep="\n",
    )
    assert average >= HELD[flexible][0]
    assert least >= HELD[flexible][1]
    assert undecided <= 0.001 * asked


def test_nobody_is_refused_in_vain():
    """First come, first served without a waitlist: another solver calls each refusal impossible."""
    for shape, load in ((SMALL, 1.0), (SMALL, 1.4), (MIDDLE, 1.0)):
        refused, in_vain = set(), []

        def once(house, stays, wish, refused=refused, in_vain=in_vain):
            everyone = list(stays)
            if wish.id in refused:  # it asked before: nobody waits here
                raise NoPlan
            try:
                return plan(house, everyone, wish)
            except NoPlan:
                refused.add(wish.id)
                if not impossible(house, everyone, wish):
                    in_vain.append(wish)
                raise

        tally, _ = simulate(house_of(shape), season(shape, load, 1), once, tidy)
        print(f"\n{shape.name} {load}: {len(refused)} refused, {len(in_vain)} in vain")
        assert refused
        assert not in_vain
        assert tally.undecided == 0


def timed(shape, requests):
    """Milliseconds of processor time of each call of the planner: a busy machine does not count."""
    took = []

    def watched(house, stays, wish):
        everyone = list(stays)
        start = time.process_time()
        try:
            return plan(house, everyone, wish)
        finally:
            took.append(1_000 * (time.process_time() - start))

    simulate(house_of(shape), requests, watched)
    return sorted(took)


def test_planning_time_and_how_it_grows():
    beds = len(house_of(MIDDLE).beds)
    for load in LOADS:
        took = timed(MIDDLE, season(MIDDLE, load, 1))
        p50, p99 = took[len(took) // 2], took[int(0.99 * len(took))]
        print(f"\n{beds} beds at load {load}: p50 {p50:.2f} ms, p99 {p99:.0f} ms", end="")
        assert p50 < 5
        assert p99 < 100
    print()
    grown = []
    for times in (0.5, 1, 2, 4, 9):
        rooms = tuple((max(1, int(times * n)), b, s) for n, b, s in MIDDLE.rooms)
        shape = MIDDLE._replace(rooms=rooms)
        took = timed(shape, season(shape, 0.9, 1))
        grown.append((len(house_of(shape).beds), took[len(took) // 2]))
        print(f"{grown[-1][0]} beds at load 0.9: p50 {grown[-1][1]:.2f} ms")
    if os.environ.get("BEDS_CHART"):
        draw(grown, Path(os.environ["BEDS_CHART"]))
    (fewest, soon), (most, late) = grown[0], grown[-1]
    assert late / soon <= 1.1 * most / fewest  # a clock is never exact
