"""The second sample district: whole, small, and laid beside the first one."""

import pytest
from django.core.management import call_command

from bookings.core.clock import now
from bookings.demo.neighbour import neighbour
from bookings.invariants import breaches
from bookings.people.models import User
from bookings.places.models import District
from bookings.statistics.pages import districts
from bookings.statistics.pages.asked import asked
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


def test_an_observer_of_the_samples_has_two_districts_side_by_side():
    call_command("seed_demo", stays=40, verbosity=0)
    first = District.objects.get()

    second = neighbour(first, now=now(), seed=1, stays=30)

    assert neighbour(first, now=now(), seed=1) == second  # made once
    assert list(breaches()) == []
    observer = User.objects.get(email="observer@example.test").membership
    [section] = districts.sections(asked({}, observer, today=TODAY))
    assert [row[0].value for row in section.table.rows] == [first.name, second.name]
