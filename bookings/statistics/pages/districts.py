"""Districts side by side, for an observer of several.

A line is the last line of the district's own page, told or hidden as there: so this page tells nothing
that the others do not. There is no sum over the districts, from which one could be reckoned.
"""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.places.models import District
from bookings.statistics.charts import Range, ranges
from bookings.statistics.funnel import Row, side_by_side, total
from bookings.statistics.pages.asked import Asked, last_counted
from bookings.statistics.pages.funnel import COLUMNS, headings
from bookings.statistics.pages.funnel import definitions as of_one_district
from bookings.statistics.pages.retention import note
from bookings.statistics.retention import Cohort
from bookings.statistics.tables import Cell, Section, Shown, Table

Line = tuple[District, Row, Shown]  # its sums, and which of them may be told


def definitions(asked: Asked) -> list[str]:
    return [
        *of_one_district(asked.funnel_horizon)[1:],
        _("Rate: stayed on, of those asked about who answered."),
        _("At least, at most: the rate if all who did not answer are gone, or have all stayed."),
    ]


def sections(asked: Asked) -> list[Section]:
    lines = list(_lines(asked))
    title = _("Districts side by side")
    lead = _(
        "The whole year of each district, by when the application was sent. Each line is the sum on the "
        "district’s own page."
    )
    table = Table(_headings(asked), [_cells(asked, *line) for line in lines])
    drawn = [
        Range(one.name, known.bounds, known.rate, note(known))
        for one, sums, shown in lines
        if (known := _known(sums, asked.funnel_horizon)).bounds and shown.whole(-1)
    ]
    return [Section(title, lead, table, ranges(drawn, title=title) if drawn else None)]


def _lines(asked: Asked) -> Iterator[Line]:
    days = last_counted(asked.districts, asked.scope.today)
    scopes = [
        replace(asked.scope, district=district, station=None, today=day)
        for district, (day, _at) in zip(asked.districts, days, strict=True)
    ]
    for scope, own in zip(scopes, side_by_side(scopes, horizon=asked.funnel_horizon), strict=True):
        months = [row.month for row in own if row.month]
        shown = Shown([row.parts for row in own], private=asked.is_private, months=months)
        yield scope.district, total(own), shown


def _known(sums: Row, horizon: int) -> Cohort:
    return Cohort("", horizon, sums.stayed_on, sums.answered, sums.silent)


def _headings(asked: Asked) -> list[str]:
    _month, _station, *counts = headings(asked.funnel_horizon)
    return [_("District"), *counts, _("Rate"), _("At least"), _("At most")]


def _cells(asked: Asked, district: District, sums: Row, shown: Shown) -> list[Cell]:
    known = _known(sums, asked.funnel_horizon)
    year = asked.scope.period.first.year
    wish = urlencode({"district": district.code, "year": year, "horizon": asked.funnel_horizon})
    shares = [
        Cell(share, "share", is_hidden=not shown.whole(-1))
        for share in (known.rate, known.low, known.high)
    ]
    counts = [shown.count(-1, *parts) for _name, parts in COLUMNS]
    return [Cell(district.name, "text", f"{reverse('statistics')}?{wish}"), *counts, *shares]
