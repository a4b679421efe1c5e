"""Read an uploaded list, CSV or Excel, row by row; nothing of it is kept."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from bookings.core.errors import Refusal
from bookings.eligibility.lists.words import HEADINGS, code, column
from bookings.eligibility.prescreen import (
    BadHeader,
    Problem,
    Screening,
    Unreadable,
    Verdict,
)
from bookings.eligibility.rules import Rules

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_ROWS = 5_000
MAX_COLUMNS = 60
MAX_DIGITS = 15  # a spreadsheet's number holds no more
ZIP_START = b"PK\x03\x04"

Cells = list[str]


class ListTooLarge(Refusal):
    code = "list_too_large"
    sentence = _("This list is over 5 MB or 5,000 rows. Split it and send the parts one by one.")
    field = "file"


class NotAList(Refusal):
    code = "not_a_list"
    sentence = _("This is neither an Excel file (.xlsx) nor a CSV file that can be read.")
    field = "file"


class ColumnsMissing(Refusal):
    code = "columns_missing"
    field = "file"

    def __init__(self, missing: Iterable[str]) -> None:
        columns = gettext(", ").join(str(HEADINGS[name]) for name in missing)
        super().__init__(
            gettext("The first row lacks: %(columns)s. Add them, or fill in the template.")
            % {"columns": columns}
        )


@dataclass(frozen=True)
class Judged:
    """A row as it was sent, and the verdict on it; `line` is its row in the file."""

    cells: Cells
    verdict: Verdict


@dataclass(frozen=True)
class Screened:
    """A whole list: its header as it was sent, the column behind each heading, and its rows."""

    header: Cells
    columns: Cells
    rows: list[Judged]


def screen(upload: UploadedFile, rules: Rules, *, today: dt.date) -> Screened:
    """Judge every row of a list by the rules on a local day. One sheet: a workbook's first.

    Errors: ListTooLarge, NotAList, ColumnsMissing.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ListTooLarge
    data = upload.read()
    rows = _sheet(data) if data.startswith(ZIP_START) else _text(data)
    try:
        return _screened(rows, rules, today)
    except BadHeader as error:
        raise ColumnsMissing(error.missing) from error


def _screened(rows: Iterator[list[Any]], rules: Rules, today: dt.date) -> Screened:
    header = [_written(cell) for cell in next(rows, [])]
    columns = [column(heading) for heading in header]
    screening = Screening(columns, rules, today=today)
    judged: list[Judged] = []
    for line, row in enumerate(rows, 2):
        cells = [_written(cell) for cell in row]
        if not any(cells):
            continue
        if len(judged) == MAX_ROWS:
            raise ListTooLarge
        judged.append(Judged(cells, _verdict(screening, columns, row, cells, line)))
    return Screened(header, columns, judged)


def _verdict(
    screening: Screening, columns: Cells, row: list[Any], cells: Cells, line: int
) -> Verdict:
    meant = [code(name, text) for name, text in zip(columns, cells, strict=False)]
    meant += [""] * (
        screening.width - len(meant)
    )  # a spreadsheet leaves out empty cells at the end
    try:
        verdict = screening.judge(meant, line=line)
    except Unreadable as error:  # pragma: no cover - the width was just seen to
        return Verdict(screening.ref(meant), "invalid", line=line, spoilt=str(error))
    place = screening.places["doc_number"]
    if place < len(row) and _rounded(row[place]):
        problem = Problem("doc_number", "rounded")
        return Verdict(verdict.ref, "invalid", line=line, problems=(problem, *verdict.problems))
    return verdict


def _rounded(cell: Any) -> bool:
    return isinstance(cell, int | float) and abs(cell) >= 10**MAX_DIGITS


def _written(cell: Any) -> str:
    """A cell as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _sheet(data: bytes) -> Iterator[list[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED:
                raise ListTooLarge
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size may be wrong
        for row in sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True):
            yield _trimmed(list(row))
    except Refusal:
        raise
    except Exception as error:  # whatever a broken file makes the library raise
        raise NotAList from error


def _trimmed(row: list[Any]) -> list[Any]:
    while row and row[-1] is None:
        row.pop()
    return row


def _text(data: bytes) -> Iterator[list[Any]]:
    """A CSV in UTF-8, or as Chinese spreadsheets write it (GB 18030)."""
    if b"\0" in data:
        raise NotAList
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise NotAList from error
    try:
        for row in csv.reader(io.StringIO(text)):
            yield list(row[:MAX_COLUMNS])
    except csv.Error as error:
        raise NotAList from error
