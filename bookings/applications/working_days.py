"""Working days in mainland China: Monday to Friday, less public holidays, with the make-up days.

The State Council announces a year's holidays in the November before; `chinesecalendar` keeps them.
A year that it does not know yet counts Monday to Friday, is logged once, and managers are told.
"""

import datetime as dt
import logging
from functools import cache

import chinese_calendar

logger = logging.getLogger(__name__)
LOOK_AHEAD = dt.timedelta(days=30)  # deadlines of the coming month


def add_working_days(day: dt.date, count: int) -> dt.date:
    """The `count`-th working day after `day` (local dates)."""
    while count > 0:
        day += dt.timedelta(days=1)
        count -= is_working_day(day)
    return day


def is_working_day(day: dt.date) -> bool:
    """Whether offices work on a local date; in a year not known yet, whether it is Monday to Friday."""
    if knows(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


def unknown_year(today: dt.date) -> int | None:
    """The year, of those that the coming month reaches into, whose holidays are not known yet."""
    years = {today.year, (today + LOOK_AHEAD).year}
    return min((year for year in years if not knows(year)), default=None)


@cache
def knows(year: int) -> bool:
    """Whether the calendar has the holidays of a year."""
    try:
        chinese_calendar.is_workday(dt.date(year, 1, 1))
    except NotImplementedError:
        logger.warning("The public holidays of %s are not known: Monday to Friday count.", year)
        return False
    return True
