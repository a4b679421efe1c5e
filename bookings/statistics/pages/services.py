"""What the services gave: uses, guests, places booked and taken up."""

from django.utils.translation import gettext as _

from bookings.core.clock import now
from bookings.statistics.pages.asked import Asked, month_name
from bookings.statistics.services import Altogether, Given, services_altogether, services_given
from bookings.statistics.suppression import is_small
from bookings.statistics.tables import Cell, Section, Table, text


def definitions(asked: Asked) -> list[str]:
    booked = _("Booked: places held when their slot began; taken up: of those, used.")
    if asked.is_private:
        return [_("Uses: how often a service was used in the year, at all stations."), booked]
    return [
        _("Uses: how often a service was used in the month; guests: by how many people."),
        booked,
    ]


def sections(asked: Asked) -> list[Section]:
    return [_of_the_year(asked) if asked.is_private else _by_month(asked)]


def _by_month(asked: Asked) -> Section:
    lines = [_line(row) for row in services_given(asked.scope, now=now())]
    columns = [
        *[_("Month"), _("Station"), _("Service")],
        *[_("Uses"), _("Guests"), _("Booked"), _("Taken up")],
    ]
    lead = _("A guest who came in two months counts in both, so there is no sum.")
    return Section(_("Services"), lead, Table(columns, lines))


def _line(row: Given) -> list[Cell]:
    assert row.month
    names = [text(month_name(row.month)), text(row.station), text(row.service)]
    return [*names, *map(Cell, row.counts)]


def _of_the_year(asked: Asked) -> Section:
    lines = [line_outside(row) for row in services_altogether(asked.scope, now=now())]
    columns = [_("Service"), _("Uses"), _("Booked"), _("Taken up")]
    lead = _(
        "Each service over the whole year, at all stations together. How many guests used it is not "
        "told: with the uses it would say how many came again."
    )
    return Section(_("Services"), lead, Table(columns, lines))


def line_outside(row: Altogether) -> list[Cell]:
    """The numbers tell by subtraction how many uses were not booked and how many places were left. They
    are told where each of these parts is of nobody or of five people; else the uses alone are, where
    five people made them."""
    scarce = any(map(is_small, (row.unbooked, row.came, row.missed)))
    return [
        text(row.service),
        Cell(row.uses, is_hidden=is_small(row.guests)),
        Cell(row.booked, is_hidden=scarce),
        Cell(row.taken_up, is_hidden=scarce),
    ]
