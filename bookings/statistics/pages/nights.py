"""What became of the beds' nights, and who did not come."""

import datetime as dt

from django.utils.translation import gettext as _

from bookings.statistics.charts import Chart, stacked
from bookings.statistics.nights import Nights, arrivals, nights, total
from bookings.statistics.pages.asked import Asked, month_name
from bookings.statistics.suppression import is_small
from bookings.statistics.tables import Cell, Grain, Section, Shown, Table, text

PARTS = ("used", "left_early", "no_show", "late", "in_time", "unsettled")


def definitions() -> list[str]:
    return [
        _("Only nights that have passed are counted, in the month in which they lie."),
        _(
            "Given: all beds of the programme, less those closed. Beds are counted as they stand now."
        ),
        _("Asked for: nights of the applications sent; one may be asked for many times."),
        _("Nights promised: those of stays that got a pass, as the stay last was agreed."),
        _("Slept in: nights on which an arrived guest had the bed. Occupancy: slept in of given."),
        _(
            "Left early: promised, given back because the guest left; others could have them at once."
        ),
        _("Not come: nights of guests who did not arrive."),
        _("Given back late: on the day of arrival or later. In time: before."),
        _("Not settled: whose guest may still come, or whose stay was taken up again."),
    ]


def sections(asked: Asked) -> list[Section]:
    return [_nights(asked), _arrivals(asked)]


def _nights(asked: Asked) -> Section:
    rows = nights(asked.scope)
    shown = Shown(
        [[getattr(row, name) for name in PARTS] for row in rows],
        private=asked.is_private,
        smallest=asked.smallest_nights,
        months=[row.month for row in rows if row.month],
    )
    sums = [total(rows[n] for n in line) for line in shown.lines]
    # one alone would be the rest: where one is too small all are hidden but their sum
    few = any(_is_few(asked, row) for row in sums)
    months = [month for line in shown.lines if (month := rows[line[0]].month)]
    lines = [
        _line(asked, shown, number, row, month, is_hidden=few)
        for number, (row, month) in enumerate(zip(sums, months, strict=True))
    ]
    whole = total(rows)
    footer = _line(asked, shown, -1, whole, is_hidden=_is_few(asked, whole))
    title = _("Nights promised, and what became of them")
    lead = _("How many nights there were, were asked for, promised and slept in.")
    return Section(
        title, lead, Table(_headings(), lines, footer), _drawn(shown, sums, months, title)
    )


def _is_few(asked: Asked, row: Nights) -> bool:
    return asked.is_private and is_small(row.asked, asked.smallest_nights)


def _headings() -> list[str]:
    return [
        *[
            _("Month"),
            _("Occupancy"),
            _("Given"),
            _("Asked for"),
            _("Nights promised"),
            _("Slept in"),
        ],
        *[
            _("Left early"),
            _("Not come"),
            _("Given back late"),
            _("Given back in time"),
            _("Not settled"),
        ],
    ]


def _line(
    asked: Asked,
    shown: Shown,
    number: int,
    row: Nights,
    month: dt.date | None = None,
    *,
    is_hidden: bool,
) -> list[Cell]:
    """`is_hidden`: how many were asked for, which is no part of what was promised."""

    def link(of: str) -> str:
        return asked.link(f"nights_{of}", month=month)

    used = shown.count(number, 0, href=link("used"))
    return [
        text(month_name(month, shown.grain) if month else _("Sum")),
        Cell(row.occupancy, "share", is_hidden=used.is_hidden),
        Cell(row.committed),
        Cell(row.asked, href=link("asked"), is_hidden=is_hidden),
        shown.count(number, -1, href=link("promised")),
        used,
        shown.count(number, 1, href=link("left_early")),
        shown.count(number, 2, href=link("no_show")),
        shown.count(number, 3, href=link("late")),
        shown.count(number, 4, href=link("in_time")),
        shown.count(number, 5),
    ]


def _drawn(shown: Shown, rows: list[Nights], months: list[dt.date], title: str) -> Chart | None:
    if shown.grain == Grain.YEAR or not all(map(shown.whole, range(len(rows)))):
        return None
    by_month = shown.grain == Grain.MONTH
    names = [f"{one:%-m}" if by_month else month_name(one, shown.grain) for one in months]
    series = [
        (_("Slept in"), [row.used for row in rows]),
        (_("Left early"), [row.left_early for row in rows]),
        (_("Not come, or given back late"), [row.wasted for row in rows]),
        (_("Given back in time, or not settled"), [row.in_time + row.unsettled for row in rows]),
    ]
    return stacked(names, series, title=title)


def _arrivals(asked: Asked) -> Section:
    rows = arrivals(asked.scope)
    parts = [[row.expected - row.missed, row.missed] for row in rows]
    months = [row.month for row in rows]
    shown = Shown(parts, private=asked.is_private, months=months)
    lines = []
    for number, line in enumerate(shown.lines):
        month = months[line[0]]
        lines.append(
            [
                text(month_name(month, shown.grain)),
                shown.count(number, 0, 1, href=asked.link("expected", month=month)),
                shown.count(number, 1, href=asked.link("missed", month=month)),
                shown.share(number, 1),
            ]
        )
    footer = [
        text(_("Sum")),
        shown.count(-1, 0, 1, href=asked.link("expected")),
        shown.count(-1, 1, href=asked.link("missed")),
        shown.share(-1, 1),
    ]
    columns = [_("Month of arrival"), _("Were expected"), _("Did not come"), _("Share")]
    lead = _("Guests with a promise, by the day on which they were to arrive.")
    return Section(_("Who did not come"), lead, Table(columns, lines, footer))
