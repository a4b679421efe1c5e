"""The few totals that a district tells everybody: chosen one by one, counted by the worker.

Of people the last year is told that is settled, as the observers' pages tell it, and told on as it was
counted until the next one is: a sum that grows, or one over all years, would tell by difference what
one guest did. Stations and beds are counted each month.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django_q.tasks import async_task

from bookings.core import audit
from bookings.core.clock import local_date
from bookings.people.models import User
from bookings.places.models import Bed, District, Station
from bookings.statistics.nights import arrivals, nights, total
from bookings.statistics.pages.asked import Asked
from bookings.statistics.pages.nights import PARTS
from bookings.statistics.reports.figures import asked_for
from bookings.statistics.reports.models import Audience, PublicNumbers, Report
from bookings.statistics.retention import cohorts, mature, together
from bookings.statistics.scope import last_year_told
from bookings.statistics.suppression import SMALLEST
from bookings.statistics.tables import Shown

DAYS = 180
MINUTES = 10 * 60


@transaction.atomic
def choose(*, district: District, by: User, now: dt.datetime, **choices: bool) -> PublicNumbers:
    """Tell the public these of PublicNumbers.CHOICES, and no others."""
    told = {name: choices[name] for name in PublicNumbers.CHOICES}
    row, _made = PublicNumbers.objects.update_or_create(district=district, defaults=told)
    audit.record("publish numbers", row, by=by, now=now, district_id=district.pk, **told)
    async_task("bookings.tasks.count_public_numbers", district.pk)
    transaction.on_commit(lambda: cache.delete(_key(district)))
    return row


def numbers_of(district: District) -> dict[str, Any]:
    """What the district tells, ready to print; an empty dictionary where it tells nothing. Held in the
    shared cache: a visitor waits for no counting."""
    return cache.get_or_set(_key(district), lambda: _told(district), MINUTES) or {}


def _key(district: District) -> str:
    return f"public-numbers:{district.pk}"


def _told(district: District) -> dict[str, Any]:
    row = PublicNumbers.objects.filter(district=district).first()
    if row is None or not any(getattr(row, name) for name in row.CHOICES):
        return {}
    counted = row.figures or {}
    told = {name: counted.get(name) for name in row.CHOICES if getattr(row, name)}
    return {"as_of": row.as_of, "told": told, "years": counted.get("years", {})}


def count(*, row: PublicNumbers, now: dt.datetime) -> bool:
    """Count once a month what there is new to tell. Whether it did."""
    month = local_date(now).replace(day=1)
    if row.as_of == month:
        return False
    figures = totals(row.district, local_date(now), row.figures or {})
    unchanged = PublicNumbers.objects.filter(pk=row.pk, as_of=row.as_of)
    is_first = unchanged.update(figures=figures, as_of=month) == 1
    cache.delete(_key(row.district))
    return is_first


def totals(district: District, today: dt.date, kept: dict[str, Any]) -> dict[str, Any]:
    """All totals, None for one that is not to be told, and under `years` of which year each is. What is
    `kept` of the same year stays as it was, told or not."""
    beds = Bed.objects.filter(room__station__district=district, room__station__is_open=True)
    stations = Station.objects.filter(district=district, is_open=True)
    figures: dict[str, Any] = {"beds": {"stations": stations.count(), "beds": beds.count()}}
    years: dict[str, int] = {}
    for name, (days, counted) in OF_A_YEAR.items():
        years[name] = _settled(today, days)
        if kept.get("years", {}).get(name) == years[name]:
            figures[name] = kept[name]
        else:
            figures[name] = counted(_outside(district, years[name], today))
    return {**figures, "years": years}


def _settled(today: dt.date, days: int) -> int:
    """The last year told outside whose guests have all been gone for so many days."""
    year = last_year_told(today)
    return year if mature(dt.date(year, 12, 1), days, today) else year - 1


def _outside(district: District, year: int, today: dt.date) -> Asked:
    first = dt.date(year, 1, 1)
    return asked_for(district, Report.Kind.YEAR, first, Audience.OUTSIDE, today=today)


def _guests(asked: Asked) -> int | None:
    rows = arrivals(asked.scope)
    missed = sum(row.missed for row in rows)
    return _first_told([sum(row.expected for row in rows) - missed, missed])


def _nights(asked: Asked) -> int | None:
    whole = total(nights(asked.scope))
    return _first_told([getattr(whole, name) for name in PARTS], asked.smallest_nights)


def _first_told(parts: Sequence[int], smallest: int = SMALLEST) -> int | None:
    """The first of the parts of a year; None where the observers' page hides it."""
    shown = Shown([parts], private=True, smallest=smallest)
    return None if shown.count(-1, 0).is_hidden else parts[0]


def _staying(asked: Asked) -> dict[str, Any] | None:
    """The rate with its bounds, its denominator and its response; None where a part is small."""
    whole = together(cohorts(asked.scope, by="month", horizon=DAYS), "", DAYS)
    if not whole.denominator or not Shown([whole.parts], private=True).whole(-1):
        return None
    return {
        "stayed": whole.numerator,
        "known": whole.denominator,
        "rate": whole.rate,
        "low": whole.low,
        "high": whole.high,
        "response": whole.response_rate,
    }


# how many days after a year's end it is counted at the earliest, and what is counted of it
OF_A_YEAR: dict[str, tuple[int, Callable[[Asked], Any]]] = {
    "guests": (0, _guests),
    "nights": (0, _nights),
    "staying": (DAYS, _staying),
}
