"""From the pre-check to staying on."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.eligibility.models import Decision
from bookings.statistics.decisions import prechecks
from bookings.statistics.funnel import Row, by_month, funnel, total
from bookings.statistics.pages.asked import Asked, month_name
from bookings.statistics.partners import Partner, partners
from bookings.statistics.tables import Bar, Cell, Grain, Section, Shown, Table, text

# which parts of a row (Row.parts) each shown number is the sum of, and its name in rows.py
COLUMNS: list[tuple[str, tuple[int, ...]]] = [
    ("applied", (0, 1, 2, 3, 4, 5, 6)),
    ("approved", (1, 2, 3, 4, 5, 6)),
    ("arrived", (2, 3, 4, 5, 6)),
    ("mature", (3, 4, 5, 6)),
    ("stayed_on", (3,)),
    ("silent", (5,)),
    ("declined", (6,)),
]


def headings(horizon: int) -> list[str]:
    return [
        _("Month"),
        _("Station"),
        _("Applied"),
        _("Approved"),
        _("Arrived"),
        _("Asked about after %(days)s days") % {"days": horizon},
        _("Stayed on for work"),
        _("Did not answer"),
        _("Declined to be asked"),
    ]


def definitions(horizon: int) -> list[str]:
    return [
        _("Pre-checks: how often the five questions were answered; who answered is not kept."),
        _("Applied: applications sent in the month, at the station."),
        _("Approved: of those, approved; later no-shows included, withdrawn ones not."),
        _("Arrived: of those, checked in at the desk."),
        _("Asked about: of those, left at least %(days)s days ago.") % {"days": horizon},
        _("Stayed on: of those, of whom the best evidence says that they work in the district."),
        _("Did not answer and declined: the rest of those asked about; never counted as stayed."),
    ]


def rows_of(asked: Asked) -> list[Row]:
    scope = asked.scope
    if not asked.is_by_station:
        return by_month(scope, horizon=asked.funnel_horizon)
    return funnel(
        scope.district,
        horizon=asked.funnel_horizon,
        today=scope.today,
        period=scope.period,
        station=scope.station,
    )


def sections(asked: Asked) -> list[Section]:
    return [_months(asked), _partners(asked), _prechecks(asked)]


def _months(asked: Asked) -> Section:
    rows = rows_of(asked)
    months = [row.month for row in rows if row.month]
    shown = Shown([row.parts for row in rows], private=asked.is_private, months=months)
    lines = []
    for number, line in enumerate(shown.lines):
        row = rows[line[0]]
        assert row.month
        here = {"station": row.slug} if row.slug and not asked.scope.station else {}
        links = {name: asked.link(name, here, month=row.month) for name, _parts in COLUMNS}
        station = row.station if shown.grain == Grain.MONTH else ""
        names = [text(month_name(row.month, shown.grain)), text(station or _("All stations"))]
        lines.append([*names, *_counts(shown, number, links)])
    sums = {name: asked.link(name) for name, _parts in COLUMNS}
    footer = [text(_("Sum")), text(""), *_counts(shown, -1, sums)]
    lead = _(
        "By the month in which the application was sent. The last bar is of all asked about: who did "
        "not answer or declined is not counted as stayed."
    )
    table = Table(headings(asked.funnel_horizon), lines, footer)
    bars = _bars(total(rows)) if rows and shown.whole(-1) else []
    return Section(_("Month by month"), lead, table, bars=bars)


def _bars(sums: Row) -> list[Bar]:
    return [
        Bar(_("Applied"), sums.applied),
        Bar(_("Approved"), sums.approved, sums.applied),
        Bar(_("Arrived"), sums.arrived, sums.approved),
        Bar(_("Stayed on for work"), sums.stayed_on, sums.mature),
    ]


def _counts(shown: Shown, number: int, links: dict[str, str]) -> list[Cell]:
    return [shown.count(number, *parts, href=links[name]) for name, parts in COLUMNS]


def _partners(asked: Asked) -> Section:
    found = partners(asked.scope)
    shown = Shown(
        [[p.applied - p.approved, p.approved - p.arrived, p.arrived] for p in found],
        private=asked.is_private,
    )
    everybody = sum(one.applied for one in found)
    lines = [_partner(shown, number, one, everybody) for number, one in enumerate(found)]
    columns = [_("Partner"), _("Applied"), _("Share"), _("Approved"), _("Arrived")]
    lead = _("Applications of the period, by the code on the poster through which they came.")
    return Section(_("Who brought them"), lead, Table(columns, lines))


def _partner(shown: Shown, number: int, one: Partner, everybody: int) -> list[Cell]:
    is_hidden = not (shown.whole(number) and shown.whole(-1))
    return [
        text(one.name or _("By no partner")),
        shown.count(number, 0, 1, 2),
        Cell(one.applied / everybody, "share", is_hidden=is_hidden),
        shown.count(number, 1, 2),
        shown.count(number, 2),
    ]


def _prechecks(asked: Asked) -> Section:
    counts = prechecks(asked.scope)
    shown = Shown([[counts[outcome] for outcome in PRECHECKS]], private=asked.is_private)
    rows = [[text(str(name)), shown.count(-1, n)] for n, name in enumerate(PRECHECKS.values())]
    table = Table([_("Answer"), _("Times")], rows, [text(_("Sum")), shown.count(-1, -1)])
    lead = _("In the whole district. One who tries twice counts twice.")
    return Section(_("Pre-checks"), lead, table)


PRECHECKS = {
    Decision.Outcome.APPROVE.value: gettext_lazy("Fits"),
    Decision.Outcome.REVIEW.value: gettext_lazy("To be checked"),
    Decision.Outcome.REFUSE.value: gettext_lazy("Does not fit"),
}
