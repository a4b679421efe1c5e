"""The portrait on paper: every key and code in words, nothing left out."""

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
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

from bookings.eligibility.wording import tell
from bookings.journey.portrait.words import CODES, LABELS
from bookings.passes.confirmation import GREY, LAMP, TEAL, draw_head, style, text
from bookings.passes.fonts import REGULAR, register

ISO = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.+Z]+)?", re.ASCII)
NOTHING = "—"
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
    lede = _("All that was kept about you on %(when)s.") % {"when": _readable(now.isoformat())}
    yield text(lede, style(10, colour=GREY))
    for key, part in data.items():
        yield Spacer(1, 5 * mm)
        yield CondPageBreak(30 * mm)
        yield HRFlowable(width="100%", color=LAMP, thickness=1, spaceAfter=2 * mm)
        yield text(_label(key), style(13, bold=True, colour=TEAL))
        yield from _part(key, part, depth=0)


def _part(where: str, part: Any, *, depth: int) -> Iterator[Flowable]:
    """A part with its own keys, or a list of such; `where` is the key that it stands under."""
    if where == "findings":
        for told in tell(part):
            yield _row(told.title, f"{told.outcome_label} · {told.sentence}", depth=depth)
    elif isinstance(part, Mapping):
        yield from _facts(where, part, depth=depth)
    elif not part:
        yield text(NOTHING, style(10))
    else:
        for number, one in enumerate(part):
            if number:
                yield HRFlowable(
                    width="100%", color=GREY, thickness=0.2, spaceBefore=3, spaceAfter=3
                )
            yield from _facts(where, one, depth=depth)


def _facts(where: str, facts: Mapping[str, Any], *, depth: int) -> Iterator[Flowable]:
    """What has one value first, a line each; then what has parts of its own."""
    for key, value in facts.items():
        if not _has_parts(value):
            yield _row(_label(key, where), _value(where, key, value), depth=depth)
    for key, value in facts.items():
        if _has_parts(value):
            yield Spacer(1, 2 * mm)
            yield CondPageBreak(20 * mm)
            yield Indenter(left=STEP)
            yield text(_label(key), style(10, bold=True))
            yield from _part(key, value, depth=depth + 1)
            yield Indenter(left=-STEP)


def _has_parts(value: Any) -> bool:
    first = next(iter(value), None) if isinstance(value, list) else value
    return bool(first) and isinstance(first, Mapping)


def _row(label: str, value: str, *, depth: int = 0) -> Flowable:
    look = [text(label, style(9, colour=GREY)), text(value, style(10))]
    widths = [LABEL, LINE - LABEL - depth * STEP]
    spaces = [("LEFTPADDING", (0, 0), (0, 0), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    spaces += [(side, (0, 0), (-1, -1), 1) for side in ("TOPPADDING", "BOTTOMPADDING")]
    return Table([look], colWidths=widths, hAlign="LEFT", style=spaces, splitInRow=1)


def _label(key: str, where: str = "") -> str:
    return str(LABELS.get(f"{where}.{key}") or LABELS.get(key, key))


def _value(where: str, key: str, value: Any) -> str:
    """One value in words, as the list or part `where` means it."""
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    codes = CODES.get((where, key), {})
    if isinstance(value, list):
        return str(_(", ")).join(str(codes.get(one, one)) for one in value)
    return _readable(str(codes.get(value, value)))


def _readable(value: str) -> str:
    """Days and instants (ISO) as people read them, instants in local time; anything else as it is."""
    if not ISO.fullmatch(value):
        return value
    try:
        if "T" not in value:
            return date_format(dt.date.fromisoformat(value), "DATE_FORMAT")
        instant = timezone.localtime(dt.datetime.fromisoformat(value))
    except ValueError:
        return value
    return date_format(instant, "DATETIME_FORMAT")
