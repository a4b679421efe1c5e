"""Take in an uploaded paper: drawn anew by a program of its own (inert.py), and kept sealed."""

import datetime as dt
import hashlib
import logging
import subprocess
import sys
from collections.abc import Collection
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from bookings.applications import inert
from bookings.applications.models import Application, Evidence
from bookings.core.errors import Refusal

logger = logging.getLogger(__name__)

MAX_FILES = 10
SECONDS = 40
AT_ONCE = BoundedSemaphore(2)  # drawings at once in a process of the site: each may need a gigabyte


class TooLarge(Refusal):
    code = "too_large"
    sentence = _("This file is over 10 MB. Take a photo of the paper, or send a smaller file.")
    field = "file"


class Empty(Refusal):
    code = "empty"
    sentence = _("This file is empty. Choose another one.")
    field = "file"


class TooMany(Refusal):
    code = "too_many_files"
    sentence = _("Ten papers are enough. Remove one first.")
    field = "file"


class WrongType(Refusal):
    code = "wrong_type"
    sentence = _("This is not a photo (JPEG, PNG, WebP, HEIC) or a PDF, whatever its name says.")
    field = "file"


class Damaged(Refusal):
    code = "damaged"
    sentence = _("This file is damaged or cannot be opened. Take the photo again.")
    field = "file"


class TooManyPixels(Refusal):
    code = "too_many_pixels"
    sentence = _("This picture is larger than any phone's. Take a photo of the paper instead.")
    field = "file"


class TooManyPages(Refusal):
    code = "too_many_pages"
    sentence = _("This PDF has more than 20 pages. Send only the pages that are needed.")
    field = "file"


class Locked(Refusal):
    code = "locked"
    sentence = _("This PDF has a password. Save it without one, or take a photo of it.")
    field = "file"


UNFIT: dict[int, type[Refusal]] = {
    inert.WRONG_TYPE: WrongType,
    inert.TOO_MANY_PIXELS: TooManyPixels,
    inert.TOO_MANY_PAGES: TooManyPages,
    inert.LOCKED: Locked,
}


def add_evidence(
    *, application: Application, kind: str, upload: UploadedFile, now: dt.datetime
) -> Evidence:
    """Keep one paper. The same content twice is one paper.

    Errors: TooLarge, Empty, TooMany, WrongType, Damaged, TooManyPixels, TooManyPages, Locked.
    """
    data = read(upload)
    digest = hashlib.sha256(data).hexdigest()
    same = application.evidence.filter(sha256=digest)
    if former := same.first():
        return former
    if application.evidence.count() >= MAX_FILES:
        raise TooMany
    clean = redrawn(data)
    paper = Evidence(
        application=application,
        kind=kind,
        content_type=content_type(clean),
        size=len(clean),
        sha256=digest,
        uploaded_at=now,
    )
    try:
        return _kept(paper, ContentFile(clean, name=f"{digest[:16]}{suffix(clean)}"))
    except IntegrityError:
        if meanwhile := same.first():  # pressed twice
            return meanwhile
        raise


def papers_of_before(application: Application) -> list[Evidence]:
    """Papers that this person sent with other applications, as long as they are kept; those that this
    application has too left out."""
    theirs = Evidence.objects.filter(
        application__user=application.user_id, application__graduate=application.graduate_id
    )
    here = application.evidence.values("sha256")
    others = theirs.exclude(application=application).exclude(sha256__in=here)
    newest = {paper.sha256: paper for paper in others.order_by("pk")}
    return list(newest.values())


def take_over(*, application: Application, chosen: Collection[int], now: dt.datetime) -> int:
    """Use papers of before again, each as a copy that is kept as long as this application's papers
    are. How many. Errors: TooMany."""
    papers = [paper for paper in papers_of_before(application) if paper.pk in chosen]
    if application.evidence.count() + len(papers) > MAX_FILES:
        raise TooMany
    for paper in papers:
        clean = paper.file.read()
        same = {"kind": paper.kind, "content_type": paper.content_type, "size": paper.size}
        copy = Evidence(application=application, sha256=paper.sha256, uploaded_at=now, **same)
        with suppress(IntegrityError):  # pressed twice
            _kept(copy, ContentFile(clean, name=f"{paper.sha256[:16]}{suffix(clean)}"))
    return len(papers)


def read(upload: UploadedFile) -> bytes:
    """What was sent, if it is neither too much nor nothing. Errors: TooLarge, Empty."""
    if (upload.size or 0) > settings.EVIDENCE_MAX_BYTES:
        raise TooLarge
    if not upload.size:
        raise Empty
    data: bytes = upload.read()
    return data


def content_type(clean: bytes) -> str:
    return "application/pdf" if clean.startswith(inert.PDF_START) else "image/jpeg"


def suffix(clean: bytes) -> str:
    return ".pdf" if clean.startswith(inert.PDF_START) else ".jpg"


def redrawn(data: bytes) -> bytes:
    """The paper drawn anew, with nothing alive in it: JPEG, or a PDF of pictures. Errors: as above."""
    program = Path(inert.__file__)
    with AT_ONCE:
        try:
            # -I: neither the environment nor the folder it lies in can lead it astray
            done = subprocess.run(
                [sys.executable, "-I", program], input=data, capture_output=True, timeout=SECONDS
            )
        except subprocess.TimeoutExpired as error:
            raise Damaged from error
    if done.returncode == 0 and done.stdout:
        return done.stdout
    logger.info("an upload of %s bytes was refused: %s", len(data), done.returncode)
    raise UNFIT.get(done.returncode, Damaged)


def _kept(paper: Evidence, file: ContentFile) -> Evidence:
    """File and row together: where the row cannot be, the file goes too."""
    storage = paper.file.storage
    paper.file.save(str(file.name), file, save=False)
    try:
        with transaction.atomic():
            paper.save()
    except Exception:
        storage.delete(str(paper.file.name))
        raise
    return paper


def remove_evidence(*, paper: Evidence) -> None:
    """The row first; its file once that is certain."""
    with transaction.atomic():
        transaction.on_commit(partial(paper.file.storage.delete, str(paper.file.name)))
        paper.delete()
