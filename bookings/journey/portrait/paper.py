"""The portrait on paper: every key and code in words, nothing left out."""

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    HRFlowable,
    Indenter,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from bookings.journey.portrait.told import NOTHING, Group, in_words, label, readable
from bookings.passes.confirmation import GREY, LAMP, TEAL, draw_head, style, text
from bookings.passes.fonts import REGULAR, register

LABEL, LINE = 52 * mm, 170 * mm
STEP = 6 * mm  # how far a part stands in from what it is a part of


def render(data: Mapping[str, Any], *, issuer: str, now: dt.datetime, fonts: Path) -> bytes:
    """A portrait (plain values) as an A4 file in the active language."""
    register(fonts)
    file, title = io.BytesIO(), _("My data")
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        topMargin=36 * mm,
        bottomMargin=18 * mm,
        leftMargin=20 * mm - 6,  # reportlab's frame keeps six points inside
        rightMargin=20 * mm - 6,
        title=title,
        author=issuer,
        invariant=1,
    )

    def around(canvas: Canvas, _document: object) -> None:
        draw_head(canvas, issuer)
        canvas.setFillColor(GREY)
        canvas.setFont(REGULAR, 8)
        canvas.drawRightString(A4[0] - 20 * mm, 10 * mm, str(canvas.getPageNumber()))

    document.build(list(_story(data, title, now)), onFirstPage=around, onLaterPages=around)
    return file.getvalue()


def _story(data: Mapping[str, Any], title: str, now: dt.datetime) -> Iterator[Flowable]:
    yield text(title, style(20, bold=True))
    lede = _("All that was kept about you on %(when)s.") % {"when": readable(now.isoformat())}
    yield text(lede, style(10, colour=GREY))
    for key, part in data.items():
        yield Spacer(1, 5 * mm)
        yield CondPageBreak(30 * mm)
        yield HRFlowable(width="100%", color=LAMP, thickness=1, spaceAfter=2 * mm)
        yield text(label(key), style(13, bold=True, colour=TEAL))
        yield from _groups(in_words(key, part), depth=0)


def _groups(groups: list[Group], *, depth: int) -> Iterator[Flowable]:
    """What has one value first, a line each; then what has parts of its own."""
    if not groups:
        yield text(NOTHING, style(10))
    for number, group in enumerate(groups):
        if number:
            yield HRFlowable(width="100%", color=GREY, thickness=0.2, spaceBefore=3, spaceAfter=3)
        for name, value in group.rows:
            yield _row(name, value, depth=depth)
        for name, part in group.parts:
            yield Spacer(1, 2 * mm)
            yield CondPageBreak(20 * mm)
            yield Indenter(left=STEP)
            yield text(name, style(10, bold=True))
            yield from _groups(part, depth=depth + 1)
            yield Indenter(left=-STEP)


def _row(label: str, value: str, *, depth: int = 0) -> Flowable:
    look = [text(label, style(9, colour=GREY)), text(value, style(10))]
    widths = [LABEL, LINE - LABEL - depth * STEP]
    spaces = [("LEFTPADDING", (0, 0), (0, 0), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    spaces += [(side, (0, 0), (-1, -1), 1) for side in ("TOPPADDING", "BOTTOMPADDING")]
    return Table([look], colWidths=widths, hAlign="LEFT", style=spaces, splitInRow=1)
