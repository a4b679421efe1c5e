"""What a few nights have deleted, as the log would tell it."""

import datetime as dt

from bookings.core import audit
from bookings.core.clock import local_date
from bookings.places.models import District

NIGHTS = {  # days ago → kind, how many, kept for how many days by which setting
    1: [("papers", 6, 90, "KEEP_PAPERS_DAYS"), ("messages", 41, 90, "KEEP_MESSAGES_DAYS")],
    2: [("drafts", 2, 30, "KEEP_DRAFTS_DAYS"), ("notes", 3, 90, "KEEP_MESSAGES_DAYS")],
    4: [("papers", 4, 90, "KEEP_PAPERS_DAYS")],
}


def deletions(district: District, *, now: dt.datetime) -> None:
    for ago, lines in sorted(NIGHTS.items(), reverse=True):
        night = now - dt.timedelta(days=ago)
        for kind, count, kept, rule in lines:
            before = local_date(night - dt.timedelta(days=kept)).isoformat()
            told = {"count": count, "before": before, "rule": rule}
            place = None if kind == "messages" else district.pk
            audit.record("delete", kind, by=None, now=night, district_id=place, **told)
