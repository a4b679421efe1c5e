"""How many more could be placed on a night, against trying every arrangement of it."""

import datetime as dt
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.beds.forecast import places_left
from bookings.beds.values import House, PlanBed, PlanStay
from tests.beds.test_planner import DAY, is_whole, nights

NIGHT = nights(0, 1)
WHEN = st.sampled_from(["women", "men"])


@st.composite
def one_night(draw):
    rooms = {
        room: draw(st.sampled_from(["flexible", "flexible", "women", "men"])) for room in (1, 2, 3)
    }
    beds = tuple(
        PlanBed(10 * room + bed, room) for room in rooms for bed in range(draw(st.integers(1, 2)))
    )
    closed = draw(st.sets(st.sampled_from([bed.id for bed in beds]), max_size=2))
    house = House(rooms, beds, frozenset((bed, DAY) for bed in closed))
    stays: list[PlanStay] = []
    for bed in draw(st.permutations(beds)):
        stay = PlanStay(len(stays), draw(WHEN), NIGHT, bed.id, draw(st.booleans()))
        if draw(st.booleans()) and is_whole(house, [(s, s.bed) for s in [*stays, stay]]):
            stays.append(stay)
    return house, stays


def can_hold(house, stays, more):
    """By trying every bed for everybody who has not arrived."""
    beds = [bed.id for bed in house.beds]
    options = [[stay.bed] if stay.fixed else beds for stay in stays] + [beds] * len(more)
    return any(
        is_whole(house, zip([*stays, *more], chosen, strict=True)) for chosen in product(*options)
    )


@settings(deadline=None, max_examples=100)
@given(one_night(), WHEN)
def test_exactly_so_many_more_could_be_placed(drawn, sex):
    house, stays = drawn
    left = places_left(house, stays, [DAY])[DAY][sex]
    more = [PlanStay(100 + number, sex, NIGHT) for number in range(left + 1)]

    assert can_hold(house, stays, more[:-1])
    assert not can_hold(house, stays, more)


def test_a_bed_closed_under_a_guest_is_still_hers():
    house = House({1: "women"}, (PlanBed(1, 1), PlanBed(2, 1)), frozenset({(1, DAY)}))
    guest = PlanStay(1, "women", NIGHT, 1, fixed=True)

    assert places_left(house, [guest], [DAY]) == {DAY: {"women": 1, "men": 0}}


def test_each_night_is_looked_at_by_itself():
    house = House({1: "flexible"}, (PlanBed(1, 1), PlanBed(2, 1)))
    guest = PlanStay(1, "women", NIGHT, 1)
    next_day = DAY + dt.timedelta(days=1)

    assert places_left(house, [guest], [DAY, next_day]) == {
        DAY: {"women": 1, "men": 0},
        next_day: {"women": 2, "men": 2},
    }
