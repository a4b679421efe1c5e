"""Keep a district's tallies true: every month once a day, for what is due changes with the day, and
within the day the months that the audit log speaks of.

Whatever is done to an application stands in the log, so the log says which months to count again. Its
seals are numbered in the order in which acts became visible; so nothing is missed, and nothing has to
be marked when somebody acts.
"""

import datetime as dt
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max, Q, QuerySet

from bookings.applications.models import Application
from bookings.core import audit
from bookings.core.audit import AuditEntry, AuditSeal
from bookings.core.bulk import in_chunks
from bookings.core.clock import local_date
from bookings.places.models import District

# what is kept is marked where it is counted
from bookings.statistics import decisions, funnel, lasting, nights, partners, retention
from bookings.statistics.scope import Period, Scope
from bookings.statistics.tallies.models import Tally
from bookings.statistics.tallies.tallied import ALL, Key

logger = logging.getLogger(__name__)

COUNTING = (decisions, funnel, lasting, nights, partners, retention)
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
    *["take own data"],
}
# counted where the stay is, whenever they come
OF_QUESTIONS = {"answer", "call", "pass on a call", "confirm a proof", "decline a proof"}
CHUNK = 2000
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
        months = changed_months(district, after=former.seal, until=seal)
    else:
        months = all_months(district, today)
    tallies = [
        tally
        for month in months
        for tally in count_month(district, month, today=today, seal=seal, now=now)
    ]
    return len(months) if tallies and _replace(district, former, months, tallies) else 0


def _last_seal() -> int:
    return AuditSeal.objects.aggregate(last=Max("number"))["last"] or 0


def _former(district: District) -> Tally | None:
    """The latest one: how far in the log the district's tallies are."""
    kept = Tally.objects.filter(district=district, station=None).defer("counts")
    return kept.order_by("-seal", "-day", "pk").first()


def all_months(district: District, today: dt.date) -> list[dt.date]:
    """From the first application to today."""
    sent = funnel.all_months(district)
    return Period(sent.first, max(sent.last, today)).months if sent else []


def changed_months(district: District, *, after: int, until: int | None = None) -> list[dt.date]:
    """The months of which the log speaks between two seals, or after one and in what is not sealed yet."""
    later = Q(seal__number__gt=after)
    told = later | Q(seal=None) if until is None else later & Q(seal__number__lte=until)
    entries = (
        AuditEntry.objects.filter(told, district=district)
        .exclude(action__startswith="look at")
        .exclude(action__in=IDLE)
    )
    subjects: dict[str, set[str]] = defaultdict(set)
    moments = []
    for action, subject, at in entries.values_list("action", "subject", "at").iterator(CHUNK):
        kind, _colon, key = subject.partition(":")
        if action in FOR_ALL:
            return all_months(district, local_date(at))
        if kind in FOLLOWED:
            subjects[kind].add(key)
        if kind in FOLLOWED and action not in OF_QUESTIONS:
            moments.append(at)
    months = {local_date(at).replace(day=1) for at in moments}
    for kind, keys in subjects.items():
        for some in in_chunks(sorted(keys), CHUNK):
            touched = Application.objects.filter(**{f"{FOLLOWED[kind]}__in": some})
            months |= _months_of(touched)
    there = set(all_months(district, max(months))) if months else set()
    return sorted(months & there)


def _months_of(applications: QuerySet[Application]) -> set[dt.date]:
    """From their beginning to their last night: whatever of them was counted lies there."""
    months: set[dt.date] = set()
    spans = applications.values_list(
        *["created_at", "arrival", "nights", "stay__departure", "stay__left_at"]
    )
    for begun, arrival, nights_asked, departure, left_at in spans.distinct():
        ends = [local_date(begun), departure, left_at and local_date(left_at)]
        ends.append(arrival and arrival + dt.timedelta(days=nights_asked or 0))
        months.update(Period(local_date(begun), max(filter(None, ends))).months)
    return months


def count_month(
    district: District, month: dt.date, *, today: dt.date, seal: int, now: dt.datetime
) -> list[Tally]:
    """The tallies of a month, not stored yet: the district's, and each station's of which there is
    anything to tell."""
    scope = Scope(district, Period(month, month), today)
    counts: dict[int | None, dict[str, Counter[Key]]] = {None: defaultdict(Counter)}
    for one in ALL.values():
        for line in one.from_rows(scope):
            name, key = one.kept_under(line.key), line.key[one.part_of :]
            for station in (None, line.station):
                counts.setdefault(station, defaultdict(Counter))[name][key] += line.how_many
    return [
        Tally(
            district=district,
            station_id=station,
            month=month,
            counts={
                name: [[*key, count] for key, count in sorted(kept.items()) if count]
                for name, kept in found.items()
            },
            day=today,
            seal=seal,
            counted_at=now,
        )
        for station, found in counts.items()
    ]


@transaction.atomic
def _replace(
    district: District, former: Tally | None, months: list[dt.date], tallies: list[Tally]
) -> bool:
    """Put the months' tallies in place of those that there are, unless somebody else has done so since
    they were counted. Of a new day all are replaced."""
    District.objects.select_for_update(no_key=True).get(pk=district.pk)
    there = _former(district)
    if (there and (there.day, there.seal)) != (former and (former.day, former.seal)):
        return False
    kept = Tally.objects.filter(district=district)
    if former and former.day == tallies[0].day:
        kept = kept.filter(month__in=months)
    kept.delete()
    Tally.objects.bulk_create(tallies, batch_size=100)
    return True


def differences(district: District) -> Iterator[str]:
    """Where the tallies say something else than the rows, but for months that are to be counted again
    anyway, as all are while a bureau's list is being written. Sentences."""
    former = _former(district)
    if former is None or district.bureau_lists.filter(status="confirming").exists():
        return
    pending = changed_months(district, after=former.seal)
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
