"""The pre-check keeps nothing of anybody; that it was answered is counted, by day and outcome."""

import datetime as dt

from django.db.models import F

from bookings.eligibility.models import PrecheckCount
from bookings.places.models import District


def count_precheck(*, district: District, outcome: str, day: dt.date) -> None:
    """One more of the day. Two at once are two."""
    counts = PrecheckCount.objects.filter(district=district, day=day, outcome=outcome)
    if counts.update(count=F("count") + 1):
        return
    _, is_first = PrecheckCount.objects.get_or_create(district=district, day=day, outcome=outcome)
    if not is_first:  # somebody else's was a moment earlier
        counts.update(count=F("count") + 1)
