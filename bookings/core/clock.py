"""Time: instants are UTC, dates are local (Asia/Shanghai), nights are half-open."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format


def now() -> dt.datetime:
    """The present instant, UTC, aware. Verbs take it as `now=`; only their callers ask for it."""
    return timezone.now()


def local_date(instant: dt.datetime) -> dt.date:
    """The local calendar date of an instant."""
    return timezone.localtime(instant).date()


def at_local(day: dt.date, time: dt.time) -> dt.datetime:
    """The instant of a local wall-clock time on a local day."""
    return timezone.make_aware(dt.datetime.combine(day, time))


def brief(instant: dt.datetime, now: dt.datetime) -> str:
    """The local time of an instant, with its day and its year where they are not those of `now`."""
    at, here = timezone.localtime(instant), timezone.localtime(now)
    if at.date() == here.date():
        return date_format(at, "H:i")
    return date_format(at, "m-d H:i" if at.year == here.year else "Y-m-d H:i")


def nights_between(arrival: dt.date, departure: dt.date) -> list[dt.date]:
    """The nights of a stay: arrival day in, departure day out."""
    return [arrival + dt.timedelta(days=i) for i in range((departure - arrival).days)]
