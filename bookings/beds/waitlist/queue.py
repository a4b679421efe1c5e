"""The order in which freed nights are offered, and one's place in it."""

import datetime as dt

from bookings.beds.waitlist.models import Wait
from bookings.places.models import Policy, Station

Turn = tuple[bool, dt.date, dt.datetime, int]


def in_order(station: Station, policy: Policy) -> list[Wait]:
    """Those who wait for nights at this station, first whose turn is first. Two queries."""
    waits = Wait.objects.waiting().filter(stations=station)
    found = waits.select_related("application__graduate", "application__user")
    return sorted(found, key=lambda wait: _turn(wait, policy))


def place(wait: Wait, policy: Policy) -> int:
    """One's place among those who wait for some of the same nights at one of the same stations: 1 is
    next. Two queries."""
    rivals = (
        Wait.objects.waiting()
        .filter(
            stations__in=wait.stations.all(),
            application__graduate__sex=wait.sex,
            first_arrival__lt=wait.until,
        )
        .exclude(pk=wait.pk)
        .select_related("application")
        .distinct()
    )
    mine = _turn(wait, policy)
    return 1 + sum(
        _turn(other, policy) < mine for other in rivals if other.until > wait.first_arrival
    )


def _turn(wait: Wait, policy: Policy) -> Turn:
    """What comes first is offered first."""
    if policy.waitlist == Policy.Queue.NEAREST_DATE:
        day = wait.application.needed_on or wait.first_arrival
    else:
        day = dt.date.min
    return not wait.ahead, day, wait.queued_at, wait.pk
