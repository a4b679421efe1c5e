"""The statistics as an Excel file: the rows, their sum, and the definitions in words."""

import io
from collections.abc import Iterable

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from bookings.core.sheets import without_formulas
from bookings.statistics.funnel import Row, total
from bookings.statistics.services import Given


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


def service_headings() -> list[str]:
    return [
        _("Month"),
        _("Station"),
        _("Service"),
        _("Uses"),
        _("Guests"),
        _("Booked"),
        _("Taken up"),
    ]


def build(
    rows: list[Row], *, horizon: int, definitions: list[str], services: Iterable[Given] = ()
) -> bytes:
    """`rows` as one sheet with a sum, `services` as another, `definitions` as the last."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _("Statistics")
    sheet.append(headings(horizon))
    for row in rows:
        sheet.append([f"{row.month:%Y-%m}", row.station, *row.counts])
    sheet.append([_("Sum"), "", *total(rows).counts])
    for cells in (sheet[1], sheet[sheet.max_row]):
        for cell in cells:
            cell.font = Font(bold=True)
    for letter in "ABCDEFGHI":
        sheet.column_dimensions[letter].width = 18
    sheet.freeze_panes = "A2"
    used = book.create_sheet(_("Services"))
    used.append(service_headings())
    for given in services:
        used.append([f"{given.month:%Y-%m}", given.station, given.service, *given.counts])
    for cell in used[1]:
        cell.font = Font(bold=True)
    for letter in "ABCDEFG":
        used.column_dimensions[letter].width = 18
    used.freeze_panes = "A2"
    words = book.create_sheet(_("Definitions"))
    for line in definitions:
        words.append([line])
    words.column_dimensions["A"].width = 100
    file = io.BytesIO()
    without_formulas(book)
    book.save(file)
    return file.getvalue()
