import datetime as dt

import pytest

from bookings.beds.house import free_nights
from bookings.places.models import Closure
from tests import events
from tests.factories import TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def station():
    return make_station(make_district(), beds=3)


def free(station, sex, days=3):
    return [night.free for night in free_nights([station], sex, TODAY, days)[station.pk]]


def test_a_guest_takes_a_bed_from_her_sex_and_the_room_from_the_other(station):
    events.submit(make_draft(make_person(station.district), station, nights=2))

    assert free(station, "women") == [2, 2, 3]
    assert free(station, "men") == [0, 0, 3]


def test_a_closed_bed_is_not_free_until_its_last_night_is_over(station):
    bed = station.rooms.get().beds.first()
    Closure.objects.create(bed=bed, first_night=TODAY + DAY, until=TODAY + 2 * DAY, reason="修理")

    assert free(station, "women") == [3, 2, 3]


def test_a_closed_room_is_not_free(station):
    Closure.objects.create(
        room=station.rooms.get(), first_night=TODAY, until=TODAY + DAY, reason="消毒"
    )

    assert free(station, "women") == [0, 3, 3]


def test_leaving_early_gives_the_nights_back(station):
    draft = make_draft(make_person(station.district), station, nights=3)
    code = events.promise(draft).short_code
    events.scan(station, code)

    events.scan(station, code, "leave", nonce="nonce-2", at=events.AFTERNOON + DAY)

    assert free(station, "women") == [2, 3, 3]
    draft.graduate.refresh_from_db()
    assert draft.graduate.nights_taken == 1
