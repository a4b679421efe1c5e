"""Outside, a year is told when nothing in it grows any more: two readings tell what one of them tells."""

import datetime as dt

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from bookings.people.models import User
from bookings.places.models import District
from bookings.statistics.forms import YearForm
from bookings.statistics.pages import decisions, funnel, nights, retention
from bookings.statistics.pages.asked import HORIZONS, asked
from bookings.statistics.pages.retention import BREAKDOWNS
from bookings.statistics.reports.build import audiences_of
from bookings.statistics.scope import Period, last_year_told
from bookings.statistics.tables import HIDDEN

YEAR = 2025
DAYS = Period(dt.date(YEAR, 1, 1), dt.date(YEAR + 2, 2, 1)).months
SETTLED = dt.date(YEAR + 1, 4, 1)


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


@pytest.fixture(scope="module")
def season(once):
    once(lambda: call_command("seed_demo", stays=300, verbosity=0))


def lines(page, **data):
    """What a line of a page tells on the first of each month as time passes and no row changes, by its
    section, its names and the day."""
    observer = User.objects.get(email="observer@example.test").membership
    for today in DAYS:
        wish = asked({"year": f"{YEAR}", **data}, observer, today=today)
        if wish.scope.period.first.year != YEAR:
            assert today < SETTLED
            continue
        for section in page.sections(wish):
            table = section.table
            for row in [*table.rows, table.footer] if table.rows else []:
                names = tuple(cell.shown for cell in row if cell.kind == "text")
                counts = tuple(cell.shown for cell in row if cell.kind != "text")
                yield (section.title, *names), today, counts


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "data"),
    [
        *[(page, {}) for page in (funnel, nights, decisions)],
        *[(retention, {"horizon": f"{days}", "by": "month"}) for days in HORIZONS],
        *[(retention, {"horizon": "90", "by": by}) for by in BREAKDOWNS if by != "month"],
    ],
)
def test_a_line_that_was_told_once_is_told_the_same_for_ever(season, page, data):
    told = {}
    for name, today, counts in lines(page, **data):
        told.setdefault(name, {})[today] = counts

    for readings in told.values():
        assert len(set(readings.values())) == 1
        assert [*readings] == DAYS[-len(readings) :]  # and never taken back
    assert any(HIDDEN in counts for one in told.values() for counts in one.values())
