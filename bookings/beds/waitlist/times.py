"""Until when an offer stands."""

import datetime as dt

from bookings.core.clock import at_local, local_date

QUARTER = 4  # an offer stands for a quarter of the time that is left
LEAST = dt.timedelta(minutes=30)
MORNING, EVENING = dt.time(8, 30), dt.time(22)


def offer_until(now: dt.datetime, *, cutoff: dt.datetime, most_hours: int) -> dt.datetime | None:
    """The instant at which an offer made now ends: after a quarter of the time until the guest must
    have come (`cutoff`), half an hour at least and the policy's hours at most. Nobody has to answer at
    night: an end between 22:00 and 8:30 is put off till 8:30 where the guest need not have come by
    then. None where less than half an hour is left, too little to read it and come."""
    left = cutoff - now
    if left < LEAST:
        return None
    span = min(max(left / QUARTER, LEAST), dt.timedelta(hours=most_hours))
    return max(now + span, min(_morning_after(now + span), cutoff))


def _morning_after(instant: dt.datetime) -> dt.datetime:
    """8:30 of the night that an instant is in; the instant itself by day."""
    today = local_date(instant)
    if instant < at_local(today, MORNING):
        return at_local(today, MORNING)
    if instant >= at_local(today, EVENING):
        return at_local(today + dt.timedelta(days=1), MORNING)
    return instant
