"""The rules of a move against the planner's own: what has no obstacle keeps every rule."""

from hypothesis import given
from hypothesis import strategies as st

from bookings.beds.obstacles import obstacle
from tests.beds.test_planner import houses, is_whole


@given(houses(), st.data())
def test_a_move_without_an_obstacle_keeps_every_rule_and_another_breaks_one(drawn, data):
    house, stays, _wish = drawn
    if not stays:
        return
    ids = st.sampled_from([stay.id for stay in stays])
    beds = st.sampled_from([bed.id for bed in house.beds])
    wanted = data.draw(st.dictionaries(ids, beds, min_size=1, max_size=2))

    after = [(stay, wanted.get(stay.id, stay.bed)) for stay in stays]

    offers = {bed.id: bed.offers for bed in house.beds}
    served = all(stay.needs <= offers[wanted[stay.id]] for stay in stays if stay.id in wanted)
    assert (obstacle(house, stays, wanted) is None) == (served and is_whole(house, after))
