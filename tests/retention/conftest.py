"""Who telephones the guests of a station."""

import pytest

from bookings.people.models import Role
from tests.factories import make_district, make_station
from tests.people.world import member


@pytest.fixture
def station():
    return make_station(make_district(), beds=9)


@pytest.fixture
def caller(station):
    return member(station.district, Role.REVIEWER)


@pytest.fixture
def colleague(station):
    return member(station.district, Role.MANAGER)
