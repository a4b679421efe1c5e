"""The reviewers' clock: State Council holidays, make-up days, and years not announced yet."""

import datetime as dt
import logging

import pytest

from bookings.applications import working_days
from bookings.applications.working_days import add_working_days, is_working_day, unknown_year

UNKNOWN = 2100


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-13", True),  # the Friday before
        ("2026-02-14", True),  # a Saturday that makes up for the Spring Festival
        ("2026-02-16", False),  # its eve, a Monday
        ("2026-02-23", False),  # its last day, a Monday
        ("2026-02-28", True),  # the other make-up Saturday
        ("2026-09-20", True),  # a Sunday that makes up for the National Day
        ("2026-09-25", False),  # Mid-Autumn, a Friday
        ("2026-10-07", False),
        ("2026-10-10", True),
        ("2026-11-21", False),  # an ordinary Saturday
        ("2026-11-23", True),
    ],
)
def test_holidays_and_make_up_days_of_2026(day, works):
    assert is_working_day(dt.date.fromisoformat(day)) == works


@pytest.mark.parametrize(
    ("sent", "days", "due"),
    [
        ("2026-11-23", 2, "2026-11-25"),
        ("2026-11-20", 1, "2026-11-23"),  # over a weekend
        ("2026-02-13", 2, "2026-02-24"),  # the make-up Saturday, then the whole Spring Festival
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-10-08", 3, "2026-10-12"),  # Friday, the make-up Saturday, no Sunday
    ],
)
def test_the_deadline_counts_working_days(sent, days, due):
    assert add_working_days(dt.date.fromisoformat(sent), days) == dt.date.fromisoformat(due)


def test_a_year_that_is_not_announced_yet_counts_monday_to_friday_and_is_logged_once(caplog):
    working_days.knows.cache_clear()
    friday = dt.date(UNKNOWN, 1, 1)  # a holiday, were the year known

    with caplog.at_level(logging.WARNING):
        works = [is_working_day(friday + dt.timedelta(days=n)) for n in range(4)]

    assert works == [True, False, False, True]
    assert [str(UNKNOWN) in record.message for record in caplog.records] == [True]


def test_a_deadline_may_run_over_into_a_year_that_is_not_known(monkeypatch):
    monkeypatch.setattr(working_days, "knows", lambda year: year < 2026)

    assert add_working_days(dt.date(2025, 12, 31), 1) == dt.date(2026, 1, 1)


@pytest.mark.parametrize(("today", "year"), [("2099-11-30", 2099), ("2026-06-01", None)])
def test_managers_are_told_of_a_year_that_the_coming_month_reaches(today, year):
    assert unknown_year(dt.date.fromisoformat(today)) == year


def test_what_the_coming_month_reaches_is_next_year_in_december(monkeypatch):
    monkeypatch.setattr(working_days, "knows", lambda year: year <= 2026)

    days = [dt.date(2026, 11, 23), dt.date(2026, 12, 5)]

    assert [unknown_year(day) for day in days] == [None, 2027]
