"""A station as the planner reads it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.beds.house import read_station
from bookings.places.models import Closure
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def station():
    return make_station(make_district(), beds=9)


def promised(station, *, arrival=TODAY, nights=3, now=NOW):
    draft = make_draft(make_person(station.district), station, arrival=arrival, nights=nights)
    events.promise(draft, now=now)
    return draft


def read(station, first):
    _, stays = read_station(station, first, first + DAY)
    return {stay.id: stay.nights for stay in stays}


def test_who_may_still_be_moved_is_read_whole_however_early(station):
    early = promised(station)
    other = promised(station, arrival=TODAY + DAY)

    stays = read(station, TODAY + 2 * DAY)

    assert {pk: len(nights) for pk, nights in stays.items()} == {early.stay.pk: 3, other.stay.pk: 3}


def test_history_is_left_out(station):
    gone = promised(station, nights=1)
    here = promised(station)
    for one in (gone, here):
        code = one.stay.passes.get().short_code
        events.scan(station, code, nonce=code)
    events.scan(station, gone.stay.passes.get().short_code, "leave", nonce="out", at=NOW + DAY)

    assert read(station, TODAY + 2 * DAY) == {here.stay.pk: {TODAY + 2 * DAY}}


def test_who_has_left_slept_there_as_long_as_somebody_may_be_moved_into_that_night(station):
    gone, late = promised(station, nights=1), promised(station)
    code = gone.stay.passes.get().short_code
    events.scan(station, code, nonce=code)
    events.scan(station, code, "leave", nonce="out", at=NOW + DAY)

    _, stays = read_station(station, TODAY + DAY, TODAY + 2 * DAY)

    assert {(stay.id, stay.fixed) for stay in stays} == {
        (gone.stay.pk, True),
        (late.stay.pk, False),
    }


@pytest.mark.parametrize("ahead", [0, 3])
def test_closures_are_read_of_the_nights_wished_for_and_of_all_who_may_be_moved(station, ahead):
    promised(station, arrival=TODAY + 3 * DAY)
    bed, night = station.rooms.get().beds.latest("pk"), TODAY + ahead * DAY
    Closure.objects.create(bed=bed, first_night=night, until=night + DAY, reason="x")

    house, _ = read_station(station, TODAY, TODAY + DAY)

    assert house.closed == {(bed.pk, night)}


def test_another_stations_stays_are_none_of_it(station):
    promised(make_station(station.district, slug="other"))

    assert read(station, TODAY) == {}


def test_a_promise_asks_the_database_as_much_in_a_full_house_as_in_an_empty_one(station):
    station.district.policies.update(review="automatic")
    asked = []

    for _ in range(9):
        draft = make_draft(make_person(station.district), station)
        with CaptureQueriesContext(connection) as queries:
            events.submit(draft)
        asked.append(len(queries))

    assert asked[0] == asked[-1] <= 42
