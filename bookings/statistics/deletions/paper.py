"""The certificate on paper."""

import io
from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Spacer, Table, TableStyle

from bookings.passes.confirmation import GREY, draw_head, style, text
from bookings.passes.fonts import register
from bookings.statistics.deletions.certificate import Certificate


def render(certificate: Certificate, *, fonts: Path) -> bytes:
    """One A4 page, or more."""
    register(fonts)
    file, title = io.BytesIO(), _("Deletion certificate")
    issuer = certificate.district.issuer
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        topMargin=38 * mm,
        bottomMargin=18 * mm,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        title=title,
        author=issuer,
        invariant=1,
    )

    def head(canvas: Canvas, _document: object) -> None:
        draw_head(canvas, issuer)

    small = style(9, colour=GREY)
    story = [
        text(title, style(20, bold=True)),
        text(date_format(certificate.day, "DATE_FORMAT"), style(13)),
        Spacer(1, 5 * mm),
        _table(certificate),
        Spacer(1, 5 * mm),
        text(_("Deleted for good from the database and the disk. It names nobody."), style(10)),
        Spacer(1, 3 * mm),
        text(_sealed(certificate), small),
        text(_("Backups keep what they held until they are deleted themselves."), small),
    ]
    document.build(story, onFirstPage=head, onLaterPages=head)
    return file.getvalue()


def _table(certificate: Certificate) -> Table:
    label, value = style(9, colour=GREY), style(10)
    names = [_("What"), _("How many"), _("Ended before"), _("Rule")]
    rows = [[text(name, label) for name in names]]
    for line in certificate.lines:
        before = line.before.isoformat() if line.before else "—"
        told = [line.kind_label, str(line.count), before, line.rule_label]
        rows.append([text(one, value) for one in told])
    table = Table(rows, colWidths=[60 * mm, 20 * mm, 28 * mm, 60 * mm])
    table.setStyle(
        TableStyle(
            [("LINEBELOW", (0, 0), (-1, -1), 0.3, GREY), ("VALIGN", (0, 0), (-1, -1), "TOP")]
        )
    )
    return table


def _sealed(certificate: Certificate) -> str:
    if certificate.seals["waiting"] or not certificate.digest:
        return _("The audit log's seal is due within a minute: print it again then.")
    return _("In the audit log: seals %(first)s to %(last)s; the last one is %(digest)s.") % {
        "first": certificate.seals["first"],
        "last": certificate.seals["last"],
        "digest": certificate.digest,
    }
