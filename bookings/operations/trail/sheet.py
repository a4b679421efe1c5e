"""The entries found as an Excel file; every cell is text, none becomes a formula."""

import io
from collections.abc import Iterable

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from openpyxl import Workbook

from bookings.core.sheets import text_cell
from bookings.operations.trail.rows import Shown

MOST = 20_000


def build(rows: Iterable[Shown], *, cut: bool) -> bytes:
    """`cut`: there are more entries than go into a file, and its last line says so."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Audit log"))
    for letter, width in zip("ABCDEF", (20, 20, 30, 26, 40, 20), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    headings = [_("When"), _("Who"), _("What was done"), _("Whose"), _("Why"), _("From where")]
    sheet.append([text_cell(sheet, heading) for heading in headings])
    for row in rows:
        moment = f"{localtime(row.entry.at):%Y-%m-%d %H:%M:%S}"
        cells = [moment, row.who, row.what, row.subject, row.why, row.network]
        sheet.append([text_cell(sheet, cell) for cell in cells])
    if cut:
        told = _("There are more: choose fewer days.")
        sheet.append([text_cell(sheet, told)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
