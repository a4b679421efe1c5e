"""An Excel file whose every cell is text, so that no number is rounded and none becomes a formula."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from bookings.core.sheets import MEDIA_TYPE, text_cell
from bookings.desk.register.facts import Guest
from bookings.desk.register.formats.columns import COLUMNS, cells

TITLE = "Excel"
SUFFIX = "xlsx"
__all__ = ["MEDIA_TYPE", "SUFFIX", "TITLE", "write"]


def write(guests: Sequence[Guest]) -> bytes:
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet("住宿登记")
    for number in range(1, len(COLUMNS) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 20
    for row in (list(COLUMNS), *map(cells, guests)):
        sheet.append([text_cell(sheet, text) for text in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
