"""How many more women, or men, could be placed on each night to come."""

import datetime as dt
from typing import NamedTuple

from bookings.beds.forecast import places_left
from bookings.beds.house import read_station
from bookings.core.clock import nights_between
from bookings.places.models import Station


class Free(NamedTuple):
    women: int
    men: int


def outlook(station: Station, first: dt.date, days: int) -> dict[dt.date, Free]:
    """By night: places for women if only women came, for men if only men came; those who have not
    arrived may be in another bed then than in today's plan."""
    until = first + dt.timedelta(days=days)
    house, stays = read_station(station, first, until)
    left = places_left(house, stays, nights_between(first, until))
    return {night: Free(one["women"], one["men"]) for night, one in left.items()}
