"""Workbooks that others open: text stays text, no cell becomes a formula; same cells, same bytes."""

import datetime as dt
import io
import re
import zipfile
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import PatternFill
from openpyxl.xml.constants import ARC_CORE

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

NO_MOMENT = dt.datetime(1980, 1, 1)  # the earliest that a packed file can name
MODIFIED = re.compile(rb"(?<=W3CDTF\">)[^<]+(?=</dcterms:modified>)")


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


def written(book: Any) -> bytes:
    """A workbook as a file that holds no moment of its making."""
    book.properties.created = NO_MOMENT
    made, same = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(same, "w") as file:
        for part in parts.infolist():
            content = parts.read(part)
            if part.filename == ARC_CORE:
                content = MODIFIED.sub(f"{NO_MOMENT:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            undated = zipfile.ZipInfo(part.filename, NO_MOMENT.timetuple()[:6])
            file.writestr(undated, content, zipfile.ZIP_DEFLATED)
    return same.getvalue()


def inert(text: str) -> str:
    """Text as a CSV cell: a spreadsheet that opens the file takes none for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
