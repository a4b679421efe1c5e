"""When a message may go: quiet hours, and how long to wait before the next try. Pure."""

import datetime as dt
from random import Random

FIRST = dt.timedelta(seconds=30)
LONGEST = dt.timedelta(hours=2)
MAX_ATTEMPTS = 10  # the last one some four hours after the first

Hours = tuple[dt.time, dt.time]


def after_quiet(moment: dt.datetime, quiet: Hours | None) -> dt.datetime:
    """The moment itself (in local time), or the end of the quiet hours that it falls into."""
    if quiet is None:
        return moment
    start, end = quiet
    time = moment.time()
    within = start <= time < end if start < end else time >= start or time < end
    if not within:
        return moment
    morning = moment.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return morning if time < end else morning + dt.timedelta(days=1)


def back_off(attempts: int, dice: Random) -> dt.timedelta:
    """How long to wait after so many tries: twice as long each time, and not all at once."""
    longest = min(FIRST * (1 << (attempts - 1)), LONGEST)
    return longest * dice.uniform(0.5, 1.0)
