"""The statistics."""

import datetime as dt
from collections import Counter

from bookings.applications.models import Application
from bookings.core.clock import local_date, now
from bookings.invariants.common import Breaches
from bookings.places.models import District
from bookings.retention.models import FollowUp, Outcome
from bookings.statistics.funnel import SENDING, Row, all_months, steps
from bookings.statistics.scope import Scope
from bookings.statistics.tallies.keep import differences


def numbers_add_up() -> Breaches:
    """10 The statistics equal a count over the rows they name."""
    today = local_date(now())
    for district in District.objects.all():
        horizon = 30
        sums = _sums(district, horizon, today)
        sent = Application.objects.filter(district=district).exclude(status="draft")
        states = Counter(sent.values_list("stay__status", flat=True))
        asked = FollowUp.objects.filter(
            stay__station__district=district, horizon=horizon, due_on__lte=today
        )
        counted = {
            "applied": sent.count(),
            "arrived": states["arrived"] + states["left"],
            "mature": asked.count(),
            "declined": asked.filter(status="declined").count(),
            "answered": asked.filter(outcomes__in=Outcome.objects.standing()).distinct().count(),
        }
        for name, count in counted.items():
            if getattr(sums, name) != count:
                yield f"{district.code}: {name} is {getattr(sums, name)}, its rows are {count}"
        yield from differences(district)
        if not sums.applied >= sums.approved >= sums.arrived >= sums.mature >= sums.stayed_on:
            yield f"{district.code}: the funnel widens"


def _sums(district: District, horizon: int, today: dt.date) -> Row:
    """The funnel's sums over the rows, whatever the tallies say."""
    sums = Row()
    if months := all_months(district):
        for line in steps.from_rows(Scope(district, months, today)):
            days, name = line.key
            if days in (SENDING, horizon):
                setattr(sums, name, getattr(sums, name) + line.how_many)
    return sums
