"""How many more women, or men, could be placed on each night to come."""

import datetime as dt
from typing import NamedTuple

from bookings.beds.house import free_nights
from bookings.places.models import Sex, Station


class Free(NamedTuple):
    women: int
    men: int


def outlook(station: Station, first: dt.date, days: int) -> dict[dt.date, Free]:
    """By night: places for women if only women came, for men if only men came."""
    women, men = (
        {one.night: one.free for one in free_nights([station], sex, first, days)[station.pk]}
        for sex in (Sex.WOMEN, Sex.MEN)
    )
    return {night: Free(women[night], men[night]) for night in women}
