"""Whose posters brought the applicants, and what became of them. Definitions: docs/statistics.md."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from bookings.places.models import Channel
from bookings.statistics.decisions import sent
from bookings.statistics.funnel import APPROVED, ARRIVED
from bookings.statistics.scope import Scope
from bookings.statistics.tallies.tallied import Line, tallied

NOBODY = 0  # in place of a channel's id


@dataclass(frozen=True)
class Partner:
    """The applications of a period that came by one partner's code; `code` is empty for those that
    came by none."""

    code: str
    name: str
    applied: int
    approved: int
    arrived: int


def partners(scope: Scope) -> list[Partner]:
    """Who brought most comes first; those who came by no code are the last line."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for _month, (channel, name), count in brought(scope):
        counts[channel][name] += count
    there = Channel.objects.in_bulk(counts.keys() - {NOBODY})
    found = [
        Partner(
            there[channel].code if channel else "",
            there[channel].name if channel else "",
            *(counted[name] for name in ("applied", "approved", "arrived")),
        )
        for channel, counted in counts.items()
    ]
    return sorted(found, key=lambda one: (not one.code, -one.applied, one.code))


@tallied
def brought(scope: Scope) -> Iterator[Line]:
    """The counts of a Partner, by channel and name. One query."""
    month = scope.period.number_of_instant("submitted_at")
    rows: Any = sent(scope).values("channel_id", "station_id", number=month)
    for counts in rows.annotate(
        applied=Count("pk"),
        approved=Count("pk", filter=Q(APPROVED)),
        arrived=Count("pk", filter=Q(ARRIVED)),
    ).order_by():
        key, place = counts["channel_id"] or NOBODY, counts["station_id"]
        for name in ("applied", "approved", "arrived"):
            yield Line(scope.period.months[counts["number"]], place, (key, name), counts[name])
