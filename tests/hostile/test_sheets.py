"""No cell of a file that others open is a formula, whatever somebody has called themselves."""

import ast
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from openpyxl import Workbook, load_workbook

from bookings.core.sheets import inert, text_cell, without_formulas

STARTS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]
# whose cells hold numbers and our own words, or that a program reads (docs: assess, simulate_beds)
WITHOUT_PEOPLES_WORDS = {
    "bookings/retention/bureau/template.py",
    "bookings/management/commands/assess.py",
    "bookings/management/commands/simulate_beds.py",
    "bookings/demo/bureau.py",
}


@pytest.mark.parametrize("text", STARTS)
def test_a_cell_of_a_workbook_is_text(text):
    book, file = Workbook(write_only=True), BytesIO()
    sheet = book.create_sheet()
    sheet.append([text_cell(sheet, text)])
    book.save(file)

    cell = load_workbook(file).active["A1"]

    assert (cell.data_type, cell.number_format) == ("s", "@")


@pytest.mark.parametrize("text", STARTS)
def test_a_workbook_that_was_filled_plainly_is_made_text(text):
    book, file = Workbook(), BytesIO()
    book.active.append([text, 1])
    without_formulas(book)
    book.save(file)

    assert [cell.data_type for cell in load_workbook(file).active[1]] == ["s", "n"]


@pytest.mark.parametrize("text", STARTS)
def test_a_cell_of_a_csv_is_text(text):
    assert inert(text) == f"'{text}"


def test_every_file_that_is_written_takes_its_cells_from_one_place():
    unsure = set()
    for source in Path(settings.BASE_DIR / "bookings").rglob("*.py"):
        tree = ast.parse(source.read_text())
        called = {ast.unparse(one.func) for one in ast.walk(tree) if isinstance(one, ast.Call)}
        if called & {"Workbook", "csv.writer", "csv.DictWriter"} and not called & {
            "inert",
            "text_cell",
            "without_formulas",
        }:
            unsure.add(str(source.relative_to(settings.BASE_DIR)))

    assert unsure == WITHOUT_PEOPLES_WORDS
