"""The planner against a plain search through every arrangement of small houses."""

import datetime as dt
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.beds.planner import House, NoPlan, Plan, PlanBed, PlanStay, best_fit, plan

DAY = dt.date(2026, 12, 1)


def nights(first, count):
    return frozenset(DAY + dt.timedelta(days=first + night) for night in range(count))


def is_whole(house, sleepers):
    """Whether (stay, bed) pairs keep every rule: beds, closures, sexes, needs."""
    room_of = {bed.id: bed.room for bed in house.beds}
    offers = {bed.id: bed.offers for bed in house.beds}
    beds, sexes = set(house.closed), {}
    for stay, bed in sleepers:
        if not stay.fixed and not stay.needs <= offers[bed]:
            return False
        if house.rooms[room_of[bed]] not in ("flexible", stay.sex):
            return False
        for night in stay.nights:
            if (bed, night) in beds or sexes.setdefault(
                (room_of[bed], night), stay.sex
            ) != stay.sex:
                return False
            beds.add((bed, night))
    return True


def fewest_moves(house, stays, wish):
    """By trying everything: how many stays must move for the wish, or None where it cannot be."""
    beds = [bed.id for bed in house.beds]
    options = [[stay.bed] if stay.fixed else beds for stay in stays]
    moves = [
        sum(bed != stay.bed for stay, bed in zip(stays, chosen, strict=False))
        for chosen in product(*options, beds)
        if is_whole(house, zip([*stays, wish], chosen, strict=True))
    ]
    return min(moves, default=None)


WORDS = st.frozensets(st.sampled_from(["lower_bunk", "accessible"]), max_size=2)
SEXES = st.sampled_from(["women", "men"])


@st.composite
def houses(draw):
    """A house of up to four beds in two rooms, guests who sleep in it by the rules, and a wish. Some
    beds are closed for a night, some offer what some need, some guests are friends."""
    rooms = {1: draw(st.sampled_from(["flexible", "women", "men"])), 2: "flexible"}
    count = draw(st.integers(1, 2))
    beds = tuple(PlanBed(10 * room + n, room, draw(WORDS)) for room in rooms for n in range(count))
    closed = st.tuples(st.sampled_from([bed.id for bed in beds]), st.integers(0, 3))
    out = {(bed, DAY + dt.timedelta(days=day)) for bed, day in draw(st.sets(closed, max_size=1))}
    house = House(rooms, beds, frozenset(out))
    stays = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        stay = PlanStay(
            number,
            draw(SEXES),
            nights(draw(st.integers(0, 3)), draw(st.integers(1, 3))),
            fixed=draw(st.booleans()),
            needs=draw(st.sampled_from([frozenset(), frozenset({"lower_bunk"})])),
            friends=draw(st.frozensets(st.integers(0, 4), max_size=1)),
        )
        bed = best_fit(house, stays, stay)
        if bed is not None:
            stays.append(replace(stay, bed=bed))
    wish = PlanStay(
        0,
        draw(SEXES),
        nights(draw(st.integers(0, 3)), 3),
        needs=draw(WORDS),
        friends=draw(st.frozensets(st.integers(1, 4), max_size=2)),
    )
    return house, tuple(stays), wish


@settings(deadline=None, max_examples=150)
@given(houses())
def test_a_wish_is_placed_with_the_fewest_moves_or_proven_impossible(drawn):
    house, stays, wish = drawn
    fewest = fewest_moves(house, stays, wish)

    try:
        found = plan(house, stays, wish)
    except NoPlan:
        assert fewest is None
    else:
        assert len(found.moves) == fewest
        sleepers = [(stay, found.moves.get(stay.id, stay.bed)) for stay in stays]
        assert is_whole(house, [*sleepers, (wish, found.bed)])
        assert not [stay for stay in stays if stay.fixed and stay.id in found.moves]


def test_a_closed_bed_is_not_given():
    house = House({1: "flexible"}, (PlanBed(1, 1),), closed=frozenset({(1, DAY)}))

    with pytest.raises(NoPlan):
        plan(house, (), PlanStay(0, "women", nights(0, 2)))


def test_a_room_in_use_is_taken_before_an_empty_one_is_locked():
    house = House({1: "flexible", 2: "flexible"}, (PlanBed(11, 1), PlanBed(21, 2), PlanBed(22, 2)))
    guest = PlanStay(1, "women", nights(0, 3), bed=22)

    assert plan(house, [guest], PlanStay(0, "women", nights(0, 3))).bed == 21


def test_a_womens_room_is_taken_before_a_flexible_one():
    house = House({1: "flexible", 2: "women"}, (PlanBed(11, 1), PlanBed(21, 2)))

    assert plan(house, (), PlanStay(0, "women", nights(0, 3))).bed == 21


LOWER = frozenset({"lower_bunk"})
WOMENS = {1: "women", 2: "women"}


def test_who_needs_a_lower_bunk_gets_one_and_another_moves_up():
    house = House({1: "women"}, (PlanBed(11, 1, LOWER), PlanBed(12, 1)))
    guest = PlanStay(1, "women", nights(0, 3), bed=11)

    found = plan(house, [guest], PlanStay(0, "women", nights(0, 3), needs=LOWER))

    assert (found.bed, found.moves) == (11, {1: 12})


def test_where_no_bed_offers_what_is_needed_there_is_no_plan():
    house = House(WOMENS, (PlanBed(11, 1), PlanBed(21, 2)))

    with pytest.raises(NoPlan):
        plan(house, (), PlanStay(0, "women", nights(0, 3), needs=LOWER))


def test_who_has_arrived_keeps_her_bed_whatever_she_needs():
    house = House({1: "women"}, (PlanBed(11, 1), PlanBed(12, 1, LOWER)))
    guest = PlanStay(1, "women", nights(0, 3), bed=11, fixed=True, needs=LOWER)

    found = plan(house, [guest], PlanStay(0, "women", nights(0, 3), needs=LOWER))

    assert (found.bed, found.moves) == (12, {})


def test_a_lower_bunk_is_spared_for_who_needs_it():
    house = House({1: "women"}, (PlanBed(11, 1, LOWER), PlanBed(12, 1)))

    assert plan(house, (), PlanStay(0, "women", nights(0, 3))).bed == 12


def test_friends_share_a_room_where_nobody_moves_for_it():
    house = House(WOMENS, (PlanBed(11, 1), PlanBed(21, 2), PlanBed(22, 2)))
    friend = PlanStay(1, "women", nights(0, 3), bed=22)

    wish = PlanStay(0, "women", nights(0, 3), friends=frozenset({1}))

    assert plan(house, [friend], wish).bed == 21


def test_a_friend_without_a_bed_beside_her_is_placed_elsewhere():
    house = House(WOMENS, (PlanBed(11, 1), PlanBed(21, 2)))
    friend = PlanStay(1, "women", nights(0, 3), bed=21)

    wish = PlanStay(0, "women", nights(0, 3), friends=frozenset({1}))

    assert plan(house, [friend], wish) == Plan(11)
