"""A scan is one scan, says what it is, and believes no wrong clock."""

import datetime as dt

import pytest

from bookings.desk.models import Redemption, Scan, Service
from tests import events
from tests.events import AFTERNOON, scan
from tests.factories import make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def station():
    station = make_station(make_district())
    for code in ("breakfast", "laundry"):
        Service.objects.create(station=station, code=code, name_zh="示例", name_en="Sample")
    return station


@pytest.fixture
def shown(station):
    return events.promise(make_draft(make_person(station.district), station))


@pytest.fixture
def inside(shown, station):
    scan(station, shown.short_code)
    return shown


def test_a_code_typed_with_its_dash_is_the_same_scan(shown, station):
    first = scan(station, shown.short_code)

    assert scan(station, str(shown)) == first


def test_one_nonce_for_two_services_is_refused_and_recorded(inside, station):
    scan(station, inside.short_code, "redeem", nonce="n-2", service="breakfast")

    again = scan(station, inside.short_code, "redeem", nonce="n-2", service="laundry")

    assert again.reason == "nonce_reused"
    assert (Scan.objects.count(), Redemption.objects.count()) == (3, 1)


def test_a_service_is_used_as_often_as_it_is_free(inside, station):
    reasons = [
        scan(station, inside.short_code, "redeem", nonce=nonce, service="breakfast").reason
        for nonce in ("n-2", "n-3")
    ]

    assert reasons == ["fine", "used_up"]


def test_a_service_that_the_station_does_not_have_is_refused(inside, station):
    taken = scan(station, inside.short_code, "redeem", nonce="n-2", service="sauna")

    assert taken.reason == "no_such_service"


def test_nobody_leaves_before_they_came(inside, station):
    early = scan(station, inside.short_code, "leave", nonce="n-2", at=AFTERNOON - HOUR)

    assert early.reason == "clock_off"
    assert inside.stay.bed_nights.count() == 3


def test_a_device_whose_clock_is_fast_is_told(shown, station):
    taken = scan(station, shown.short_code, at=AFTERNOON + HOUR, now=AFTERNOON)

    assert taken.reason == "clock_off"
    shown.stay.refresh_from_db()
    assert shown.stay.status == "promised"


@pytest.mark.parametrize(
    ("days", "reason"), [(-1, "wrong_day"), (0, "fine"), (2, "other_nights"), (3, "wrong_day")]
)
def test_a_guest_arrives_on_one_of_the_promised_nights(shown, station, days, reason):
    taken = scan(station, shown.short_code, at=AFTERNOON + dt.timedelta(days=days))

    assert taken.reason == reason
