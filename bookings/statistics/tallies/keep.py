"""Keep a district's tallies true: every month once a day, for what is due changes with the day, and
within the day the months that the audit log speaks of.
"""

import datetime as dt
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max, Q

from bookings.core import audit
from bookings.core.audit import AuditSeal
from bookings.core.clock import local_date
from bookings.places.models import District, Station

# what is kept is marked where it is counted
from bookings.statistics import decisions, funnel, lasting, nights, partners, retention
from bookings.statistics.scope import Period, Scope
from bookings.statistics.tallies.changed import Again, all_again, all_months, changed
from bookings.statistics.tallies.models import Tally
from bookings.statistics.tallies.tallied import ALL, Key

logger = logging.getLogger(__name__)

COUNTING = (decisions, funnel, lasting, nights, partners, retention)
LONGEST = dt.timedelta(minutes=15)  # a worker that has not finished by then has died


class Busy(Exception):
    """Another worker is at it."""


@contextmanager
def _turn(name: str) -> Iterator[None]:
    """Errors: Busy."""
    if not cache.add(f"tallies:{name}", True, LONGEST.total_seconds()):
        raise Busy
    try:
        yield
    finally:
        cache.delete(f"tallies:{name}")


def bring_all_up_to_date(*, clock: Callable[[], dt.datetime]) -> int:
    """District by district; how many months. Of two workers one does it all, so that the other has time
    for what people wait for. A district that cannot be counted does not keep the others waiting.
    Errors: Busy."""
    with _turn("all"):
        return sum(_tried(one, clock()) for one in District.objects.order_by("pk"))


def _tried(district: District, now: dt.datetime) -> int:
    try:
        return bring_up_to_date(district=district, now=now)
    except Busy:
        return 0
    except Exception:
        logger.exception("district %s cannot be counted", district.code)
        return 0


def bring_up_to_date(*, district: District, now: dt.datetime) -> int:
    """Count the months again in which something may have changed. How many; none where another worker
    was quicker. Errors: Busy."""
    with _turn(district.code):
        audit.seal_rest()
        return _brought_up_to_date(district, now)


def _brought_up_to_date(district: District, now: dt.datetime) -> int:
    today, seal = local_date(now), _last_seal()
    former = _former(district)
    if former and former.day == today:
        again = changed(district, after=former.seal, until=seal)
    else:
        again = all_again(district, today)
    tallies = [
        tally
        for month, stations in again.items()
        for tally in count_month(district, month, stations, today=today, seal=seal, now=now)
    ]
    return len(again) if tallies and _replace(district, former, again, tallies) else 0


def _last_seal() -> int:
    return AuditSeal.objects.aggregate(last=Max("number"))["last"] or 0


def _former(district: District) -> Tally | None:
    """The latest one: how far in the log the district's tallies are."""
    kept = Tally.objects.filter(district=district, station=None).defer("counts")
    return kept.order_by("-seal", "-day", "pk").first()


Counts = dict[str, Counter[Key]]  # by what is counted: how many of each key


def count_month(
    district: District,
    month: dt.date,
    stations: set[int] | None = None,
    *,
    today: dt.date,
    seal: int,
    now: dt.datetime,
) -> list[Tally]:
    """The tallies of a month, not stored yet: the district's, and each station's of which there is
    anything to tell. Of some stations alone: then the district's is the sum of theirs and of what is kept
    of the others."""
    scope = Scope(district, Period(month, month), today)
    found: dict[int | None, Counts] = {None: defaultdict(Counter)}
    if stations is None:
        _count(scope, found)
    else:
        for station in Station.objects.filter(pk__in=stations):
            _count(replace(scope, station=station), found)
        _add_kept(district, month, stations, found[None])
    return [
        Tally(
            district=district,
            station_id=station,
            month=month,
            counts={
                name: [[*key, count] for key, count in sorted(kept.items()) if count]
                for name, kept in counts.items()
            },
            day=today,
            seal=seal,
            counted_at=now,
        )
        for station, counts in found.items()
    ]


def _count(scope: Scope, found: dict[int | None, Counts]) -> None:
    for one in ALL.values():
        for line in one.from_rows(scope):
            name, key = one.kept_under(line.key), line.key[one.part_of :]
            for station in (None, line.station):
                found.setdefault(station, defaultdict(Counter))[name][key] += line.how_many


def _add_kept(district: District, month: dt.date, but: set[int], whole: Counts) -> None:
    others = Tally.objects.filter(district=district, month=month, station__isnull=False)
    for counts in others.exclude(station__in=but).values_list("counts", flat=True).iterator():
        for name, lines in counts.items():
            for *key, count in lines:
                whole[name][tuple(key)] += count


@transaction.atomic
def _replace(district: District, former: Tally | None, again: Again, tallies: list[Tally]) -> bool:
    """Put tallies in place of those that there are, unless somebody else has done so since
    they were counted. Of a new day all are replaced."""
    District.objects.select_for_update(no_key=True).get(pk=district.pk)
    there = _former(district)
    if (there and (there.day, there.seal)) != (former and (former.day, former.seal)):
        return False
    kept = Tally.objects.filter(district=district)
    if former and former.day == tallies[0].day:
        kept = kept.filter(reduce(or_, (_of(*one) for one in again.items())))
    kept.delete()
    Tally.objects.bulk_create(tallies, batch_size=100)
    return True


def _of(month: dt.date, stations: set[int] | None) -> Q:
    """The tallies of a month that are to be replaced."""
    some = Q() if stations is None else Q(station=None) | Q(station__in=stations)
    return Q(month=month) & some


def differences(district: District) -> Iterator[str]:
    """Where the tallies say something else than the rows, but for months that are to be counted again
    anyway, as all are while a bureau's list is being written. Sentences."""
    former = _former(district)
    if former is None or district.bureau_lists.filter(status="confirming").exists():
        return
    pending = changed(district, after=former.seal)
    for month in all_months(district, former.day):
        if month not in pending:
            yield from _differences(district, month, former)


def _differences(district: District, month: dt.date, former: Tally) -> Iterator[str]:
    counted = count_month(
        district, month, today=former.day, seal=former.seal, now=former.counted_at
    )
    kept = Tally.objects.filter(district=district, month=month)
    there: dict[int | None, Any] = dict(kept.values_list("station", "counts"))
    for tally in counted:
        if there.pop(tally.station_id, None) != tally.counts:
            yield f"{district.code}: the tally of {tally} is not what its rows are"
    for station in there:
        yield f"{district.code}: station {station} has a tally of {month:%Y-%m} but no rows"
