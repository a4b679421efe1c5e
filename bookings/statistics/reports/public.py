"""The few totals that a district tells everybody: chosen one by one, counted by the worker.

They are counted to the end of the last month and stay until the next, so that nobody learns from one
day to the next what one guest did. What fewer than five people make up is not told.
"""

import datetime as dt
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django_q.tasks import async_task

from bookings.beds.models import BedNight, Stay
from bookings.core import audit
from bookings.core.clock import local_date
from bookings.people.models import User
from bookings.places.models import Bed, District, Station
from bookings.statistics.funnel import CAME
from bookings.statistics.reports.models import PublicNumbers
from bookings.statistics.retention import retention, total
from bookings.statistics.suppression import SMALLEST, hidden, is_small, with_sums

DAYS = 180
FIRST = dt.date(2020, 1, 1)
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
    return {"as_of": row.as_of, "told": told}


def count(*, row: PublicNumbers, now: dt.datetime) -> bool:
    """Count all totals to the end of the last month, once a month. Whether it did."""
    today = local_date(now).replace(day=1)
    if row.as_of == today:
        return False
    figures = totals(row.district, today)
    PublicNumbers.objects.filter(pk=row.pk).update(figures=figures, as_of=today)
    cache.delete(_key(row.district))
    return True


def totals(district: District, today: dt.date) -> dict[str, Any]:
    """All totals before `today`; None for one that is not to be told."""
    stays = Stay.objects.filter(station__district=district, status__in=CAME, arrival__lt=today)
    slept = BedNight.objects.filter(
        stay__station__district=district, stay__status__in=CAME, night__lt=today
    )
    people = stays.values("graduate").distinct().count()
    guests, nights = stays.count(), slept.count()
    few = is_small(people)
    beds = Bed.objects.filter(room__station__district=district, room__station__is_open=True)
    open_stations = Station.objects.filter(district=district, is_open=True)
    return {
        "guests": None if few else guests,
        "nights": None if few else nights,
        "beds": {"stations": open_stations.count(), "beds": beds.count()},
        "staying": _staying(district, today),
    }


def _staying(district: District, today: dt.date) -> dict[str, Any] | None:
    """The rate with its bounds, its denominator and its response; None where a part is small."""
    cohorts = retention(
        first=FIRST,
        last=today,
        today=today,
        districts=District.objects.filter(pk=district.pk),
        horizon=DAYS,
    )
    whole = total(cohorts, DAYS)
    if not whole.denominator or hidden(with_sums([whole.parts]), smallest=SMALLEST):
        return None
    return {
        "stayed": whole.numerator,
        "known": whole.denominator,
        "rate": whole.rate,
        "low": whole.low,
        "high": whole.high,
        "response": whole.response_rate,
    }


def until(as_of: dt.date) -> dt.date:
    """The last day that is counted."""
    return as_of - dt.timedelta(days=1)
