"""What a figure is about: a district, one of its stations or all, and some months."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When

from bookings.core.clock import at_local
from bookings.places.models import District, Station


def next_month(month: dt.date, by: int = 1) -> dt.date:
    """The first day of a month so many months on (or back)."""
    years, rest = divmod(month.year * 12 + month.month - 1 + by, 12)
    return dt.date(years, rest + 1, 1)


SETTLING = 3  # months after a year, in which its last guests come, leave and are first asked


def last_year_told(today: dt.date) -> int:
    """The latest year that is told outside the district: a running one grows by a few people from one
    reading to the next."""
    return next_month(today.replace(day=1), -12 - SETTLING).year


@dataclass(frozen=True)
class Period:
    """Whole months, from the one of `first` to the one of `last`, both included; local time."""

    first: dt.date
    last: dt.date

    @cached_property
    def months(self) -> list[dt.date]:
        """The first days of the months, the earliest first."""
        month, months = self.first.replace(day=1), []
        while month <= self.last:
            months.append(month)
            month = next_month(month)
        return months

    @property
    def first_day(self) -> dt.date:
        return self.first.replace(day=1)

    @property
    def until(self) -> dt.date:
        """The day after the last one."""
        return next_month(self.last.replace(day=1))

    def instants(self, field: str) -> dict[str, dt.datetime]:
        """Lookups: the moments of a field within the period."""
        begin, end = at_local(self.first_day, dt.time()), at_local(self.until, dt.time())
        return {f"{field}__gte": begin, f"{field}__lt": end}

    def days(self, field: str) -> dict[str, dt.date]:
        """Lookups: the days of a field within the period."""
        return {f"{field}__gte": self.first_day, f"{field}__lt": self.until}

    def number_of_instant(self, field: str) -> Case:
        """Which of `months` a moment is in, by comparisons alone: for SQLite a month's name would have
        to be made row by row in Python."""
        return self._number({m: at_local(next_month(m), dt.time()) for m in self.months}, field)

    def number_of_day(self, field: str) -> Case:
        return self._number({month: next_month(month) for month in self.months}, field)

    def _number(self, ends: dict[dt.date, Any], field: str) -> Case:
        whens = [
            When(**{f"{field}__lt": end}, then=Value(n)) for n, end in enumerate(ends.values())
        ]
        return Case(*whens, output_field=IntegerField())


def within_months(months: Iterable[dt.date], field: str) -> Q:
    """The moments of a field within some months; at least one. Those that follow each other are one
    condition."""
    spans: list[Period] = []
    for month in sorted(months):
        if spans and spans[-1].until == month:
            spans[-1] = Period(spans[-1].first, month)
        else:
            spans.append(Period(month, month))
    return reduce(or_, (Q(**span.instants(field)) for span in spans))


@dataclass(frozen=True)
class Scope:
    """Whose rows count; `today` decides what is due."""

    district: District
    period: Period
    today: dt.date
    station: Station | None = None

    def within(self, district: str, station: str) -> dict[str, Any]:
        """Lookups, by where the district and the station stand seen from a row."""
        here = {district: self.district.pk}
        return {**here, station: self.station.pk} if self.station else here
