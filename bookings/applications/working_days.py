"""Working days: Monday to Friday. Public holidays and make-up days are not known here yet."""

import datetime as dt


def add_working_days(day: dt.date, count: int) -> dt.date:
    """The `count`-th working day after `day`."""
    while count > 0:
        day += dt.timedelta(days=1)
        if day.weekday() < 5:
            count -= 1
    return day
