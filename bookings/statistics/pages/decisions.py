"""Why applications were refused, how soon they were decided, and who waited."""

import datetime as dt

from django.utils.translation import gettext as _

from bookings.beds.waitlist.models import Wait
from bookings.eligibility.wording import TITLES
from bookings.statistics.decisions import Reviewed, refusals, reviews, total, waits
from bookings.statistics.pages.asked import Asked, month_name
from bookings.statistics.suppression import is_small
from bookings.statistics.tables import Cell, Section, Shown, Table, text


def definitions() -> list[str]:
    return [
        _("All by the month in which the application was sent."),
        _("Refused: by the last decision; one application may fail several clauses."),
        _(
            "Decided: the first decision by a person. Those that the rules decided alone are not here."
        ),
        _(
            "In time: by the last of the working days that the policy promised when it was sent. The "
            "time in which an applicant brought more papers counts too."
        ),
        _(
            "Overdue: not decided yet although that day is over. Share in time: of all decided and all "
            "overdue."
        ),
        _("Waitlist: who found no bed and chose to wait, and where that stands now."),
    ]


def sections(asked: Asked) -> list[Section]:
    return [_refusals(asked), _reviews(asked), _waits(asked)]


def _refusals(asked: Asked) -> Section:
    lines = []
    for row in refusals(asked.scope):
        count = row.applications
        if not count:
            continue
        few = asked.is_private and (is_small(count) or is_small(row.alone))
        few = few or asked.is_private and is_small(count - row.alone)
        clause = {"key": row.clause}
        href = asked.link("refused", clause)
        lines.append(
            [
                text(str(TITLES.get(row.clause, row.clause))),
                Cell(count, href=href, is_hidden=asked.is_private and is_small(count)),
                Cell(row.alone, href=asked.link("refused_alone", clause), is_hidden=few),
            ]
        )
    columns = [_("Clause"), _("Refused"), _("For this alone")]
    lead = _("Clauses that nobody failed are left out.")
    return Section(_("Why applications were refused"), lead, Table(columns, lines))


def _reviews(asked: Asked) -> Section:
    rows = reviews(asked.scope)
    months = [row.month for row in rows if row.month]
    parts = [[row.in_time, row.late, row.overdue] for row in rows]
    shown = Shown(parts, private=asked.is_private, months=months)
    lines = [
        _review_line(asked, shown, number, total([rows[n] for n in line]), months[line[0]])
        for number, line in enumerate(shown.lines)
    ]
    footer = _review_line(asked, shown, -1, total(rows))
    columns = [
        *[_("Month"), _("Decided"), _("In time"), _("Late")],
        *[_("Overdue, not decided"), _("Share in time")],
        _("Median hours"),
    ]
    lead = _("Against the working days that the policy promises.")
    return Section(_("How soon people decided"), lead, Table(columns, lines, footer))


def _review_line(
    asked: Asked, shown: Shown, number: int, row: Reviewed, month: dt.date | None = None
) -> list[Cell]:
    is_hidden = not shown.whole(number)
    return [
        text(month_name(month, shown.grain) if month else _("Sum")),
        shown.count(number, 0, 1, href=asked.link("decided", month=month)),
        shown.count(number, 0, href=asked.link("in_time", month=month)),
        shown.count(number, 1, href=asked.link("late", month=month)),
        shown.count(number, 2, href=asked.link("overdue", month=month)),
        Cell(row.share, "share", is_hidden=is_hidden),
        Cell(row.median_hours, "hours", is_hidden=is_hidden),
    ]


def _waits(asked: Asked) -> Section:
    rows, states = waits(asked.scope), Wait.Status
    parts = [[row[name] for name in states.values] for row in rows]
    shown = Shown(parts, private=asked.is_private, months=[row["month"] for row in rows])
    everybody = range(len(states))
    lines = []
    for number, line in enumerate(shown.lines):
        month = rows[line[0]]["month"]
        cells = [
            shown.count(number, place, href=asked.link("waits", {"key": state}, month=month))
            for place, state in enumerate(states.values)
        ]
        whole = shown.count(number, *everybody, href=asked.link("waits", month=month))
        lines.append([text(month_name(month, shown.grain)), whole, *cells])
    footer = [
        text(_("Sum")),
        shown.count(-1, *everybody, href=asked.link("waits")),
        *[
            shown.count(-1, place, href=asked.link("waits", {"key": state}))
            for place, state in enumerate(states.values)
        ],
    ]
    columns = [_("Month"), _("Waited"), *map(str, states.labels)]
    lead = _("Who found no bed and chose to wait.")
    return Section(_("The waitlist"), lead, Table(columns, lines, footer))
