"""Pre-screen a list of people from CSV lines, one person a line. Pure: lines in, verdicts out.

A cell that is empty is an unknown fact. What cannot be read (a date, a number, a word that is in no
list, nights below 1) makes its line invalid, with a reason, and the others go on. What can be read
but is wrong is the rules' to find. A line is a row: no cell goes over a line's end, so that an
open quotation mark spoils one person and not all that follow.
"""

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

from bookings.eligibility.rules import CLAUSES, DEGREES, Facts, Rules, conclude, judge

COLUMNS = (
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
)
DOC_TYPES = (
    "resident_id",
    "hmt_residence_permit",
    "hk_macau_travel_permit",
    "taiwan_travel_permit",
    "foreign_permanent_resident",
    "passport",
)
PURPOSES = ("job_seeking", "interview", "new_job", "startup", "other")
LONGEST = 10_000  # characters of a line
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)


class Unreadable(Exception):
    """A cell says nothing that can be judged. The message names the column and what it wants."""


class BadHeader(Exception):
    """The first line does not name the columns. The message names those that are missing."""


@dataclass(frozen=True)
class Verdict:
    """One line of the list. `outcome` is approve, review, refuse or invalid (then `reason` says why);
    `failed` and `unproven` hold clause codes in the clauses' order."""

    ref: str
    outcome: str
    failed: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    line: int = 0
    reason: str = ""


Cell = Callable[[str], object]


def _word(*words: str) -> Cell:
    known = frozenset(words)

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"must be one of {', '.join(words)}")
        return text

    return read


def _day(text: str) -> dt.date:
    if not ISO_DAY.fullmatch(text):
        raise ValueError("must be a date such as 2026-07-01")
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("is not a day of the calendar") from error


def _number(least: int) -> Cell:
    def read(text: str) -> int:
        if not NUMBER.fullmatch(text):
            raise ValueError("must be a whole number")
        if int(text) < least:
            raise ValueError(f"must be {least} or more")
        return int(text)

    return read


def _yes(text: str) -> bool:
    return _word("yes", "no")(text) == "yes"


# column → the fact it holds and how it is read
CELLS: dict[str, tuple[str, Cell]] = {
    "doc_type": ("doc_type", _word(*DOC_TYPES)),
    "doc_number": ("doc_number", str),
    "sex": ("sex", _word("women", "men")),
    "birth_date": ("birth_date", _day),
    "hukou_code": ("hukou_code", str),
    "degree": ("degree", _word(*DEGREES)),
    "graduation_date": ("graduation_date", _day),
    "has_home_in_district": ("has_home", _yes),
    "purpose": ("purpose", _word(*PURPOSES)),
    "arrival": ("arrival", _day),
    "nights": ("nights", _number(1)),
    "nights_used": ("nights_taken", _number(0)),
}


def assess(lines: Iterable[str], rules: Rules, *, today: dt.date) -> Iterator[Verdict]:
    """Judge each person, not the moment: no booking window, overlap or standing.

    `lines` begin with the header; `today` is the local date. Flat memory: one line at a time.
    Errors: BadHeader.
    """
    numbered = enumerate(lines, 1)
    header = _header(next(numbered, (1, ""))[1])
    readers = [(place, column, *CELLS[column]) for place, column in header if column in CELLS]
    ref_at = next(place for place, column in header if column == "ref")
    width = max(place for place, _ in header) + 1
    for number, line in numbered:
        if not line.strip():
            continue
        try:
            yield _judge(_cells(line), readers, ref_at, width, rules, today)
        except Unreadable as error:
            ref = (line.split(",") + [""] * width)[ref_at].strip()
            yield Verdict(ref, "invalid", line=number, reason=str(error))


def _header(line: str) -> list[tuple[int, str]]:
    names = [name.strip().lower() for name in _cells(line.removeprefix("\ufeff"))]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise BadHeader(f"the header lacks {', '.join(missing)}")
    return [(place, name) for place, name in enumerate(names) if name in (*COLUMNS, "nights_used")]


def bounded(file: TextIO) -> Iterator[str]:
    """The lines of a file, none read further than is needed to see that it is too long."""
    while line := file.readline(LONGEST + 1):
        yield line
        while len(line) > LONGEST and line[-1] not in "\r\n":
            line = file.readline(LONGEST + 1)


def _cells(line: str) -> list[str]:
    if len(line) > LONGEST:
        raise Unreadable(f"the line is over {LONGEST} characters long")
    if '"' not in line:
        return line.rstrip("\r\n").split(",")
    try:
        return next(csv.reader([line.rstrip("\r\n")], strict=True))
    except (csv.Error, StopIteration) as error:
        raise Unreadable(f"the line is not CSV: {error}") from error


def _judge(
    cells: list[str],
    readers: list[tuple[int, str, str, Cell]],
    ref_at: int,
    width: int,
    rules: Rules,
    today: dt.date,
) -> Verdict:
    if len(cells) < width:
        raise Unreadable(f"the line has {len(cells)} cells, the header {width}")
    facts: dict[str, object] = {}
    for place, column, fact, read in readers:
        text = cells[place].strip()
        try:
            facts[fact] = read(text) if text else None
        except ValueError as error:
            raise Unreadable(f"{column} {error}") from error
    findings = judge(Facts(**facts, today=today, moment=False), rules)  # type: ignore[arg-type]
    outcomes = {finding.clause: finding.outcome for finding in findings}
    return Verdict(
        cells[ref_at].strip(),
        conclude(findings),
        tuple(clause for clause in CLAUSES if outcomes[clause] == "fail"),
        tuple(clause for clause in CLAUSES if outcomes[clause] == "unproven"),
    )
