"""What a bureau's file may look like, and what is told of one that cannot be read."""

import io

import pytest
from django.utils import translation

from bookings.eligibility.lists.read import NotAList
from bookings.retention.bureau import parts
from bookings.retention.bureau import read as reading
from bookings.retention.bureau.match import bureau_digest, bureau_key
from bookings.retention.bureau.models import BureauPart
from bookings.retention.bureau.read import FileTooLarge, HeadingsMissing
from bookings.retention.bureau.template import template
from bookings.retention.bureau.words import Unreadable, first_day, last_day, number, place
from tests.retention import bureau
from tests.retention.bureau import HEADER, excel, left, receive, row, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return bureau.make_house()


@pytest.fixture
def guest(house):
    return left(house)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_however_it_was_saved(house, guest, encoding):
    found = bureau.read(house, text(row(guest), encoding=encoding))

    assert bureau.counts(found) == {"matched": 1}
    assert found.matches.first().employer == "示例公司"


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_a_csv_may_be_parted_otherwise(house, guest, separator):
    found = bureau.read(house, text(row(guest)).replace(b",", separator.encode()))

    assert bureau.counts(found) == {"matched": 1}


def test_a_workbook_with_a_title_above_its_headings_is_read(house, guest):
    content = excel(row(guest), [], row("A1234567"), title=[["2026年参保名单"], []])

    found = bureau.read(house, content)

    assert bureau.counts(found) == {"matched": 1, "unmatched": 1}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_is_a_list_that_can_be_read(house, guest, language):
    with translation.override(language):
        content = template()

    assert bureau.counts(bureau.read(house, content)) == {}


def test_columns_may_be_named_in_english_and_stand_in_any_order(house, guest):
    header = ["x", "Insured from", "Employer", "Document number"]

    found = bureau.read(house, text(["", "2026-11", "示例", guest.doc_number], header=header))

    assert bureau.counts(found) == {"matched": 1}


def test_the_bureau_may_send_keyed_hashes_in_place_of_numbers(house, guest):
    digest = bureau_digest(guest.doc_number, bureau_key(house.district))
    header = ["证件号码密文", *HEADER[1:]]

    found = bureau.read(house, text(row(digest.upper()), row("0" * 64), header=header))

    assert bureau.counts(found) == {"matched": 1, "unmatched": 1}


def test_the_bureaus_key_finds_nothing_in_our_own_tables(house, guest):
    assert bureau_digest(guest.doc_number, bureau_key(house.district)) != guest.doc_hash


def test_headings_that_are_missing_are_named(house):
    with pytest.raises(HeadingsMissing) as refusal:
        receive(house, text(header=["姓名", "单位名称"]))

    assert refusal.value.missing == ["number", "since"]


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 not a workbook", b"\x89PNG\r\n\0\0", b"\xff\xff\xff"],
    ids=["broken", "picture", "bytes"],
)
def test_what_is_no_list_is_refused_and_nothing_is_kept(house, content):
    with pytest.raises(NotAList):
        receive(house, content)

    assert not BureauPart.objects.exists()


def test_a_file_that_is_too_large_is_refused(house, monkeypatch):
    monkeypatch.setattr("bookings.journey.bureau.MAX_BYTES", 10)

    with pytest.raises(FileTooLarge):
        receive(house, text(row("A1234567")))


def test_a_workbook_that_unpacks_without_end_is_refused(house, monkeypatch):
    monkeypatch.setattr(reading, "MAX_UNPACKED", 100)

    with pytest.raises(FileTooLarge):
        receive(house, excel(row("A1234567")))


def test_rows_that_cannot_be_read_are_counted_and_named_without_the_person(house, guest):
    slips = [
        row(""),
        row("1.10101E+17"),
        row("张三"),
        row(guest, employer=" "),
        row(guest, code="123"),
        row(guest, since="去年"),
        row(guest, until="2026-13"),
        row(guest, until="2025-01"),
    ]

    found = bureau.read(house, text(*slips))

    reasons = [
        "no_number",
        "rounded",
        "number",
        "employer",
        "employer_code",
        "since",
        "until",
        "order",
    ]
    assert found.slips == [[line, reason] for line, reason in enumerate(reasons, 2)]
    assert bureau.counts(found) == {"unreadable": 8}


def test_a_number_that_a_spreadsheet_rounded_is_told(house):
    found = bureau.read(house, excel([110101200001010010, "示例", "", "2026-11", ""]))

    assert found.slips == [[2, "rounded"]]


def test_a_row_of_nobody_we_know_is_not_read_further(house):
    found = bureau.read(house, text(row("A1234567", since="去年")))

    assert bureau.counts(found) == {"unmatched": 1}


@pytest.mark.parametrize(
    ("written", "kept"),
    [("'11010120000101001x ", "11010120000101001X"), ('="A123 4567"', "A1234567")],
)
def test_numbers_are_read_as_they_are_kept(written, kept):
    assert number(written) == kept


@pytest.mark.parametrize("month", ["202602", "2026-02", "2026年2月", "2026/2", "2026.02"])
def test_a_month_is_its_first_and_its_last_day(month):
    assert first_day(month).isoformat() == "2026-02-01"
    assert last_day(month).isoformat() == "2026-02-28"


@pytest.mark.parametrize("day", ["20260203", "2026-02-03 00:00:00", "2026年2月3日", "2026/2/3"])
def test_a_day_is_itself(day):
    assert first_day(day) == last_day(day)
    assert first_day(day).isoformat() == "2026-02-03"


@pytest.mark.parametrize("still", ["", "至今", "9999-12-31"])
def test_who_is_still_insured_has_no_last_day(still):
    assert last_day(still) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("370811", "370811"),
        ("任城区", "370811"),
        ("济宁市任城区", "370811"),
        ("山东省济宁市任城区", "370811"),
        ("济宁市", "370800"),
        ("青岛市市南区", "370202"),
        ("370200", "370200"),
    ],
)
def test_places_are_codes_or_names(text, code):
    assert place(text, "370811") == code


@pytest.mark.parametrize("text", ["", "市南区", "山东省", "370000"])
def test_a_place_that_is_nowhere_or_too_large_cannot_be_read(text):
    with pytest.raises(Unreadable):
        place(text, "370811")


def test_the_kept_file_is_ciphertext_and_reads_like_the_file(house, monkeypatch):
    monkeypatch.setattr(parts, "PART", 50)
    content = text(*[row(f"A12345{number}") for number in range(20)])

    received = receive(house, content)

    sealed = b"".join(bytes(part.sealed) for part in BureauPart.objects.all())
    assert b"A12345" not in sealed
    assert io.BufferedReader(parts.Kept(received)).read() == content


def test_parts_cannot_change_places(house, monkeypatch):
    monkeypatch.setattr(parts, "PART", 50)
    received = receive(house, text(*[row(f"A12345{number}") for number in range(20)]))
    first, second = received.parts.order_by("number")[:2]
    BureauPart.objects.filter(pk=first.pk).update(sealed=second.sealed)

    with pytest.raises(NotAList):
        io.BufferedReader(parts.Kept(received)).read()


def test_a_file_whose_part_is_gone_fails_and_nothing_of_it_is_kept(house, guest, monkeypatch):
    monkeypatch.setattr(parts, "PART", 50)
    received = receive(house, text(row(guest), *[row(f"A12345{n}") for n in range(20)]))
    received.parts.order_by("number").last().delete()

    bureau.journey.read_list(bureau_list=bureau.own(received), clock=lambda: bureau.LATER)

    assert bureau.own(received).status == "failed"
    assert not received.parts.exists()
    assert not received.matches.exists()
