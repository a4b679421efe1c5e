"""Cells of files that others open: text stays text, no cell becomes a formula."""

from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import PatternFill

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
)  # what a spreadsheet takes for one by its first character


def text_cell(sheet: Any, text: str, *, fill: PatternFill | None = None) -> Any:
    """A cell that holds this text and nothing else, whatever it begins with."""
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    cell.number_format = "@"
    if fill is not None:
        cell.fill = fill
    return cell


def without_formulas(book: Any) -> None:
    """Make text of every cell of a workbook that would be a formula: names come from people."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.data_type = "s"


def inert(text: str) -> str:
    """Text as a CSV cell: a spreadsheet that opens the file takes none for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
