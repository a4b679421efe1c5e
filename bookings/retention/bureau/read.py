"""The bureau's file, row by row: CSV as a stream, Excel a row at a time. Rows carry plain text."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, Any, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from bookings.core.errors import Refusal
from bookings.eligibility.lists.read import MAX_COLUMNS, MAX_DIGITS, NotAList
from bookings.retention.bureau.words import HEADINGS, column

MAX_BYTES = 100 * 1024 * 1024
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_TEXTS = 64 * 1024 * 1024  # of a workbook's shared texts, which must be held in memory
HEAD_ROWS = 10  # titles above the headings
NEEDED = ("employer", "since")


class FileTooLarge(Refusal):
    code = "file_too_large"
    sentence = _(
        "This file is too large. Save it as CSV, or split it: up to 100 MB a file, and the parts are "
        "taken one by one."
    )
    field = "file"


class HeadingsMissing(Refusal):
    code = "headings_missing"
    field = "file"

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        columns = gettext(", ").join(str(HEADINGS[name]) for name in missing)
        super().__init__(
            gettext("No row of headings has: %(columns)s. Add them, or fill in the template.")
            % {"columns": columns}
        )


class Row(NamedTuple):
    """A row as text; `line` is its row in the file."""

    line: int
    number: str
    digest: str
    employer: str
    employer_code: str
    since: str
    until: str
    place: str


class Rows:
    """The rows below the headings. `has_place`: whether the list says where each is insured.

    Errors on opening: NotAList, FileTooLarge, HeadingsMissing; while reading: NotAList.
    """

    def __init__(self, file: IO[bytes], kind: str) -> None:
        lines = _sheet(file) if kind == "xlsx" else _text(file, kind)
        self._lines = enumerate(lines, 1)
        columns = self._headings()
        places = {name: columns.index(name) for name in HEADINGS if name in columns}
        self.has_place = "place" in places
        self._places = [places.get(name, -1) for name in HEADINGS]
        self._width = len(columns)

    def _headings(self) -> list[str]:
        best: list[str] = list(HEADINGS)
        for _line, cells in islice(self._lines, HEAD_ROWS):
            columns = [column(cell) for cell in cells]
            missing = [name for name in NEEDED if name not in columns]
            if "number" not in columns and "digest" not in columns:
                missing.insert(0, "number")
            if not missing:
                return columns
            best = min(best, missing, key=len)
        raise HeadingsMissing([name for name in best if name in ("number", *NEEDED)])

    def __iter__(self) -> Iterator[Row]:
        width, places = self._width, self._places
        for line, cells in self._lines:
            if not any(cells):
                continue
            if len(cells) < width:  # empty cells at the end are left out
                cells = [*cells, *[""] * (width - len(cells))]
            yield Row(line, *[cells[place] if place >= 0 else "" for place in places])


def _text(file: IO[bytes], encoding: str) -> Iterator[list[str]]:
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        start = text.readline()
        comma = max(",\t;，", key=start.count)
        yield from csv.reader(chain([start], text), delimiter=comma)
    except (csv.Error, UnicodeDecodeError) as error:
        raise NotAList from error
    finally:
        text.detach()  # whoever opened the file closes it


def _sheet(file: IO[bytes]) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(file) as parts:
            sizes = {part.filename: part.file_size for part in parts.infolist()}
        texts = sum(size for name, size in sizes.items() if "sharedStrings" in name)
        if sum(sizes.values()) > MAX_UNPACKED or texts > MAX_TEXTS:
            raise FileTooLarge
        book = load_workbook(file, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        for row in sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True):
            yield [_written(cell) for cell in row]
    except Refusal:
        raise
    except Exception as error:  # whatever a broken file makes the library raise
        raise NotAList from error


def _written(cell: Any) -> str:
    """A cell as text; a number longer than a spreadsheet holds shows that it was rounded."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, int | float):
        if abs(cell) >= 10**MAX_DIGITS:
            return f"{cell:.5E}"
        return str(int(cell)) if float(cell).is_integer() else str(cell)
    return str(cell).strip()
