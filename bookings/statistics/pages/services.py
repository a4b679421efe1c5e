"""What the services gave: uses, guests, places booked and taken up."""

from django.utils.translation import gettext as _

from bookings.core.clock import now
from bookings.statistics.pages.asked import Asked, month_name
from bookings.statistics.services import Given, services_given
from bookings.statistics.suppression import is_small
from bookings.statistics.tables import Cell, Section, Table, text


def definitions() -> list[str]:
    return [
        _("Uses: how often a service was used in the month; guests: by how many people."),
        _("Booked: places held when their slot began; taken up: of those, used."),
    ]


def sections(asked: Asked) -> list[Section]:
    lines = [_line(row, asked.is_private) for row in services_given(asked.scope, now=now())]
    columns = [
        *[_("Month"), _("Station"), _("Service")],
        *[_("Uses"), _("Guests"), _("Booked"), _("Taken up")],
    ]
    lead = _("A guest who came in two months counts in both, so there is no sum.")
    return [Section(_("Services"), lead, Table(columns, lines))]


def _line(row: Given, is_private: bool) -> list[Cell]:
    """Outside the district what few people used is not told, nor how many of few places."""
    assert row.month
    few = is_private and is_small(row.guests)
    missed = row.booked - row.taken_up
    scarce = is_private and any(map(is_small, (row.booked, row.taken_up, missed)))
    return [
        *[text(month_name(row.month)), text(row.station), text(row.service)],
        *[Cell(count, is_hidden=few) for count in (row.uses, row.guests)],
        *[Cell(count, is_hidden=scarce) for count in (row.booked, row.taken_up)],
    ]
