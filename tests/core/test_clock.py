"""How an instant is told."""

import datetime as dt

import pytest

from bookings.core.clock import brief

NOW = dt.datetime(2026, 12, 30, 17, tzinfo=dt.UTC)  # one at night, the 31st, in Shanghai


@pytest.mark.parametrize(
    ("hours", "told"),
    [(1, "02:00"), (-2, "12-30 23:00"), (22, "23:00"), (23, "2027-01-01 00:00")],
)
def test_a_time_has_its_day_and_its_year_where_they_are_not_these(hours, told):
    assert brief(NOW + dt.timedelta(hours=hours), NOW) == told
