"""Papers for a reviewer to look at, that cannot be taken for real ones."""

import io

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont


def sample_paper(kind: str) -> bytes:
    """A picture that says in large letters that it is a sample, as PNG."""
    titles = {"degree": "学位证书", "contract": "录用通知"}
    font = settings.FONT_DIR / "700Bold" / "NotoSansSC_700Bold.ttf"
    picture = Image.new("RGB", (900, 640), "#fdfcf8")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((24, 24, 876, 616), outline="#0f5c5c", width=6)
    for text, height, size in (
        (titles[kind], 180, 90),
        ("样例 SAMPLE", 330, 70),
        ("仅供演示", 460, 40),
    ):
        pen.text((450, height), text, "#58605c", ImageFont.truetype(font, size), anchor="mm")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
