"""A report on paper: title page, key figures in words, drawings, tables, definitions. Drawn from the
figures that are kept, so that the same version is the same file, byte for byte."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.colors import Color, HexColor, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    HRFlowable,
    KeepTogether,
    LongTable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)

from bookings.passes.fonts import BOLD, REGULAR, printable, register
from bookings.statistics.reports.snapshot import Plain, opened
from bookings.statistics.tables import Section, Table

TEAL, LAMP, INK, GREY = HexColor("#0F5C5C"), HexColor("#E8A33D"), black, HexColor("#5B5F5E")
LINE, BAND = HexColor("#D6D9D7"), HexColor("#EEF3F2")
MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
MOST_LINES = 16  # of a drawing: more would not stand on a page
SCALE = 0.8  # of drawings: twelve months and their table stand on one page
NAMES = 5.0  # how much of the room left over a column of names gets, beside one of numbers
PADDING = 3
SHORT = 16  # lines: such a table is not split


@dataclass(frozen=True)
class Cover:
    """The words of the title page; `facts` stand below the title, one a line."""

    issuer: str
    title: str
    period: str
    facts: list[str]


def render(cover: Cover, figures: Plain, *, fonts: Path) -> bytes:
    """In the active language, which is that of the figures."""
    register(fonts)
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        leftMargin=MARGIN - 6,  # reportlab's frame keeps six points inside
        rightMargin=MARGIN - 6,
        title=f"{cover.title} {cover.period}",
        author=cover.issuer,
        invariant=1,
    )

    def foot(canvas: Canvas, _document: object) -> None:
        _foot(canvas, cover)

    document.build(list(_story(cover, figures)), onFirstPage=_bare, onLaterPages=foot)
    return file.getvalue()


def _bare(canvas: Canvas, _document: object) -> None:
    """The title page: a band of the house's colour at its head."""
    canvas.setFillColor(TEAL)
    canvas.rect(0, A4[1] - 60 * mm, A4[0], 60 * mm, stroke=0, fill=1)
    canvas.setFillColor(LAMP)
    canvas.rect(0, A4[1] - 62 * mm, A4[0], 2 * mm, stroke=0, fill=1)


def _foot(canvas: Canvas, cover: Cover) -> None:
    canvas.saveState()
    canvas.setFillColor(GREY)
    canvas.setFont(REGULAR, 8)
    canvas.drawString(MARGIN, 10 * mm, printable(f"{cover.title} · {cover.period}"))
    canvas.drawRightString(A4[0] - MARGIN, 10 * mm, str(canvas.getPageNumber()))
    canvas.restoreState()


def _style(
    size: float, *, bold: bool = False, colour: Color = INK, after: float = 0, right: bool = False
) -> ParagraphStyle:
    wrap: dict[str, Any] = {} if get_language() == "en" else {"wordWrap": "CJK"}
    return ParagraphStyle(
        f"{size}",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.5,
        textColor=colour,
        spaceAfter=after,
        alignment=2 if right else 0,
        **wrap,
    )


def _text(words: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(printable(words)), style)


def _story(cover: Cover, figures: Plain) -> Iterator[Flowable]:
    yield Spacer(1, 75 * mm)
    yield _text(cover.title, _style(26, bold=True, colour=TEAL, after=4 * mm))
    yield _text(cover.period, _style(20, bold=True, after=10 * mm))
    yield _text(cover.issuer, _style(13, after=6 * mm))
    for line in cover.facts:
        yield _text(line, _style(10, colour=GREY, after=1 * mm))
    yield PageBreak()
    yield _heading(_("Key figures in words"))
    for line in figures["words"]:
        yield _text(f"· {line}", _style(10.5, after=2 * mm))
    for kept in figures["sections"]:
        yield from _section(opened(kept))
    yield PageBreak()
    yield _heading(_("What the words mean"))
    for title, lines in figures["definitions"]:
        yield _text(title, _style(10.5, bold=True, after=1 * mm))
        for line in lines:
            yield _text(f"· {line}", _style(9, after=1 * mm))
        yield Spacer(1, 3 * mm)


def _heading(words: str) -> Flowable:
    return _text(words, _style(14, bold=True, colour=TEAL, after=3 * mm))


def _section(section: Section) -> Iterator[Flowable]:
    """Its heading never stands alone at the foot of a page; a short table stands whole below it."""
    yield Spacer(1, 5 * mm)
    yield CondPageBreak(50 * mm)
    head: list[Flowable] = [
        HRFlowable(width="100%", color=LAMP, thickness=1, spaceAfter=2 * mm),
        _text(section.title, _style(12, bold=True, colour=TEAL, after=1 * mm)),
        _text(section.lead, _style(9, colour=GREY, after=2 * mm)),
    ]
    for piece in section.chart.pieces(MOST_LINES) if section.chart else ():
        drawn = piece.drawing(REGULAR)
        drawn.hAlign, drawn.renderScale = "LEFT", SCALE
        head += [drawn, Spacer(1, 3 * mm)]
    table = _table(section.table)
    if len(section.table.rows) <= SHORT:
        yield KeepTogether([*head, table])
    else:
        yield KeepTogether(head)
        yield table


def _table(table: Table) -> Flowable:
    """Headings stand again on each page that the table goes on to, and the sum never stands alone."""
    is_name = [cell.kind == "text" for cell in table.rows[0]]
    size = 8.5 if len(is_name) < 8 else 7.5 if len(is_name) < 11 else 7
    widths = _widths(table.headings, is_name, size)
    names = _style(size)
    heads = [
        _text(heading, _style(size, bold=True, right=not name))
        for heading, name in zip(table.headings, is_name, strict=False)
    ]
    rows: list[list[Any]] = [heads]
    for row in [*table.rows, *([table.footer] if table.footer else [])]:
        rows.append(
            [_text(cell.shown, names) if cell.kind == "text" else cell.shown for cell in row]
        )
    drawn = LongTable(rows, colWidths=widths, repeatRows=1, hAlign="LEFT")
    style: list[Any] = [
        ("FONT", (0, 0), (-1, -1), REGULAR, size),
        ("BACKGROUND", (0, 0), (-1, 0), BAND),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *[(side, (0, 0), (-1, -1), PADDING) for side in ("LEFTPADDING", "RIGHTPADDING")],
        *[(side, (0, 0), (-1, -1), 2) for side in ("TOPPADDING", "BOTTOMPADDING")],
        *[("ALIGN", (n, 0), (n, -1), "RIGHT") for n, name in enumerate(is_name) if not name],
    ]
    if table.footer:
        style += [
            ("FONT", (0, -1), (-1, -1), BOLD, size),
            ("LINEABOVE", (0, -1), (-1, -1), 1, TEAL),
            ("NOSPLIT", (0, -min(3, len(rows) - 1)), (-1, -1)),
        ]
    drawn.setStyle(TableStyle(style))
    return drawn


def _widths(headings: list[str], is_name: list[bool], size: float) -> list[float]:
    """Each column is as wide as the longest word above it, and the rest is shared: no word is cut."""
    words = [one.split() if get_language() == "en" else [one] for one in headings]
    longest = [max(stringWidth(word, BOLD, size) for word in one or [""]) for one in words]
    needed = [width + 2 * PADDING + 1 for width in longest]
    left = WIDTH - sum(needed)
    if left < 0:  # Chinese, which may be broken anywhere
        needed, left = [0.0] * len(headings), WIDTH
    parts = [NAMES if name else 1.0 for name in is_name]
    return [own + left * part / sum(parts) for own, part in zip(needed, parts, strict=False)]
