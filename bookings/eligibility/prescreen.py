"""Pre-screen a list of people from CSV lines, one person a line. Pure: lines in, verdicts out.

A cell that is empty is an unknown fact. What cannot be read (a date, a number, a word that is in no
list, nights below 1) makes its line invalid, with a reason, and the others go on. What can be read
but is wrong is the rules' to find. A line is a row: no cell goes over a line's end, so that an
open quotation mark spoils one person and not all that follow.
"""

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
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


# what may be wrong with a cell, by its code
PROBLEMS = {
    "word": "must be one of %s",
    "date": "must be a date such as 2026-07-01",
    "calendar": "is not a day of the calendar",
    "number": "must be a whole number",
    "too_small": "must be %s or more",
    "rounded": "was rounded by the spreadsheet: keep the column as text",
}


class Unreadable(Exception):
    """A line that cannot be taken apart. The message says why."""


class BadCell(ValueError):
    """A cell says nothing that can be judged: a code of PROBLEMS, and what would do instead."""

    def __init__(self, code: str, wanted: str = "") -> None:
        super().__init__(code)
        self.code, self.wanted = code, wanted


class BadHeader(Exception):
    """The first line does not name the columns. `missing` are those that it lacks."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"the header lacks {', '.join(missing)}")
        self.missing = missing


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be read: its column, a code of PROBLEMS, and what would do instead."""

    column: str
    code: str
    wanted: str = ""

    def __str__(self) -> str:
        words = PROBLEMS[self.code]
        return f"{self.column} {words % self.wanted if '%s' in words else words}"


@dataclass(frozen=True)
class Verdict:
    """One line of the list. `outcome` is approve, review, refuse or invalid (then `reason` says why);
    `failed` and `unproven` hold clause codes in the clauses' order."""

    ref: str
    outcome: str
    failed: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()
    line: int = 0
    problems: tuple[Problem, ...] = ()
    spoilt: str = ""

    @property
    def reason(self) -> str:
        return self.spoilt or "; ".join(map(str, self.problems))


Cell = Callable[[str], object]


def _word(*words: str) -> Cell:
    known = frozenset(words)

    def read(text: str) -> str:
        if text not in known:
            raise BadCell("word", ", ".join(words))
        return text

    return read


def _day(text: str) -> dt.date:
    if not ISO_DAY.fullmatch(text):
        raise BadCell("date")
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise BadCell("calendar") from error


def _number(least: int) -> Cell:
    def read(text: str) -> int:
        if not NUMBER.fullmatch(text):
            raise BadCell("number")
        if int(text) < least:
            raise BadCell("too_small", str(least))
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


class Screening:
    """A list with this header, judged row by row by a district's rules on a local day.

    Judges the person, not the moment: no booking window, overlap or standing. Errors: BadHeader.
    """

    def __init__(self, header: Sequence[str], rules: Rules, *, today: dt.date) -> None:
        names = [name.strip().lower() for name in header]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise BadHeader(missing)
        self.places = {
            name: names.index(name) for name in (*COLUMNS, "nights_used") if name in names
        }
        self.width = max(self.places.values()) + 1
        self._readers = [(self.places[name], name, *CELLS[name]) for name in CELLS if name in names]
        self._rules, self._today = rules, today

    def ref(self, cells: Sequence[str]) -> str:
        place = self.places["ref"]
        return cells[place].strip() if place < len(cells) else ""

    def judge(self, cells: Sequence[str], *, line: int = 0) -> Verdict:
        """The verdict on a row; every cell that cannot be read is named. Errors: Unreadable."""
        if len(cells) < self.width:
            raise Unreadable(f"the line has {len(cells)} cells, the header {self.width}")
        facts: dict[str, object] = {}
        problems = []
        for place, column, fact, read in self._readers:
            text = cells[place].strip()
            try:
                facts[fact] = read(text) if text else None
            except BadCell as error:
                problems.append(Problem(column, error.code, error.wanted))
        if problems:
            return Verdict(self.ref(cells), "invalid", line=line, problems=tuple(problems))
        known = Facts(**facts, today=self._today, moment=False)  # type: ignore[arg-type]
        findings = judge(known, self._rules)
        outcomes = {finding.clause: finding.outcome for finding in findings}
        return Verdict(
            self.ref(cells),
            conclude(findings),
            tuple(clause for clause in CLAUSES if outcomes[clause] == "fail"),
            tuple(clause for clause in CLAUSES if outcomes[clause] == "unproven"),
            line=line,
        )


def assess(lines: Iterable[str], rules: Rules, *, today: dt.date) -> Iterator[Verdict]:
    """Judge each line after the header, one at a time: memory stays flat. Errors: BadHeader."""
    numbered = enumerate(lines, 1)
    header = _cells(next(numbered, (1, ""))[1].removeprefix("\ufeff"))
    screening = Screening(header, rules, today=today)
    for number, line in numbered:
        if not line.strip():
            continue
        try:
            yield screening.judge(_cells(line), line=number)
        except Unreadable as error:
            ref = screening.ref(line.split(","))
            yield Verdict(ref, "invalid", line=number, spoilt=str(error))


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
