"""A station's day: who is expected, who is here, who is due to leave, who has left, who did not
come, who waits for a review. So many queries however many guests; each list shows its first rows
unless all are asked for."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Count, Prefetch, Q, QuerySet, prefetch_related_objects

from bookings.applications.models import Application
from bookings.beds.models import BedNight, Stay
from bookings.core.clock import at_local, local_date
from bookings.desk.incidents.models import Incident
from bookings.places.models import Policy, Station

ROWS = 50
DAY = dt.timedelta(days=1)
FOUND_FOR = 30 * DAY  # who has left is found by words: for a lost charger, a key taken along
LISTED = ("promised", "arrived", "no_show", "requested")


class Rows(NamedTuple):
    """What is shown of a list, and how long it is in all."""

    shown: list[Any]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.shown)


def day_of(
    station: Station, *, now: dt.datetime, words: str = "", everything: bool = False
) -> dict[str, Any]:
    """The lists by name, as the page takes them; `words` keeps those whose name, reference or bed
    has them, and adds to who left today those who left lately. `late_from`: whose bed is kept no
    longer than until then is reminded already."""
    today = local_date(now)
    lists = _lists(station, today, words)
    day = {name: _rows(rows, words.strip(), everything) for name, rows in lists.items()}
    if not words:
        _with_beds([*day["departures"].shown, *day["in_house"].shown], today)
    return {
        **{name: rows.shown for name, rows in day.items()},
        "found": any(rows.total for rows in day.values()),
        "totals": {name: rows.total for name, rows in day.items()},
        "more": sum(rows.more for rows in day.values()),
        "reviews": list(_reviews(station, today)),
        "to_decide": Incident.objects.to_decide().filter(stay__station=station).count(),
        "late_from": now + _remind(station, today),
        "version": version(station, now=now),
        "words": words,
        "everything": everything,
        "today": today,
        "undoable": {one.pk for one in day["departed"].shown if one.may_undo_leave(today)},
        "now": now,
    }


def _lists(station: Station, today: dt.date, words: str) -> dict[str, Iterable[Stay]]:
    """All stays of the day by list; with words, which may name a bed, also who left lately."""
    midnight = at_local(today, dt.time.min)
    stays = Stay.objects.filter(station=station).select_related("graduate", "application")
    expected = Q(status="promised", arrival__lte=today)
    since = midnight - FOUND_FOR if words else midnight
    gone = Q(status="left", left_at__gte=since, graduate__forgotten_at=None)
    found = list(stays.filter(expected | Q(status="arrived") | gone).order_by("pk"))
    here = sorted((s for s in found if s.status == "arrived"), key=attrgetter("departure"))
    coming = sorted((s for s in found if s.status == "promised"), key=attrgetter("cutoff_at"))
    departed = [s for s in found if s.status == "left"]
    missed = stays.filter(status="no_show", cutoff_at__gte=midnight - DAY)
    if words:
        _with_beds(here, today)
    return {
        "arrivals": coming,
        "departures": [stay for stay in here if stay.departure <= today],
        "in_house": [stay for stay in here if stay.departure > today],
        "no_shows": missed.order_by("-cutoff_at", "pk"),
        "departed": sorted(departed, key=attrgetter("left_at"), reverse=True),
    }


def version(station: Station, *, now: dt.datetime) -> str:
    """Another text whenever the lists would be others; one query, no personal data read. The hour is
    in it, since lists change by the clock alone too."""
    rows = (
        Stay.objects.filter(station=station, status__in=LISTED)
        .filter(cutoff_at__gte=now - 60 * DAY)
        .order_by("pk")
        .values_list("pk", "status", "arrival", "departure", "cutoff_at", "application__status")
        .annotate(Count("moves"), Count("moves__undone_at"))
    )
    told = repr([f"{now:%Y%m%d%H}", *rows])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _rows(rows: Iterable[Stay], words: str, everything: bool) -> Rows:
    found = [stay for stay in rows if not words or _has(stay, words.casefold())]
    return Rows(found if everything else found[:ROWS], len(found))


def _has(stay: Stay, words: str) -> bool:
    told = [stay.graduate.name, stay.application.reference]
    if stay.status == "arrived":
        told += [str(night.bed) for night in stay.bed_nights.all()[:1]]
    return any(words in one.casefold() for one in told)


def _with_beds(stays: list[Stay], today: dt.date) -> None:
    """The bed of each guest as slept in last, the newest night first."""
    nights = BedNight.objects.filter(night__lte=today).select_related("bed__room")
    prefetch_related_objects(stays, Prefetch("bed_nights", nights.order_by("-night")))


def _reviews(station: Station, today: dt.date) -> QuerySet[Application]:
    """Applications that nobody has decided on and whose guest may stand here today or tomorrow."""
    soon = Application.objects.filter(station=station, status__in=Application.OPEN)
    return soon.filter(arrival__range=(today, today + DAY)).order_by("arrival", "pk")[:ROWS]


def _remind(station: Station, today: dt.date) -> dt.timedelta:
    policy = Policy.objects.filter(district=station.district_id, valid_from__lte=today)
    hours = policy.order_by("-valid_from", "-version").values_list("remind_hours", flat=True)
    return dt.timedelta(hours=hours.first() or 0)
