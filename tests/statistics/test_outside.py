"""Outside, a year is told when it is settled, and no part of one. That a line then stays as it is:
test_pages.py."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.places.models import District
from bookings.statistics.forms import YearForm
from bookings.statistics.reports.build import audiences_of
from bookings.statistics.scope import last_year_told


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (dt.date(2026, 1, 1), 2024),
        (dt.date(2026, 3, 31), 2024),
        (dt.date(2026, 4, 1), 2025),
        (dt.date(2026, 12, 31), 2025),
    ],
)
def test_a_year_is_told_from_april_of_the_next_on(today, year):
    assert last_year_told(today) == year


@given(st.dates(dt.date(2022, 1, 1), dt.date(2099, 1, 1)), st.integers(2019, 2100))
def test_whatever_is_asked_for_is_told_of_a_year_that_is_settled(today, year):
    own = District(code="370811")
    form = YearForm({"year": str(year)}, districts=District.objects.none(), own=own, today=today)
    form.is_valid()

    period = form.period(today)

    assert len(period.months) == 12
    assert dt.date(period.last.year + 1, 4, 1) <= today


@pytest.mark.parametrize("month", range(1, 13))
def test_no_month_is_reported_outside_however_long_ago_it_was(month):
    period = dt.date(2024, month, 1)

    assert audiences_of("month", period, today=dt.date(2027, 1, 1)) == ["internal"]
