"""Take in an uploaded paper: its type is found by content, pictures are drawn anew, and kept sealed."""

import datetime as dt
import hashlib
import io

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from bookings.applications.models import Application, Evidence
from bookings.core.errors import Refusal

MAX_FILES = 10
MAX_PIXELS = 50_000_000
LONGEST_SIDE = 2400
PDF_START = b"%PDF-"


class TooLarge(Refusal):
    code = "too_large"
    sentence = _("This file is over 10 MB. Take a photo of the paper, or send a smaller file.")
    field = "file"


class TooMany(Refusal):
    code = "too_many_files"
    sentence = _("Ten papers are enough. Remove one first.")
    field = "file"


class WrongType(Refusal):
    code = "wrong_type"
    sentence = _("This is not a photo (JPEG, PNG, WebP) or a PDF, whatever its name says.")
    field = "file"


class Damaged(Refusal):
    code = "damaged"
    sentence = _("This file is damaged or too large to open. Take the photo again.")
    field = "file"


def add_evidence(
    *, application: Application, kind: str, upload: UploadedFile, now: dt.datetime
) -> Evidence:
    """Keep one paper. The same content twice is one paper.

    Errors: TooLarge, TooMany, WrongType, Damaged.
    """
    if (upload.size or 0) > settings.EVIDENCE_MAX_BYTES:
        raise TooLarge
    if application.evidence.count() >= MAX_FILES:
        raise TooMany
    data = upload.read()
    digest = hashlib.sha256(data).hexdigest()
    former = application.evidence.filter(sha256=digest).first()
    if former:
        return former
    content_type, suffix, clean = _pdf(data) or _picture(data)
    return Evidence.objects.create(
        application=application,
        kind=kind,
        file=ContentFile(clean, name=f"{digest[:16]}.{suffix}"),
        content_type=content_type,
        size=len(clean),
        sha256=digest,
        uploaded_at=now,
    )


def _pdf(data: bytes) -> tuple[str, str, bytes] | None:
    if not data.startswith(PDF_START):
        return None
    if b"%%EOF" not in data[-2048:]:
        raise Damaged
    return "application/pdf", "pdf", data


def _picture(data: bytes) -> tuple[str, str, bytes]:
    """Draw the picture anew: upright, smaller, without its location or anything hidden in it."""
    try:
        picture = Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"])
    except Image.DecompressionBombError as error:
        raise Damaged from error
    except (OSError, ValueError) as error:
        raise WrongType from error
    if picture.width * picture.height > MAX_PIXELS:
        raise Damaged
    try:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError) as error:
        raise Damaged from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    file = io.BytesIO()
    upright.save(file, "JPEG", quality=85)
    return "image/jpeg", "jpg", file.getvalue()
