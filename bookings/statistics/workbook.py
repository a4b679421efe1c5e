"""The statistics as an Excel file: a sheet for each table, and the definitions in words."""

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bookings.core.sheets import text_cell, without_formulas, written
from bookings.statistics.tables import Cell, Section, Table

FORMATS = {"share": "0.0%", "hours": "0.0", "count": "0"}
BAD = str.maketrans(dict.fromkeys("\\/*?:[]", " "))  # no sheet may be called so
BOLD = Font(bold=True)
TITLE = 28  # characters: a sheet may have 31, and one of the same name gets a number


def build(
    sections: list[Section], *, definitions: list[str], cover: list[str] | None = None
) -> bytes:
    """Each section's table as a sheet with its sum, the definitions as the last one; a report's cover as
    the first one. Same values, same bytes."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    if cover:
        _fill_with_words(book.create_sheet(_("Report")), cover)
    for section in sections:
        _fill(book.create_sheet(section.title.translate(BAD)[:TITLE]), section.table)
    _fill_with_words(book.create_sheet(_("Definitions")), definitions)
    without_formulas(book)
    return written(book)


def _fill_with_words(sheet, lines: list[str]) -> None:  # type: ignore[no-untyped-def]
    for line in lines:
        sheet.append([line])
    sheet.column_dimensions["A"].width = 100


def _fill(sheet, table: Table) -> None:  # type: ignore[no-untyped-def]
    sheet.append(table.headings)
    for row in [*table.rows, *([table.footer] if table.footer else [])]:
        sheet.append([_value(sheet, cell) for cell in row])
        for drawn, cell in zip(sheet[sheet.max_row], row, strict=True):
            if not isinstance(cell.told, str):
                drawn.number_format = FORMATS[cell.kind]
    bold = [sheet[1], sheet[sheet.max_row]] if table.footer else [sheet[1]]
    for cells in bold:
        for drawn in cells:
            drawn.font = BOLD
    for number in range(len(table.headings)):
        sheet.column_dimensions[get_column_letter(number + 1)].width = 18
    sheet.freeze_panes = "A2"


def _value(sheet, cell: Cell):  # type: ignore[no-untyped-def]
    return text_cell(sheet, cell.told) if isinstance(cell.told, str) else cell.told
