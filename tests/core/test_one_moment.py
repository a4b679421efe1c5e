"""What is read together fits together, and whoever writes meanwhile need not wait."""

from contextlib import nullcontext

import pytest
from django.db import connection

from bookings.core.one_moment import of_one_moment
from bookings.places.models import District
from tests.factories import make_district
from tests.racing import errors, race

pytestmark = pytest.mark.django_db(transaction=True)


def seen(moment):
    """How many districts there are before and after somebody else has made one."""
    with moment:
        before = District.objects.count()
        results = race(make_district)
        assert errors(results) == [], results
        after = District.objects.count()
    return before, after


@pytest.mark.parametrize("is_open", [True, False])
def test_what_is_written_meanwhile_is_not_seen(is_open):
    if not is_open:
        connection.close()

    assert seen(of_one_moment()) == (0, 0)
    assert District.objects.count() == 1


def test_control_without_it_is_seen():
    assert seen(nullcontext()) == (0, 1)


def test_who_writes_next_takes_the_lock_as_ever():
    before = getattr(connection, "transaction_mode", None)

    with of_one_moment():
        pass

    assert getattr(connection, "transaction_mode", None) == before
