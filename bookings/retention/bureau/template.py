"""An empty list for the bureau to fill in."""

import io

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bookings.retention.bureau.words import HEADINGS


def template() -> bytes:
    """Headings over text columns, so that no number is rounded."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([str(words) for words in HEADINGS.values()])
    sheet.freeze_panes = "A2"
    for number in range(1, len(HEADINGS) + 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 24
        sheet.column_dimensions[letter].number_format = "@"
        sheet[f"{letter}1"].font = Font(bold=True)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
