"""What became of the beds' nights, and who did not come."""

from django.utils.translation import gettext as _

from bookings.statistics.charts import Chart, stacked
from bookings.statistics.nights import Nights, arrivals, nights, total
from bookings.statistics.pages.asked import Asked, month_name
from bookings.statistics.tables import Cell, Section, Shown, Table, text

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
    )
    lines = [_line(asked, shown, number, row) for number, row in enumerate(rows)]
    footer = _line(asked, shown, -1, total(rows))
    title = _("Nights promised, and what became of them")
    lead = _("How many nights there were, were asked for, promised and slept in.")
    return Section(title, lead, Table(_headings(), lines, footer), _drawn(shown, rows, title))


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


def _line(asked: Asked, shown: Shown, number: int, row: Nights) -> list[Cell]:
    month = row.month

    def link(of: str) -> str:
        return asked.link(f"nights_{of}", month=month)

    back = link("given_back")
    used = shown.count(number, 0, href=link("used"))
    few = asked.is_private and row.asked < asked.smallest_nights
    return [
        text(month_name(month) if month else _("Sum")),
        Cell(row.occupancy, "share", is_hidden=used.is_hidden),
        Cell(row.committed),
        Cell(row.asked, href=link("asked"), is_hidden=few and row.asked > 0),
        shown.count(number, -1, href=link("promised")),
        used,
        shown.count(number, 1, href=link("left_early")),
        shown.count(number, 2, href=link("no_show")),
        shown.count(number, 3, href=back),
        shown.count(number, 4, href=back),
        shown.count(number, 5),
    ]


def _drawn(shown: Shown, rows: list[Nights], title: str) -> Chart | None:
    if not all(shown.whole(number) for number in range(len(rows))):
        return None
    series = [
        (_("Slept in"), [row.used for row in rows]),
        (_("Left early"), [row.left_early for row in rows]),
        (_("Not come, or given back late"), [row.wasted for row in rows]),
        (_("Given back in time, or not settled"), [row.in_time + row.unsettled for row in rows]),
    ]
    return stacked([row.month for row in rows if row.month], series, title=title)


def _arrivals(asked: Asked) -> Section:
    rows = arrivals(asked.scope)
    parts = [[row.expected - row.missed, row.missed] for row in rows]
    shown = Shown(parts, private=asked.is_private)
    lines = []
    for number, row in enumerate(rows):
        month = row.month
        lines.append(
            [
                text(month_name(month)),
                shown.count(number, 0, 1, href=asked.link("expected", month=month)),
                shown.count(number, 1, href=asked.link("missed", month=month)),
                Cell(row.share, "share", is_hidden=not shown.whole(number)),
            ]
        )
    expected, missed = sum(r.expected for r in rows), sum(r.missed for r in rows)
    footer = [
        text(_("Sum")),
        shown.count(-1, 0, 1, href=asked.link("expected")),
        shown.count(-1, 1, href=asked.link("missed")),
        Cell(missed / expected if expected else None, "share", is_hidden=not shown.whole(-1)),
    ]
    columns = [_("Month of arrival"), _("Were expected"), _("Did not come"), _("Share")]
    lead = _("Guests with a promise, by the day on which they were to arrive.")
    return Section(_("Who did not come"), lead, Table(columns, lines, footer))
