"""How many nights and stays a person has used or been promised, of a policy's period."""

import datetime as dt

from django.db.models import QuerySet

from bookings.beds.models import BedNight, Stay
from bookings.people.models import Graduate
from bookings.places.models import Policy

COUNTED = Stay.HOLDING | {Stay.Status.LEFT}


def taken(graduate: Graduate, policy: Policy, arrival: dt.date) -> tuple[int, int]:
    """The nights and the stays that count against a stay arriving on this day."""
    stays = _counted(graduate, policy, arrival).count()
    return _nights(graduate, policy, arrival), stays


def _counted(graduate: Graduate, policy: Policy, arrival: dt.date) -> QuerySet[Stay]:
    stays = Stay.objects.filter(graduate=graduate, status__in=COUNTED)
    yearly = policy.period == Policy.Period.YEAR
    return stays.filter(arrival__year=arrival.year) if yearly else stays


def _nights(graduate: Graduate, policy: Policy, arrival: dt.date) -> int:
    if policy.period == Policy.Period.LIFETIME:
        return graduate.nights_taken
    return BedNight.objects.filter(stay__in=_counted(graduate, policy, arrival)).count()


def ceiling(graduate: Graduate, policy: Policy, arrival: dt.date) -> int:
    """How high the person's counter of nights, which runs through all years, may go."""
    return policy.nights + graduate.nights_taken - _nights(graduate, policy, arrival)
