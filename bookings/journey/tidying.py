"""Once a day, before the guests arrive: the plan is tidied, so that most can still be placed."""

import datetime as dt

from django.db import transaction

from bookings.beds import allocate, inventory
from bookings.beds.house import read_station
from bookings.core import audit
from bookings.core.clock import local_date
from bookings.places.models import Station


@transaction.atomic
def tidy_station(*, station: Station, now: dt.datetime) -> int:
    """Move stays that have not arrived to where today's guests lock the fewest beds. Nobody knows the
    bed before arriving. How many moved; the second time none."""
    from bookings.beds.tidy import tidy  # with OR-Tools, which the site itself seldom needs

    allocate.lock(station)
    today = local_date(now)
    house, stays = read_station(station, today, today)
    moves = tidy(house, stays, day=today)
    inventory.move(moves)
    if moves:
        audit.record(
            "tidy", station, by=None, now=now, district_id=station.district_id, moved=len(moves)
        )
    return len(moves)
