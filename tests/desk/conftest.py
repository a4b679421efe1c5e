"""The clerk of a module's `station`, and the browser at which that clerk is signed in."""

import pytest
from django.test import Client

from bookings.people.models import Role
from tests.people.world import member


@pytest.fixture
def clerk(station):
    return member(station.district, Role.CLERK, station)


@pytest.fixture
def desk(clerk):
    client = Client()
    client.force_login(clerk)
    return client
