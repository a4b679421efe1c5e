"""`assess`: a list of people goes in, one verdict a person comes out, in order, none lost."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_district

pytestmark = pytest.mark.django_db
HEADER = (
    "ref,doc_type,doc_number,sex,birth_date,hukou_code,degree,graduation_date,"
    "has_home_in_district,purpose,arrival,nights"
)
FITTING = {
    "ref": "1",
    "doc_type": "resident_id",
    "doc_number": "110101200001010010",
    "sex": "men",
    "birth_date": "2000-01-01",
    "hukou_code": "110101",
    "degree": "bachelor",
    "graduation_date": "2024-07-01",
    "has_home_in_district": "no",
    "purpose": "job_seeking",
    "arrival": "2026-12-01",
    "nights": "7",
}


def line(**cells):
    return ",".join({**FITTING, **cells}.values())


@pytest.fixture
def assess(tmp_path):
    """Run the command over a file's text or bytes: its rows, and the complaints of standard error."""

    def run(text, **options):
        file = tmp_path / "people.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        out, err = io.StringIO(), io.StringIO()
        call_command("assess", file, stdout=out, stderr=err, **options)
        return list(csv.DictReader(io.StringIO(out.getvalue()))), err.getvalue().splitlines()

    return run


def judged(assess, **cells):
    [row], _ = assess(f"{HEADER}\n{line(**cells)}\n")
    return row["outcome"], row["failed"], row["unproven"]


def test_one_verdict_a_person_in_the_lists_order(assess):
    rows, complaints = assess(f"{HEADER}\n{line(ref='b')}\n{line(ref='a', purpose='other')}\n")

    assert rows == [
        {"ref": "b", "outcome": "approve", "failed": "", "unproven": "", "policy": "370811 v1"},
        {
            "ref": "a",
            "outcome": "refuse",
            "failed": "for_work",
            "unproven": "",
            "policy": "370811 v1",
        },
    ]
    assert complaints == []


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ({"doc_number": "110101200001010011"}, ("refuse", "identity", "")),
        ({"sex": "women"}, ("refuse", "identity", "")),
        ({"birth_date": "2009-01-01"}, ("refuse", "identity", "of_age")),
        ({"hukou_code": "370811"}, ("refuse", "non_local", "")),
        ({"hukou_code": ""}, ("review", "", "non_local")),
        ({"graduation_date": "2023-11-30"}, ("refuse", "recent_graduate", "")),
        ({"degree": "", "has_home_in_district": ""}, ("review", "", "degree;no_home")),
        ({"has_home_in_district": "yes", "nights": "8"}, ("refuse", "no_home;allowance", "")),
        ({"arrival": ""}, ("review", "", "of_age;recent_graduate")),
        ({"arrival": "2020-01-01"}, ("refuse", "recent_graduate", "")),  # not the booking window
        ({"purpose": "interview"}, ("approve", "", "")),  # papers are not asked for here
        (
            dict.fromkeys(FITTING, ""),
            (
                "review",
                "",
                "identity;of_age;non_local;recent_graduate;degree;no_home;for_work;allowance",
            ),
        ),
    ],
)
def test_the_person_is_judged_and_not_the_moment(assess, cells, verdict):
    assert judged(assess, **cells) == verdict


@pytest.mark.parametrize(
    ("column", "text", "complaint"),
    [
        ("doc_type", "identity card", "doc_type must be one of resident_id,"),
        ("sex", "male", "sex must be one of women, men"),
        ("birth_date", "2000/1/1", "birth_date must be a date such as"),
        ("birth_date", "2000-02-30", "birth_date is not a day of the calendar"),
        ("graduation_date", "2024-7-1", "graduation_date must be a date such as"),
        ("degree", "Bachelor", "degree must be one of"),
        ("has_home_in_district", "true", "has_home_in_district must be one of yes, no"),
        ("purpose", "tourism", "purpose must be one of"),
        ("arrival", "2026-12-01T00:00", "arrival must be a date such as"),
        ("nights", "0", "nights must be 1 or more"),
        ("nights", "-3", "nights must be 1 or more"),
        ("nights", "1.5", "nights must be a whole number"),
        ("nights", "٣", "nights must be a whole number"),
    ],
)
def test_what_cannot_be_read_is_invalid_and_the_rest_go_on(assess, column, text, complaint):
    bad, good = line(ref="bad", **{column: text}), line(ref="good")

    rows, complaints = assess(f"{HEADER}\n{bad}\n{good}\n")

    assert [(row["ref"], row["outcome"]) for row in rows] == [
        ("bad", "invalid"),
        ("good", "approve"),
    ]
    assert len(complaints) == 1
    assert complaints[0].startswith(f"line 2: {complaint}")


@pytest.mark.parametrize(
    "spoilt",
    [
        "too,few,cells",
        'an "open quotation, mark' + "," * 12,
        '"an open quotation mark' + "," * 12,
        "x" * 20_000,
        line(ref="nul\0", sex="\0"),
    ],
)
def test_a_spoilt_line_costs_nobody_else_their_verdict(assess, spoilt):
    rows, complaints = assess("\n".join([HEADER, line(ref="1"), spoilt, line(ref="3"), ""]))

    assert [row["outcome"] for row in rows] == ["approve", "invalid", "approve"]
    assert [words.split(":")[0] for words in complaints] == ["line 3"]


def test_spreadsheets_ways_are_understood(assess):
    header = HEADER.upper().replace(",", ", ") + ",remarks"
    cells = line(ref='"Doe, J"', sex=" men ")

    rows, _ = assess(f"\ufeff{header}\r\n{cells},well\r\n\r\n".encode())

    assert [(row["ref"], row["outcome"]) for row in rows] == [("Doe, J", "approve")]


def test_bytes_that_are_no_utf8_do_not_stop_the_list(assess):
    text = f"{HEADER}\n{line(ref='1')}\n".encode() + line(ref="测", sex="男").encode("gb18030")

    rows, complaints = assess(text)

    assert [row["outcome"] for row in rows] == ["approve", "invalid"]
    assert complaints[0].startswith("line 3: sex must be one of")


@pytest.mark.parametrize(("used", "verdict"), [("3", "approve"), ("4", "refuse"), ("", "review")])
def test_nights_used_count_where_the_list_has_them(assess, used, verdict):
    [row], _ = assess(f"{HEADER},nights_used\n{line(nights='4')},{used}\n")

    assert row["outcome"] == verdict


def test_a_header_without_a_column_is_told(assess):
    with pytest.raises(CommandError, match="lacks purpose, nights"):
        assess(
            "ref,doc_type,doc_number,sex,birth_date,hukou_code,degree,graduation_date,"
            "has_home_in_district,arrival\n"
        )


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("assess", "nowhere.csv")


def test_the_districts_own_policy_judges_its_people(assess):
    here, there = make_district(), make_district("370829")
    there.policies.update(nights=3)

    with pytest.raises(CommandError, match="--district"):
        assess(f"{HEADER}\n{line()}\n")
    with pytest.raises(CommandError, match="no district 999999"):
        assess(f"{HEADER}\n{line()}\n", district="999999")

    text = f"{HEADER}\n{line()}\n"
    outcomes = [assess(text, district=one.code)[0][0]["outcome"] for one in (here, there)]
    assert outcomes == ["approve", "refuse"]
