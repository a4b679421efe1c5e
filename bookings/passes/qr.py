"""A text as a QR code: SVG for pages, PNG for downloads. Pure."""

import io
from html import escape

import qrcode
from qrcode.constants import ERROR_CORRECT_M

BORDER = 4  # modules of quiet zone, by ISO/IEC 18004


def matrix(text: str) -> list[list[bool]]:
    """The modules, dark is True, with the quiet zone around them."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=BORDER)
    code.add_data(text)
    code.make(fit=True)
    return code.get_matrix()


def svg(text: str, *, title: str) -> str:
    """An inline-able SVG, dark on its own white ground so that it scans on a dark page too."""
    rows = matrix(text)
    size = len(rows)
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {size} {size}" '
        f'role="img" shape-rendering="crispEdges"><title>{escape(title)}</title>'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    )


def png(text: str) -> bytes:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=BORDER, box_size=8)
    code.add_data(text)
    code.make(fit=True)
    file = io.BytesIO()
    code.make_image().save(file)
    return file.getvalue()
