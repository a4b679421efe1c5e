"""What a viewer asks of a page, and what that viewer may be told."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.people.models import Membership
from bookings.people.roles import districts_of, is_outside, stations_of
from bookings.places.models import District
from bookings.statistics.forms import PeriodForm, YearForm
from bookings.statistics.retention import BY, mature
from bookings.statistics.scope import Scope
from bookings.statistics.suppression import SMALLEST
from bookings.statistics.tables import Grain, quarter
from bookings.statistics.tallies.tallied import counted

HORIZONS = (30, 90, 180, 365)
MANY_STATIONS = 8
FRESH = dt.timedelta(days=1)  # after midnight the worker counts for the new day


@dataclass
class Asked:
    """`is_private`: the page is read outside the district; small counts are hidden and no rows shown."""

    scope: Scope
    horizon: int
    by: str
    is_private: bool
    form: PeriodForm | YearForm = field(repr=False)
    districts: list[District] = field(default_factory=list)  # whose numbers the viewer may read
    counted_at: dt.datetime | None = None  # where the numbers are not counted for this page
    is_file: bool = False  # nobody scrolls through it

    @property
    def is_by_station(self) -> bool:
        """Whether each station has lines of its own in the months' table."""
        return not self.is_private and (
            self.scope.station is not None
            or self.is_file
            or self.scope.district.stations.count() <= MANY_STATIONS
        )

    def link(
        self, of: str, narrowed: Mapping[str, str] | None = None, *, month: dt.date | None = None
    ) -> str:
        """The address of the rows behind a number; none where they are not for the viewer."""
        if self.is_private:
            return ""
        period = self.scope.period
        first, last = (month, month) if month else (period.first, period.last)
        more = f"&{urlencode(narrowed)}" if narrowed else ""
        return f"{self._rows}&of={of}&first={first:%Y-%m}&last={last:%Y-%m}{more}"

    @cached_property
    def _rows(self) -> str:
        """The address of the rows, but for what tells one number of the page from another."""
        station = {"station": self.scope.station.slug} if self.scope.station else {}
        return f"{reverse('statistics_rows')}?{urlencode({'horizon': self.horizon, **station})}"

    @property
    def funnel_horizon(self) -> int:
        """Outside there is one: the funnels of two have counts in common, and from what one of them tells
        what the other one hides could be reckoned."""
        return HORIZONS[0] if self.is_private else self.horizon

    @property
    def funnel_horizons(self) -> tuple[int, ...]:
        """Those between which the viewer may choose for it."""
        return () if self.is_private else HORIZONS

    def tells_after(self, days: int) -> bool:
        """Whether it says what became of guests so long after they left: outside, once all have been gone
        for it. The year that grew by a month would tell of that month alone."""
        return not self.is_private or mature(self.scope.period.last, days, self.scope.today)

    @property
    def query(self) -> str:
        """What was asked, to be taken along to another page or to the file."""
        return urlencode({**self._told, "horizon": self.horizon, "by": self.by})

    @property
    def query_but_horizon(self) -> str:
        return urlencode({**self._told, "by": self.by})

    @property
    def query_but_by(self) -> str:
        return urlencode({**self._told, "horizon": self.horizon})

    @property
    def _told(self) -> dict[str, Any]:
        return {name: value for name, value in self.form.data.items() if name in self.form.fields}

    @property
    def smallest_nights(self) -> int:
        """So many nights that at least five people slept them, by the policies in force until the end of
        the period: a later one, or a draft, tells nothing else of a year that was told."""
        of_then = self.scope.district.policies.filter(valid_from__lt=self.scope.period.until)
        return SMALLEST * max(of_then.values_list("nights", flat=True), default=1)


def asked(data: Any, membership: Membership, *, today: dt.date) -> Asked:
    """Read what an address asks for; what cannot be read is as if it had not been said. The numbers are
    of the day for which they were counted last, if that is not long ago."""
    is_private = is_outside(membership)
    districts = districts_of(membership)
    form: PeriodForm | YearForm
    if is_private:
        form = YearForm(data, districts=districts, own=membership.district, today=today)
    else:
        form = PeriodForm(data, stations=stations_of(membership), today=today)
    form.is_valid()
    station = form.cleaned_data.get("station")
    district = form.cleaned_data.get("district") or membership.district
    [(day, counted_at)] = last_counted([district], today)
    horizon, by = data.get("horizon", ""), data.get("by", "")
    return Asked(
        scope=Scope(district, form.period(today), day, station),
        horizon=int(horizon) if horizon in map(str, HORIZONS) else HORIZONS[0],
        by=by if by in BY else "month",
        is_private=is_private,
        form=form,
        districts=list(districts),
        counted_at=counted_at,
    )


def last_counted(
    districts: Sequence[District], today: dt.date
) -> list[tuple[dt.date, dt.datetime | None]]:
    """For which day to read each district's numbers, and when they were counted if that is not now."""
    found = counted(districts)
    days = [found.get(one.pk, (today, None)) for one in districts]
    return [(day, at) if today - FRESH <= day <= today else (today, None) for day, at in days]


def month_name(month: dt.date, grain: Grain = Grain.MONTH) -> str:
    """Of the line that begins with a month, or has it in its year."""
    if grain == Grain.MONTH:
        return date_format(month, "Y-m")
    if grain == Grain.YEAR:
        return f"{month:%Y}"
    return _("%(year)s, quarter %(number)s") % {"year": month.year, "number": quarter(month)}
