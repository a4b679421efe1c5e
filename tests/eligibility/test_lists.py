"""A university's list in the browser: Chinese or codes, Excel or CSV; it comes back with verdicts."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from bookings.core.audit import AuditEntry
from bookings.eligibility.lists import read
from bookings.people.models import Role
from tests.factories import make_district
from tests.people.world import member

pytestmark = pytest.mark.django_db
HEADER = [
    "序号",
    "证件类型",
    "证件号码",
    "性别",
    "出生日期",
    "户籍地（代码或名称）",
    "最高学历",
    "毕业日期",
]
CODES = [
    "ref",
    "doc_type",
    "doc_number",
    "sex",
    "birth_date",
    "hukou_code",
    "degree",
    "graduation_date",
    "has_home_in_district",
    "purpose",
    "arrival",
    "nights",
]
FITTING = [
    *["1", "resident_id", "110101200001010010", "men", "2000-01-01", "110101", "bachelor"],
    *["2024-07-01", "no", "job_seeking", "2026-12-01", "7"],
]


def row(**cells):
    return [cells.get(name, text) for name, text in zip(CODES, FITTING, strict=True)]


def excel(*rows):
    book = Workbook()
    for one in rows:
        book.active.append(one)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("名单.xlsx", file.getvalue())


def text(*rows, encoding="utf-8"):
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return SimpleUploadedFile("list.csv", file.getvalue().encode(encoding))


@pytest.fixture
def send(client):
    client.force_login(member(make_district(), Role.REVIEWER))

    def post(file, language="zh-hans"):
        client.cookies["django_language"] = language
        return client.post("/lists/", {"file": file})

    return post


def verdicts(response):
    """The rows that came back, without the header: (outcome, failed, to be checked, to mend)."""
    assert response.headers["Content-Type"].endswith("sheet"), response.content.decode()
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[1]
    return [tuple(cell.value for cell in cells[-4:]) for cells in sheet.iter_rows(min_row=2)]


def test_an_excel_list_in_chinese_comes_back_with_verdicts(client, send):
    headings = [cell.value for cell in next(template(client).iter_rows(max_row=1))][:12]
    known = ["1", "居民身份证", "110101200001010010", "男", "2000年1月1日", "北京市东城区", "本科"]
    fitting = [*known, "2024/7/1", "无", "求职", "2026.12.1", 7]
    late = [*fitting[:7], "20230701", *fitting[8:]]

    found = verdicts(send(excel(headings, fitting, late)))

    assert found == [
        ("符合", None, None, None),
        ("不符合", "毕业年限", None, None),
    ]


def template(client):
    content = client.get("/lists/template.xlsx", headers={"accept-language": "zh-hans"}).content
    return load_workbook(io.BytesIO(content)).worksheets[0]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_is_a_list_that_can_be_read(client, send, language):
    client.cookies["django_language"] = language
    content = client.get("/lists/template.xlsx").content
    headings = [
        cell.value for cell in next(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows())
    ]

    [found] = verdicts(send(excel(headings, [*FITTING, "0"])))

    assert found[0] == "符合"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_however_it_was_saved(send, encoding):
    header, other = [*CODES, "学院"], [*row(), "示例学院"]

    [found] = verdicts(send(text(header, other, encoding=encoding)))

    assert found[0] == "符合"


def test_every_slip_is_marked_in_its_cell_and_told(send):
    slips = row(sex="不详", nights="很多", birth_date="2000-02-30")

    response = send(excel(CODES, slips, row(hukou_code="370811"), row(degree="")), language="en")

    sheet = load_workbook(io.BytesIO(response.content)).worksheets[1]
    marked = {
        (cell.row, CODES[cell.column - 1])
        for cells in sheet.iter_rows(min_row=2)
        for cell in cells
        if cell.fill.fgColor.rgb in {"00F6C6C0", "00FBE3B5"}
    }
    assert marked == {
        *[(2, "sex"), (2, "nights"), (2, "birth_date")],
        (3, "hukou_code"),
        (4, "degree"),
    }
    [told, refused, unproven] = verdicts(response)
    assert told[0] == "Cannot be read"
    assert told[3].splitlines() == [
        "Sex must be one of: Women, Men",
        "Date of birth is not a day of the calendar",
        "Nights must be a whole number",
    ]
    assert refused[:2] == ("Does not fit", "Registered home (hukou)")
    assert unproven[0::2] == ("To be checked", "Degree")


def test_a_number_that_a_spreadsheet_rounded_is_not_held_against_the_person(send):
    [found] = verdicts(send(excel(CODES, row(doc_number=110101200001010010))))

    assert found[0] == "无法读取"
    assert "文本" in found[3]


def test_what_comes_back_is_text_and_never_a_formula(send):
    response = send(excel([*CODES, "备注"], [*row(ref="+1"), "\t=1+1"], [*row(), "@SUM(1)"]))

    sheet = load_workbook(io.BytesIO(response.content)).worksheets[1]
    kinds = {cell.data_type for cells in sheet.iter_rows(min_row=2) for cell in cells if cell.value}
    assert kinds == {"s"}


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("a.xlsx", b"PK\x03\x04 not a workbook"), "不是 Excel"),
        (SimpleUploadedFile("a.csv", b"\x89PNG\r\n\0\0"), "不是 Excel"),
        (SimpleUploadedFile("a.csv", b"\xff\xff\xff"), "不是 Excel"),
        (SimpleUploadedFile("a.csv", b""), "空"),
        (SimpleUploadedFile("a.csv", b"x" * (read.MAX_BYTES + 1)), "5 MB"),
        (text(CODES[:-2]), "首行缺少：到站日期、入住晚数。"),
        (text(["名字"]), "首行缺少：名单序号、证件类型"),
    ],
    ids=["broken", "picture", "bytes", "empty", "large", "two columns", "all columns"],
)
def test_what_is_no_list_is_told_beside_the_file(send, file, sentence):
    file.seek(0)

    response = send(file)

    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_a_workbook_that_unpacks_without_end_is_refused(send, monkeypatch):
    monkeypatch.setattr(read, "MAX_UNPACKED", 1000)

    assert "5 MB" in send(excel(CODES, row())).content.decode()


def test_more_rows_than_are_judged_at_once_are_refused(send, monkeypatch):
    monkeypatch.setattr(read, "MAX_ROWS", 2)

    assert "5000 行" in send(text(CODES, row(), row(), row())).content.decode()
    assert len(verdicts(send(text(CODES, row(), row())))) == 2


def test_that_a_list_was_judged_leaves_a_trace_without_the_people(send):
    send(text(CODES, row(), row()))

    entry = AuditEntry.objects.get(action="screen list")
    assert entry.details["people"] == 2
