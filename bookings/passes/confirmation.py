"""The confirmation on paper: one A4 page with the code, the place, the nights and the house rules."""

import io
from dataclasses import dataclass
from html import escape
from pathlib import Path

from django.utils.translation import gettext as _
from reportlab.lib.colors import Color, HexColor, black, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    Flowable,
    HRFlowable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from bookings.passes.fonts import BOLD, REGULAR, printable, register
from bookings.passes.qr import matrix

TEAL, LAMP, INK, GREY = HexColor("#0F5C5C"), HexColor("#E8A33D"), black, HexColor("#5B5F5E")
QR_SIDE = 52 * mm
FRAME_PADDING = 6  # points that reportlab's frame keeps inside its margins


@dataclass(frozen=True)
class Confirmation:
    """Everything on the page, ready to print; `code` is what the QR code says."""

    title: str
    issuer: str
    rows: list[tuple[str, str]]
    code: str
    short_code: str
    bring: str
    rules: list[str]
    call: str


class Code(Flowable):
    """A QR code as vectors: crisp on any printer."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows = matrix(text)
        self.width = self.height = QR_SIDE

    def draw(self) -> None:
        step = QR_SIDE / len(self.rows)
        self.canv.setFillColor(white)
        self.canv.rect(0, 0, QR_SIDE, QR_SIDE, stroke=0, fill=1)
        self.canv.setFillColor(black)
        for y, row in enumerate(self.rows):
            for x, dark in enumerate(row):
                if dark:
                    self.canv.rect(x * step, QR_SIDE - (y + 1) * step, step, step, stroke=0, fill=1)


def render(confirmation: Confirmation, *, fonts: Path) -> bytes:
    """The page as PDF. Long texts flow on to a second page under the same head."""
    register(fonts)
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        topMargin=38 * mm,
        bottomMargin=18 * mm,
        leftMargin=20 * mm - FRAME_PADDING,
        rightMargin=20 * mm - FRAME_PADDING,
        title=confirmation.title,
        author=confirmation.issuer,
        invariant=1,
    )

    def head(canvas: Canvas, _document: object) -> None:
        draw_head(canvas, confirmation.issuer)

    document.build(_story(confirmation), onFirstPage=head, onLaterPages=head)
    return file.getvalue()


def style(size: int, *, bold: bool = False, colour: Color = INK) -> ParagraphStyle:
    font = BOLD if bold else REGULAR
    return ParagraphStyle(
        f"{font}{size}{colour}",
        fontName=font,
        fontSize=size,
        leading=size * 1.6,
        textColor=colour,
        wordWrap="CJK",
    )


def text(words: str, look: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(printable(words)), look)


def _story(confirmation: Confirmation) -> list[Flowable]:
    label, value = style(9, colour=GREY), style(11)
    facts = [[text(name, label), text(told, value)] for name, told in confirmation.rows]
    table = Table(facts, colWidths=[26 * mm, 82 * mm])
    table.setStyle(
        TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    )
    code = [
        Code(confirmation.code),
        Spacer(1, 2 * mm),
        text(confirmation.short_code, style(13, bold=True)),
        text(_("or type this at the desk"), style(8, colour=GREY)),
    ]
    both = Table([[table, code]], colWidths=[112 * mm, 58 * mm])
    both.setStyle(
        TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    )
    rules = [
        text(f"{number}. {rule}", style(10)) for number, rule in enumerate(confirmation.rules, 1)
    ]
    return [
        text(confirmation.title, style(20, bold=True)),
        Spacer(1, 6 * mm),
        both,
        Spacer(1, 4 * mm),
        text(confirmation.bring, style(11, bold=True, colour=TEAL)),
        Spacer(1, 4 * mm),
        HRFlowable(width="100%", color=LAMP, thickness=1),
        Spacer(1, 3 * mm),
        text(_("House rules"), style(12, bold=True)),
        *rules,
        Spacer(1, 4 * mm),
        text(confirmation.call, style(10, colour=GREY)),
    ]


def draw_head(canvas: Canvas, issuer: str) -> None:
    """An open door and a lamp, the name of the house, and who issued the page."""
    width, height = A4
    canvas.saveState()
    canvas.translate(20 * mm, height - 28 * mm)
    canvas.setFillColor(TEAL)
    canvas.roundRect(0, 0, 12 * mm, 14 * mm, 2 * mm, stroke=0, fill=1)
    door = canvas.beginPath()
    door.moveTo(3 * mm, 0)
    door.lineTo(3 * mm, 11 * mm)
    door.lineTo(8 * mm, 9 * mm)
    door.lineTo(8 * mm, 0)
    door.close()
    canvas.setFillColor(white)
    canvas.drawPath(door, stroke=0, fill=1)
    canvas.setFillColor(LAMP)
    canvas.circle(9.8 * mm, 11 * mm, 1.3 * mm, stroke=0, fill=1)
    canvas.setFillColor(TEAL)
    canvas.setFont(BOLD, 17)
    canvas.drawString(16 * mm, 6.5 * mm, printable(_("Youth Station")))
    canvas.setFillColor(GREY)
    canvas.setFont(REGULAR, 9)
    canvas.drawString(16 * mm, 1 * mm, printable(issuer))
    canvas.restoreState()
