"""Tidying: no rule is broken, nobody who has arrived moves, and fewer beds are locked."""

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


@settings(deadline=None, max_examples=60)
@given(full_houses())
def test_no_rule_is_broken_and_who_has_arrived_stays(drawn):
    house, stays, _wish = drawn

    moves = tidy(house, stays, DAY)

    assert not {stay.id for stay in stays if stay.fixed} & moves.keys()
    assert is_whole(house, [(stay, moves.get(stay.id, stay.bed)) for stay in stays])


def test_guests_of_one_day_share_a_room_and_leave_the_other_free():
    beds = tuple(PlanBed(10 * room + n, room) for room in (1, 2) for n in (1, 2))
    house = House({1: "flexible", 2: "flexible"}, beds)
    apart = [PlanStay(1, "women", nights(0, 3), 11), PlanStay(2, "women", nights(0, 3), 21)]

    moves = tidy(house, apart, DAY)

    assert len(moves) == 1
    assert len({moves.get(stay.id, stay.bed) // 10 for stay in apart}) == 1


def test_where_nobody_arrives_nobody_moves():
    house = House({1: "flexible"}, (PlanBed(1, 1), PlanBed(2, 1)))

    assert tidy(house, [PlanStay(1, "women", nights(1, 2), 1)], DAY) == {}


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
