"""A report on paper: no word is cut, no sum stands alone."""

import pytest
from django.conf import settings
from django.utils import translation
from reportlab.pdfbase.pdfmetrics import stringWidth

from bookings.passes.fonts import BOLD, register
from bookings.statistics.arithmetic import Interval
from bookings.statistics.charts import Range, ranges
from bookings.statistics.pages.nights import _headings
from bookings.statistics.reports import pdf
from bookings.statistics.reports.snapshot import plain
from bookings.statistics.tables import Cell, Section, Table, text


@pytest.fixture(autouse=True)
def fonts():
    register(settings.FONT_DIR)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_each_column_holds_the_longest_word_of_its_heading(language):
    with translation.override(language):
        headings = _headings()
        widths = pdf._widths(headings, [True] + [False] * 10, 7)

    for heading, width in zip(headings, widths, strict=True):
        words = heading.split() if language == "en" else [heading]
        assert max(stringWidth(word, BOLD, 7) for word in words) + 2 * pdf.PADDING <= width
    assert sum(widths) == pytest.approx(pdf.WIDTH)


def test_a_table_that_goes_on_takes_a_line_along_with_its_sum():
    lines = [[text(f"{n}"), Cell(n)] for n in range(80)]
    table = pdf._table(Table(["Month", "Guests"], lines, [text("Sum"), Cell(3160)]))
    _width, whole = table.wrap(pdf.WIDTH, 10_000)

    _first, last = table.split(pdf.WIDTH, whole - 1)

    assert len(last._cellvalues) > 2


def test_a_drawing_of_many_lines_goes_on_on_another_page():
    lines = [Range(f"{n}", Interval(0.2, 0.8), 0.5, "50%") for n in range(31)]
    section = Section("Title", "", Table(["Name"], [[text("x")]]), ranges(lines, title="Title"))
    figures = {"words": [], "sections": [plain(section)], "definitions": []}

    paper = pdf.render(pdf.Cover("", "Title", "2026", []), figures, fonts=settings.FONT_DIR)

    assert paper.startswith(b"%PDF")
