"""What is to be counted again: the months that the audit log speaks of, and of which stations.

Whatever is done to an application stands in the log. Its seals are numbered in the order in which acts
became visible; so nothing is missed, and nothing has to be marked when somebody acts.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Q

from bookings.applications.models import Application
from bookings.core.audit import AuditEntry
from bookings.core.bulk import in_chunks
from bookings.core.clock import local_date
from bookings.places.models import District
from bookings.statistics import funnel
from bookings.statistics.scope import Period

# the subjects of acts that change what is counted → how an application leads there
FOLLOWED = {
    "application": "pk",
    "stay": "stay",
    "graduate": "graduate",
    "outcome": "stay__follow_ups__outcomes",
    "conflict": "stay__scans__conflict",
}
# one act, answers from every month; what else is done with a list changes nothing that is counted
FOR_ALL = {"write bureau list", "undo bureau list"}
IDLE = {  # acts on what is followed that change nothing that is counted; looks are among them
    *["assign", "book service", "cancel service", "give key", "take key back", "reissue"],
    *["take own data", "correct person"],
}
# about stays that have ended: counted in their months, at their station alone, whenever it comes
OF_QUESTIONS = {
    *["answer", "call", "pass on a call", "confirm a proof", "decline a proof", "end question"]
}
CHUNK = 2000
FEW = 8  # stations: of more the whole month is sooner counted
Again = dict[dt.date, set[int] | None]  # month → its stations, by their keys; None: all of them


def all_months(district: District, today: dt.date) -> list[dt.date]:
    """From the first application to today."""
    sent = funnel.all_months(district)
    return Period(sent.first, max(sent.last, today)).months if sent else []


def all_again(district: District, today: dt.date) -> Again:
    return dict.fromkeys(all_months(district, today))


def changed(district: District, *, after: int, until: int | None = None) -> Again:
    """What the log speaks of between two seals, or after one and in what is not sealed yet."""
    later = Q(seal__number__gt=after)
    told = later | Q(seal=None) if until is None else later & Q(seal__number__lte=until)
    entries = (
        AuditEntry.objects.filter(told, district=district)
        .exclude(action__startswith="look at")
        .exclude(action__in=IDLE)
    )
    subjects: dict[tuple[str, bool], set[str]] = defaultdict(set)
    again: Again = {}
    for action, subject, at in entries.values_list("action", "subject", "at").iterator(CHUNK):
        kind, _colon, key = subject.partition(":")
        if action in FOR_ALL:
            return all_again(district, local_date(at))
        if kind in FOLLOWED:
            subjects[kind, action in OF_QUESTIONS].add(key)
            if action not in OF_QUESTIONS:
                again[local_date(at).replace(day=1)] = None
    for (kind, is_question), keys in subjects.items():
        for month, stations in _places(FOLLOWED[kind], keys):
            add(again, month, stations if is_question else None)
    there = set(all_months(district, max(again))) if again else set()
    return {month: again[month] for month in sorted(again) if month in there}


def add(again: Again, month: dt.date, stations: set[int] | None) -> None:
    """Of more than a few stations the whole month."""
    known = again.setdefault(month, set())
    together = None if known is None or stations is None else known | stations
    again[month] = None if together is None or len(together) > FEW else together


def _places(path: str, keys: Iterable[str]) -> Iterator[tuple[dt.date, set[int]]]:
    """The months of applications from their beginning to their last night, and their stations: whatever
    of them was counted lies there."""
    for some in in_chunks(sorted(keys), CHUNK):
        spans = Application.objects.filter(**{f"{path}__in": some}).values_list(
            *["created_at", "arrival", "nights", "stay__departure", "stay__left_at"],
            *["station", "stay__station"],
        )
        for begun, arrival, nights_asked, departure, left_at, *stations in spans.distinct():
            ends = [local_date(begun), departure, left_at and local_date(left_at)]
            ends.append(arrival and arrival + dt.timedelta(days=nights_asked or 0))
            for month in Period(local_date(begun), max(filter(None, ends))).months:
                yield month, {one for one in stations if one}
