"""The solver by rooms against the one bed by bed: the same houses are possible, and its plans are whole."""

import datetime as dt
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.beds import solver
from bookings.beds.planner import best_fit, held_each_night
from bookings.beds.solver import rearrange
from bookings.beds.values import House, NoPlan, PlanBed, PlanStay
from tests.beds.test_planner import DAY, is_whole, nights


@st.composite
def full_houses(draw):
    """Two to four rooms with a guest in most beds, some of whom have arrived, some beds closed."""
    sexes = st.sampled_from(["flexible", "flexible", "women", "men"])
    rooms = {room: draw(sexes) for room in range(1, draw(st.integers(2, 4)) + 1)}
    lower = frozenset({"lower_bunk"})
    beds = tuple(
        PlanBed(10 * room + bed, room, lower if bed == 1 else frozenset())
        for room in rooms
        for bed in range(1, 4)
    )
    nights_closed = st.tuples(st.sampled_from([bed.id for bed in beds]), st.integers(0, 5))
    closed = {
        (bed, DAY + dt.timedelta(days=day)) for bed, day in draw(st.sets(nights_closed, max_size=2))
    }
    house = House(rooms, beds, frozenset(closed))
    stays = []
    for number in range(1, draw(st.integers(2, 14)) + 1):
        arrived = draw(st.booleans())
        stay = PlanStay(
            number,
            draw(st.sampled_from(["women", "men"])),
            nights(0 if arrived else draw(st.integers(0, 4)), draw(st.integers(1, 4))),
            fixed=arrived,
            needs=draw(st.sampled_from([frozenset(), frozenset(), lower])),
            friends=draw(st.frozensets(st.integers(0, 14), max_size=1)),
        )
        bed = best_fit(house, stays, stay)
        if bed is not None:
            stays.append(PlanStay(number, stay.sex, stay.nights, bed, stay.fixed))
    wish = PlanStay(0, draw(st.sampled_from(["women", "men"])), nights(draw(st.integers(0, 3)), 3))
    return house, tuple(stays), wish


def answer(house, stays, wish, few):
    with mock.patch.object(solver, "FEW", few):
        try:
            return rearrange(house, stays, wish, seconds=10)
        except NoPlan:
            return None


@settings(deadline=None, max_examples=80)
@given(full_houses())
def test_by_rooms_the_same_is_possible_as_bed_by_bed(drawn):
    house, stays, wish = drawn
    by_room, by_bed = answer(*drawn, 0), answer(*drawn, 10_000)

    assert (by_room is None) == (by_bed is None)
    if by_room is not None:
        sleepers = [(stay, by_room.moves.get(stay.id, stay.bed)) for stay in stays]
        assert is_whole(house, [*sleepers, (wish, by_room.bed)])
        assert not [stay for stay in stays if stay.fixed and stay.id in by_room.moves]


@settings(deadline=None, max_examples=80)
@given(full_houses())
def test_what_the_quick_proof_calls_impossible_is_impossible(drawn):
    if not held_each_night(*drawn):
        assert answer(*drawn, 10_000) is None


def test_a_room_must_be_womens_or_mens_as_a_whole():
    rooms = {1: "flexible", 2: "flexible"}
    house = House(
        rooms, tuple(PlanBed(10 * room + bed, room) for room in rooms for bed in range(2))
    )
    women = [PlanStay(n, "women", nights(0, 1), bed) for n, bed in ((1, 10), (2, 11), (3, 20))]

    assert not held_each_night(house, women, PlanStay(0, "men", nights(0, 1)))
    with pytest.raises(NoPlan):
        rearrange(house, women, PlanStay(0, "men", nights(0, 1)), seconds=1)
