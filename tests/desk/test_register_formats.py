"""The files for the police system: read back as they were meant, and harmless to a spreadsheet."""

import csv
import dataclasses
import io

import pytest
from openpyxl import load_workbook

from bookings.desk.register.formats import FORMATS
from bookings.desk.register.formats.columns import COLUMNS, DOCUMENTS, SEXES
from bookings.people.models import DocumentType
from bookings.places.models import District, Sex
from tests.desk.test_register_facts import GUEST

ROW = [
    *["测试甲", "女", "2002-05-01", "", "居民身份证", "11010120020501002X", "北京市东城区", "101"],
    *["2026-11-23 23:30", ""],
]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


def read_back(name, guest):
    """The rows of a file, with its heading."""
    written = FORMATS[name].write([guest])
    if name == "generic_xlsx":
        rows = load_workbook(io.BytesIO(written)).active.iter_rows(values_only=True)
        return [[cell or "" for cell in row] for row in rows]
    coding = {"generic_csv": "utf-8-sig", "gbk_csv": "gb18030"}[name]
    return list(csv.reader(io.StringIO(written.decode(coding), newline="")))


@pytest.mark.parametrize("name", FORMATS)
def test_a_guest_is_read_back_as_written(name):
    assert read_back(name, GUEST) == [list(COLUMNS), ROW]


@pytest.mark.parametrize("name", ["generic_csv", "gbk_csv"])
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_csv_is_a_formula(name, text):
    row = read_back(name, dataclasses.replace(GUEST, address=text))[1]

    assert row[6] == f"'{text}"


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)"])
def test_no_cell_of_an_excel_file_is_a_formula(text):
    written = FORMATS["generic_xlsx"].write([dataclasses.replace(GUEST, name=text)])

    cell = load_workbook(io.BytesIO(written)).active["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_rare_characters_of_a_name_are_kept():
    rare = dataclasses.replace(GUEST, name="测试𬱖")

    assert read_back("gbk_csv", rare)[1][0] == "测试𬱖"


def test_a_spreadsheet_knows_the_csv_by_its_first_bytes():
    assert FORMATS["generic_csv"].write([]).startswith(b"\xef\xbb\xbf")


def test_every_sex_and_document_has_a_word():
    assert (set(SEXES), set(DOCUMENTS)) == (set(Sex.values), set(DocumentType.values))


def test_a_new_district_has_a_format():
    assert District().register_format in FORMATS
