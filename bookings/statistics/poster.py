"""A partner's poster: one A4 page with the code that leads to the pre-check."""

import io
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from bookings.passes.confirmation import GREY, INK, LAMP, TEAL, Code
from bookings.passes.fonts import BOLD, REGULAR, printable, register

SIDE = 110 * mm


@dataclass(frozen=True)
class Poster:
    """All words on it, in the order in which they stand from above; `address` is also the QR code."""

    issuer: str
    title: str
    lines: list[str]
    address: str
    partner: str
    call: str


def render(poster: Poster, *, fonts: Path) -> bytes:
    """The poster as PDF."""
    register(fonts)
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    canvas.setTitle(poster.title)
    canvas.setAuthor(poster.issuer)
    width, height = A4
    canvas.setFillColor(TEAL)
    canvas.rect(0, height - 62 * mm, width, 62 * mm, stroke=0, fill=1)
    canvas.setFillColor(LAMP)
    canvas.rect(0, height - 64 * mm, width, 2 * mm, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    _centred(canvas, poster.issuer, height - 22 * mm, 14)
    _centred(canvas, poster.title, height - 45 * mm, 44, bold=True)
    canvas.setFillColor(INK)
    for number, line in enumerate(poster.lines):
        _centred(canvas, line, height - (84 + 13 * number) * mm, 20)
    _code(canvas, poster.address, height - 245 * mm)
    canvas.setFillColor(INK)
    _centred(canvas, poster.address, 42 * mm, 14)
    canvas.setFillColor(GREY)
    _centred(canvas, poster.partner, 30 * mm, 12)
    _centred(canvas, poster.call, 22 * mm, 12)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _centred(canvas: Canvas, text: str, y: float, size: float, *, bold: bool = False) -> None:
    """In the middle; smaller where the paper is too narrow for it."""
    font, room = BOLD if bold else REGULAR, A4[0] - 30 * mm
    text = printable(text)
    size = min(size, size * room / max(canvas.stringWidth(text, font, size), 1))
    canvas.setFont(font, size)
    canvas.drawCentredString(A4[0] / 2, y, text)


def _code(canvas: Canvas, text: str, y: float) -> None:
    code = Code(text)
    canvas.saveState()
    canvas.translate((A4[0] - SIDE) / 2, y)
    canvas.scale(SIDE / code.width, SIDE / code.width)
    code.drawOn(canvas, 0, 0)
    canvas.restoreState()
