"""A list that nobody counts is walked to its end and back, and no row is shown twice or left out."""

import pytest
from django.test import RequestFactory

from bookings.core import paging
from bookings.places.models import District
from tests.factories import make_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def districts(monkeypatch):
    monkeypatch.setattr(paging, "ROWS", 2)
    return [make_district(f"37080{n}").pk for n in range(5)]


def stretch(**asked):
    request = RequestFactory().get("/", asked)
    return paging.stretch_of(District.objects.all(), request)


def test_it_is_walked_to_its_end_and_back(districts):
    first = stretch()
    second = stretch(after=first.keys[-1])
    third = stretch(after=second.keys[-1])
    back = stretch(before=third.keys[0])

    assert [*first.keys, *second.keys, *third.keys] == districts
    assert back == second
    assert stretch(before=second.keys[0]) == first
    assert [(one.has_earlier, one.has_later) for one in (first, second, third)] == [
        (False, True),
        (True, True),
        (True, False),
    ]


def test_one_query_however_long(districts, django_assert_num_queries):
    with django_assert_num_queries(1):
        stretch(after=districts[0])


def test_where_none_follow_it_begins_anew(districts):
    assert stretch(after=districts[-1]) == stretch(before=districts[0]) == stretch()


@pytest.mark.parametrize("key", ["", "x", "-1", "٣", "9" * 19, "9" * 5000])
def test_a_key_that_makes_no_sense_breaks_nothing(districts, key):
    assert stretch(after=key).keys == districts[:2]
    assert stretch(before=key).keys in (districts[:2], districts[-2:])
