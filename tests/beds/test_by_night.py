"""A night by itself, against trying every way to give the rooms away."""

from itertools import product

from hypothesis import given

from bookings.beds.by_night import held_each_night, places_left
from bookings.beds.values import House, PlanBed, PlanStay
from tests.beds.test_planner import DAY, nights
from tests.beds.test_solver import full_houses

ONE = frozenset([DAY])


def fits(house, guests):
    """Whether the guests of one night can be in rooms of their sex, those who arrived in theirs."""
    room_of = {bed.id: bed.room for bed in house.beds}
    open_beds = {
        room: sum((b.id, DAY) not in house.closed for b in house.beds if b.room == room)
        for room in house.rooms
    }
    choices = []
    for room, sex in house.rooms.items():
        kept = {g.sex for g in guests if g.fixed and room_of[g.bed] == room}
        choices.append(kept or ({"women", "men"} if sex == "flexible" else {sex}))
    return any(
        all(
            sum(
                open_beds[room] for room, of in zip(house.rooms, given_to, strict=True) if of == sex
            )
            >= sum(guest.sex == sex for guest in guests)
            for sex in ("women", "men")
        )
        for given_to in product(*choices)
    )


@given(full_houses())
def test_as_many_more_could_be_placed_as_trying_says(drawn):
    house, stays, _wish = drawn
    tonight = [stay for stay in stays if DAY in stay.nights]
    if not fits(house, tonight):
        return
    found = places_left(house, stays, [DAY])[DAY]

    for sex, count in found.items():
        more = [PlanStay(100 + n, sex, ONE) for n in range(count + 1)]
        assert fits(house, [*tonight, *more[:count]])
        assert not fits(house, [*tonight, *more])


def test_a_flexible_room_counts_for_both():
    house = House({1: "flexible", 2: "women"}, (PlanBed(1, 1), PlanBed(2, 1), PlanBed(3, 2)))

    assert places_left(house, [], [DAY]) == {DAY: {"women": 3, "men": 2}}


def test_who_has_not_arrived_may_make_room_and_who_has_keeps_the_room():
    house = House({1: "flexible", 2: "flexible"}, (PlanBed(1, 1), PlanBed(2, 1), PlanBed(3, 2)))
    woman = PlanStay(1, "women", ONE, 1)
    arrived = PlanStay(1, "women", ONE, 1, fixed=True)

    assert places_left(house, [woman], [DAY])[DAY]["men"] == 2
    assert places_left(house, [arrived], [DAY])[DAY]["men"] == 1
    assert held_each_night(house, [woman], PlanStay(0, "men", nights(0, 1)))
