"""Room for a guest who keeps the bed: compared with every way to place the others."""

import datetime as dt
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.beds.around import clear_bed
from bookings.beds.planner import NoPlan
from bookings.beds.values import House, PlanBed, PlanStay

DAYS = [dt.date(2026, 11, 23) + dt.timedelta(days=n) for n in range(4)]
BEDS = (PlanBed(1, 1), PlanBed(2, 1), PlanBed(3, 2))


def house(*sexes, closed=()):
    return House(dict(enumerate(sexes, 1)), BEDS, frozenset(closed))


def stay(number, bed, nights, sex="women", fixed=False):
    return PlanStay(number, sex, frozenset(DAYS[n] for n in nights), bed, fixed)


def test_who_has_not_arrived_moves_out_of_the_bed():
    guest, other = stay(1, 1, [1, 2]), stay(2, 1, [1])

    moves = clear_bed(house("women", "women"), [other], guest)

    assert moves == {2: 2} or moves == {2: 3}


def test_the_other_sex_moves_out_of_the_room():
    guest, other = stay(1, 1, [1]), stay(2, 2, [1], sex="men")

    assert clear_bed(house("flexible", "flexible"), [other], guest) == {2: 3}


@pytest.mark.parametrize(
    "others",
    [
        [stay(2, 1, [1], fixed=True)],
        [stay(2, 2, [1], sex="men", fixed=True)],
        [stay(n, n - 1, [1]) for n in (2, 3, 4)],
    ],
)
def test_who_is_here_or_a_full_house_leaves_no_room(others):
    with pytest.raises(NoPlan):
        clear_bed(house("flexible", "flexible"), others, stay(1, 1, [1]))


def test_a_closed_bed_cannot_be_kept():
    with pytest.raises(NoPlan):
        clear_bed(house("women", "women", closed=[(1, DAYS[1])]), [], stay(1, 1, [1]))


def possible(beds, stays):
    """Whether the stays, each in its bed, go together."""
    room, taken, sexes = {bed.id: bed.room for bed in BEDS}, set(), {}
    for one, bed in zip(stays, beds, strict=True):
        for night in one.nights:
            key = (room[bed], night)
            if (bed, night) in taken or sexes.setdefault(key, one.sex) != one.sex:
                return False
            taken.add((bed, night))
    return True


@st.composite
def houses(draw):
    """A guest in bed 1 until night 0, and others who all have beds."""
    here = stay(9, 1, [0], fixed=True)
    stays = [here]
    for number in range(draw(st.integers(0, 4))):
        first, last = sorted([draw(st.integers(0, 3)), draw(st.integers(0, 3))])
        sex = draw(st.sampled_from(["women", "men"]))
        one = stay(number + 10, draw(st.integers(1, 3)), range(first, last + 1), sex)
        if possible([s.bed for s in [*stays, one]], [*stays, one]):
            stays.append(one)
    return stays


@given(houses(), st.integers(1, 3))
def test_the_bed_is_cleared_whenever_some_way_clears_it(stays, last):
    guest = stay(1, 1, range(1, last + 1))
    others = [one for one in stays if not one.fixed]
    fixed = [one for one in stays if one.fixed]
    whole = [*fixed, guest, *others]
    ways = product([1, 2, 3], repeat=len(others))

    some = any(possible([1] * (len(fixed) + 1) + list(way), whole) for way in ways)

    try:
        moves = clear_bed(house("flexible", "flexible"), stays, guest)
    except NoPlan:
        assert not some
    else:
        assert possible([1] * (len(fixed) + 1) + [moves.get(o.id, o.bed) for o in others], whole)
