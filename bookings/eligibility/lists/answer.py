"""The list as it goes back: every row as it came, with its verdict in words and its cells marked."""

import io
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from bookings.core.sheets import text_cell
from bookings.eligibility.lists.read import Judged, Screened
from bookings.eligibility.lists.words import CHOICES, DATES, HEADINGS, Text
from bookings.eligibility.prescreen import Problem, Verdict
from bookings.eligibility.rules import CLAUSES
from bookings.eligibility.wording import TITLES

OUTCOMES: Mapping[str, Text] = {
    "approve": gettext_lazy("Fits"),
    "review": gettext_lazy("To be checked"),
    "refuse": gettext_lazy("Does not fit"),
    "invalid": gettext_lazy("Cannot be read"),
}
PROBLEMS: Mapping[str, Text] = {
    "word": gettext_lazy("must be one of: %s"),
    "date": gettext_lazy("must be a date such as 2026-07-01"),
    "calendar": gettext_lazy("is not a day of the calendar"),
    "number": gettext_lazy("must be a whole number"),
    "too_small": gettext_lazy("must be %s or more"),
    "rounded": gettext_lazy(
        "was rounded by the spreadsheet: format the column as text, enter it anew"
    ),
}
# the cells that a clause speaks of
CELLS_OF = {
    "identity": {"doc_number"},
    "of_age": {"birth_date"},
    "non_local": {"hukou_code"},
    "recent_graduate": {"graduation_date"},
    "degree": {"degree"},
    "no_home": {"has_home_in_district"},
    "for_work": {"purpose"},
    "allowance": {"nights"},
}
# light grounds on which black print is read, also without colour: the words beside them say the same
BAD, LOOK = PatternFill("solid", "F6C6C0"), PatternFill("solid", "FBE3B5")
TEMPLATE_ROWS = 2000


def answer(screened: Screened, *, policy: str, day: str) -> bytes:
    """An Excel file: a summary, and the list with four columns more."""
    book = Workbook(write_only=True)
    _summary(book.create_sheet(_("Summary")), screened, policy, day)
    sheet: Any = book.create_sheet(_("List"))
    sheet.freeze_panes = "A2"
    width = len(screened.header)
    more = [_("Outcome"), _("Does not fit"), _("To be checked"), _("What to mend")]
    for number in range(1, width + len(more) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 18 if number <= width + 1 else 36
    sheet.append([_bold(sheet, text) for text in [*screened.header, *more]])
    for row in screened.rows:
        sheet.append(_row(sheet, row, screened.columns, width))
    return _saved(book)


def template() -> bytes:
    """An empty list to fill in: headings, text columns, choices to pick from."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _("List")
    sheet.append([str(HEADINGS[name]) for name in HEADINGS])
    sheet.freeze_panes = "A2"
    choices = book.create_sheet(_("Choices"))
    for number, name in enumerate(HEADINGS, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 20
        sheet[f"{letter}1"].font = Font(bold=True)
        words = [str(text) for text in CHOICES.get(name, {}).values()]
        if not words:
            sheet.column_dimensions[letter].number_format = "yyyy-mm-dd" if name in DATES else "@"
            continue
        for row, text in enumerate(words, 1):
            choices[f"{letter}{row}"] = text
        place = f"'{choices.title}'!${letter}$1:${letter}${len(words)}"
        book.defined_names[name] = DefinedName(name, attr_text=place)
        rule = DataValidation("list", formula1=name, allow_blank=True)
        rule.add(f"{letter}2:{letter}{TEMPLATE_ROWS + 1}")
        sheet.add_data_validation(rule)
    return _saved(book)


def told(verdict: Verdict) -> str:
    """What must be mended before a row can be judged."""
    return "\n".join(_told(problem) for problem in verdict.problems) or verdict.spoilt


def _told(problem: Problem) -> str:
    words = str(PROBLEMS[problem.code])
    choices = CHOICES.get(problem.column)
    wanted = _(", ").join(map(str, choices.values())) if choices else problem.wanted
    return f"{HEADINGS[problem.column]} {words % wanted if '%s' in words else words}"


def _row(sheet: Any, row: Judged, columns: list[str], width: int) -> list[object]:
    verdict = row.verdict
    marks = {problem.column: BAD for problem in verdict.problems}
    for clauses, fill in ((verdict.unproven, LOOK), (verdict.failed, BAD)):
        for clause in clauses:
            marks |= dict.fromkeys(CELLS_OF.get(clause, ()), fill)
    texts = row.cells[:width] + [""] * (width - len(row.cells))
    cells: list[object] = [
        text_cell(sheet, text, fill=marks.get(column))
        for text, column in zip(texts, columns, strict=True)
    ]
    said = [
        str(OUTCOMES[verdict.outcome]),
        _titles(verdict.failed),
        _titles(verdict.unproven),
        told(verdict),
    ]
    return cells + [text_cell(sheet, text) for text in said]


def _titles(clauses: tuple[str, ...]) -> str:
    return _("; ").join(str(TITLES[clause]) for clause in clauses)


def _summary(sheet: Any, screened: Screened, policy: str, day: str) -> None:
    sheet.column_dimensions["A"].width = 44
    verdicts = [row.verdict for row in screened.rows]
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    failed = Counter(clause for verdict in verdicts for clause in verdict.failed)
    unproven = Counter(clause for verdict in verdicts for clause in verdict.unproven)
    sheet.append([_bold(sheet, _("Policy")), text_cell(sheet, policy)])
    sheet.append([_bold(sheet, _("Judged on")), text_cell(sheet, day)])
    sheet.append(
        [text_cell(sheet, _("The person is judged, not the day: free beds are not looked at."))]
    )
    sheet.append([_bold(sheet, _("People")), len(verdicts)])
    for outcome, words in OUTCOMES.items():
        sheet.append([text_cell(sheet, str(words)), outcomes[outcome]])
    sheet.append([])
    sheet.append([_bold(sheet, text) for text in ("", _("Does not fit"), _("To be checked"))])
    for clause in CLAUSES:
        if failed[clause] or unproven[clause]:
            title = text_cell(sheet, str(TITLES[clause]))
            sheet.append([title, failed[clause], unproven[clause]])


def _bold(sheet: Any, text: str) -> Any:
    cell = text_cell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
