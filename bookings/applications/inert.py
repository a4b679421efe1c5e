"""Draw an uploaded paper anew, so that nothing in it is alive: run as a program of its own.

The upload comes on standard input, a JPEG or a PDF of JPEG pages goes to standard output; the exit
code says what was wrong. It knows no Django and is killed by its limits, not the site: whatever a
file makes the decoders do costs one upload. Pure but for its streams.
"""

import io
import resource
import sys
from collections.abc import Callable, Iterator

LONGEST_SIDE = 2400  # pixels of a picture or a page: print at A4 is read well
MAX_PIXELS = 60_000_000  # a phone's largest photo has 50 million
MAX_PAGES = 20
QUALITY = 85
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20

WRONG_TYPE, DAMAGED, TOO_MANY_PIXELS, TOO_MANY_PAGES, LOCKED = 10, 11, 12, 13, 14
PDF_START = b"%PDF-"
FORMATS = ["JPEG", "PNG", "WEBP", "HEIF"]


class Unfit(Exception):
    """The file cannot be taken; `code` is the program's exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def redraw(data: bytes) -> bytes:
    """The paper anew: a PDF from a PDF, else a JPEG. The type is found by content. Errors: Unfit."""
    return _pdf(data) if data.startswith(PDF_START) else _picture(data)


def _picture(data: bytes) -> bytes:
    """Upright, smaller, without its location or anything hidden in it."""
    import pillow_heif
    from PIL import Image, ImageOps

    pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # we look ourselves, before anything is decoded
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except (OSError, ValueError, SyntaxError) as error:
        raise Unfit(WRONG_TYPE) from error
    if picture.width * picture.height > MAX_PIXELS:
        raise Unfit(TOO_MANY_PIXELS)
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded no larger than needed
    upright = ImageOps.exif_transpose(picture)
    flat = Image.new("RGB", upright.size, "white")
    flat.paste(upright, mask=upright.getchannel("A") if "A" in upright.getbands() else None)
    flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return _jpeg(flat)


def _pdf(data: bytes) -> bytes:
    """Each page as a picture of itself: scripts, links, forms and attachments stay behind."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pageCompression=1)
    for page, width, height in _pages(data):
        canvas.setPageSize((width, height))
        canvas.drawImage(ImageReader(io.BytesIO(page)), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _pages(data: bytes) -> Iterator[tuple[bytes, float, float]]:
    """One page at a time: its JPEG, and its size on A4-like paper in points."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unfit(LOCKED if "password" in str(error).lower() else DAMAGED) from error
    if len(document) == 0:
        raise Unfit(DAMAGED)
    if len(document) > MAX_PAGES:
        raise Unfit(TOO_MANY_PAGES)
    for number in range(len(document)):
        page = document[number]
        width, height = page.get_size()
        if min(width, height) < 1:
            raise Unfit(DAMAGED)
        scale = min(2.5, LONGEST_SIDE / max(width, height))  # at most 180 dpi
        if min(width, height) * scale < 1:
            raise Unfit(DAMAGED)
        picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
        page.close()
        points = min(1, 842 / max(width, height))
        yield _jpeg(picture), width * points, height * points


def _jpeg(picture: "Image.Image") -> bytes:  # type: ignore[name-defined] # noqa: F821
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return _run(redraw)


def _run(work: Callable[[bytes], bytes]) -> int:
    try:
        sys.stdout.buffer.write(work(sys.stdin.buffer.read()))
    except Unfit as error:
        return error.code
    except Exception:
        return DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main())
