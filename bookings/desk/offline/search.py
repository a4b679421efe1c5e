"""Find a stay at a desk by what a guest says: the end of a telephone number, a reference, a code."""

import datetime as dt
import re
from typing import Any

from bookings.beds.models import Stay
from bookings.core import audit
from bookings.core.clock import local_date
from bookings.core.short_code import ALPHABET
from bookings.desk.offline.known import all_known, around, phone_of
from bookings.people.models import User
from bookings.places.models import Station

AT_LEAST, AT_MOST = 4, 10
TYPED = str.maketrans("ILO", "110")


def search(
    station: Station, said: str, *, by: User | None, now: dt.datetime
) -> list[dict[str, Any]]:
    """Up to ten stays of the window, masked. That somebody searched is logged, not for what."""
    today = local_date(now)
    told = re.sub(r"[\s-]", "", said).upper()
    stays = [stay for stay in around(station, today) if len(told) >= AT_LEAST and _is(stay, told)]
    found = stays[:AT_MOST]
    audit.record(
        "search desk",
        station,
        by=by,
        now=now,
        district_id=station.district_id,
        found=[stay.pk for stay in found],
    )
    return all_known(found, today)


def _is(stay: Stay, told: str) -> bool:
    if told.isdecimal() and phone_of(stay).endswith(told):
        return True
    if stay.application.reference == told:
        return True
    code = told.translate(TYPED)
    return set(code) <= set(ALPHABET) and any(
        one.short_code.startswith(code) for one in stay.passes.all() if one.revoked_at is None
    )
