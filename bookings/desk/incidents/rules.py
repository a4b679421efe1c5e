"""How long a warning counts, and what many of them mean. Pure. docs/desk.md tells it to the desk."""

import datetime as dt

WARNING_DAYS = 180  # a warning counts for so long, then it is as if it had not been
WARNINGS_BEFORE_SUSPENSION = (
    2  # in force at once: the page proposes a suspension, a manager decides
)
LONGEST_SUSPENSION_DAYS = 3 * 365  # nobody is a recent graduate for longer


def warning_ends(day: dt.date) -> dt.date:
    """The first day on which a warning of `day` does not count any more."""
    return day + dt.timedelta(days=WARNING_DAYS)


def proposes_suspension(warnings: int) -> bool:
    """Whether so many warnings in force are a reason to think of a suspension."""
    return warnings >= WARNINGS_BEFORE_SUSPENSION
