"""The Chinese font of our papers: Noto Sans SC, embedded as a subset."""

from functools import cache
from pathlib import Path
from typing import cast

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "NotoSansSC", "NotoSansSC-Bold"
MISSING = "〓"  # the printer's mark for a character that is not in the case


@cache
def register(folder: Path) -> None:
    """Make the two weights known to reportlab, from an npm package's folder."""
    for name, weight in ((REGULAR, "400Regular"), (BOLD, "700Bold")):
        pdfmetrics.registerFont(TTFont(name, folder / weight / f"NotoSansSC_{weight}.ttf"))


def printable(text: str) -> str:
    """The text with characters that the font lacks marked, never silently left out."""
    glyphs = cast(TTFont, pdfmetrics.getFont(REGULAR)).face.charToGlyph
    return "".join(c if c.isspace() or ord(c) in glyphs else MISSING for c in text)
