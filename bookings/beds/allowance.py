"""How many nights and stays a person has used or been promised, of a policy's period."""

import datetime as dt

from bookings.beds.models import BedNight, Stay
from bookings.people.models import Graduate
from bookings.places.models import Policy

COUNTED = Stay.HOLDING | {Stay.Status.LEFT}


def taken(graduate: Graduate, policy: Policy, arrival: dt.date) -> tuple[int, int]:
    """The nights and the stays that count against a stay arriving on this day."""
    stays = Stay.objects.filter(graduate=graduate, status__in=COUNTED)
    if policy.period == Policy.Period.LIFETIME:
        return graduate.nights_taken, stays.count()
    stays = stays.filter(arrival__year=arrival.year)
    return BedNight.objects.filter(stay__in=stays).count(), stays.count()


def ceiling(graduate: Graduate, policy: Policy, arrival: dt.date) -> int:
    """How high the person's counter of nights, which runs through all years, may go."""
    return policy.nights + graduate.nights_taken - taken(graduate, policy, arrival)[0]
