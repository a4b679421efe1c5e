"""The statistics as an Excel file: the rows, their sum, and the definitions in words."""

import io

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font

from bookings.statistics.funnel import Row, total


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


def build(rows: list[Row], *, horizon: int, definitions: list[str]) -> bytes:
    """`rows` as one sheet with a sum, `definitions` as another."""
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
    words = book.create_sheet(_("Definitions"))
    for line in definitions:
        words.append([line])
    words.column_dimensions["A"].width = 100
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
