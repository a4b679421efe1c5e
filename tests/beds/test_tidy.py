"""Tidying: it never moves who has arrived, never breaks a rule, and keeps rooms open."""

import datetime as dt

import pytest
from hypothesis import given, settings

from bookings.beds.allocate import bed_of
from bookings.beds.tidy import tidy
from bookings.beds.values import House, PlanBed, PlanStay
from bookings.invariants import breaches
from bookings.places.models import Bed, Room
from bookings.tasks import tidy_beds
from tests import events
from tests.beds.test_planner import DAY, is_whole, nights
from tests.beds.test_solver import full_houses
from tests.factories import make_district, make_draft, make_person, make_station

ROOMS = {1: "flexible", 2: "flexible"}
HOUSE = House(ROOMS, tuple(PlanBed(10 * room + bed, room) for room in ROOMS for bed in (1, 2)))


@settings(deadline=None, max_examples=60)
@given(full_houses())
def test_nobody_who_has_arrived_is_moved_and_every_rule_is_kept(drawn):
    house, stays, _wish = drawn

    moves = tidy(house, stays)

    assert not [stay for stay in stays if stay.fixed and stay.id in moves]
    assert all(moves[stay.id] != stay.bed for stay in stays if stay.id in moves)
    assert is_whole(house, [(stay, moves.get(stay.id, stay.bed)) for stay in stays])


def test_two_women_who_arrive_share_a_room_so_that_the_other_stays_open():
    guests = [
        PlanStay(1, "women", nights(0, 3), 11),
        PlanStay(2, "women", nights(0, 3), 21),
    ]

    moves = tidy(HOUSE, guests)

    assert len(moves) == 1
    assert {moves.get(1, 11), moves.get(2, 21)} in ({11, 12}, {21, 22})


def test_who_leaves_with_a_guest_joins_her():
    guests = [
        PlanStay(1, "women", nights(-1, 2), 11, fixed=True),
        PlanStay(2, "women", nights(-1, 5), 21, fixed=True),
        PlanStay(3, "women", nights(0, 4), 12),
    ]

    assert tidy(HOUSE, guests) == {3: 22}


def test_a_tidy_plan_is_left_alone():
    guests = [
        PlanStay(1, "women", nights(0, 3), 11),
        PlanStay(2, "women", nights(0, 3), 12),
        PlanStay(3, "men", nights(0, 3), 22),
    ]

    assert tidy(HOUSE, guests) == {}


def test_friends_who_arrive_are_put_together():
    rooms = {1: "women", 2: "women"}
    house = House(rooms, HOUSE.beds)
    guests = [
        PlanStay(1, "women", nights(0, 3), 11),
        PlanStay(2, "women", nights(0, 3), 21, friends=frozenset({1})),
    ]

    assert len(tidy(house, guests)) == 1


def test_nobody_is_moved_before_the_day_of_arrival():
    guests = [
        PlanStay(1, "women", nights(1, 3), 11),
        PlanStay(2, "women", nights(1, 3), 21),
    ]

    assert tidy(HOUSE, guests, day=DAY) == {}
    assert tidy(HOUSE, guests, day=DAY + dt.timedelta(days=1)) != {}
    assert tidy(HOUSE, []) == {}


@pytest.mark.django_db
def test_the_worker_tidies_each_station_once():
    station = make_station(make_district(), beds=2)
    other = Room.objects.create(station=station, name="102")
    for name in ("1", "2"):
        Bed.objects.create(room=other, name=name)
    drafts = [make_draft(make_person(station.district), station) for _ in range(2)]
    for draft, bed in zip(drafts, Bed.objects.filter(name="1").order_by("pk"), strict=True):
        events.promise(draft)
        if bed_of(draft.stay) != bed:
            events.move_to(draft, bed)

    assert (tidy_beds(), tidy_beds()) == (1, 0)

    assert len({bed_of(draft.stay).room for draft in drafts}) == 1
    assert list(breaches()) == []
