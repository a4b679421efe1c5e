"""The bureau's list: received, read by the worker, confirmed by a manager, written, taken back.

Nothing reaches the outcomes before a manager confirms. The worker may be killed at any moment: it
goes on where its last transaction ended, and two of them at once do the work once.
"""

import datetime as dt
import io
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import IO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django_q.tasks import async_task

from bookings.core import audit
from bookings.core.bulk import in_chunks
from bookings.core.clock import local_date
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged, swap
from bookings.people.models import User
from bookings.places.models import District
from bookings.retention.bureau import parts, write
from bookings.retention.bureau.match import Matcher
from bookings.retention.bureau.models import STOPPED, BureauList, BureauMatch, BureauPart
from bookings.retention.bureau.read import MAX_BYTES, FileTooLarge, Rows

READ_ROWS, WRITE_ROWS = 2_000, 1_000  # a transaction
SLICE = dt.timedelta(minutes=3)  # of a task, which may take five
Status = BureauList.Status


class SameList(Refusal):
    code = "same_list"
    sentence = _("This very file was received before. Open it in the list below.")
    field = "file"


class DayToCome(Refusal):
    code = "day_to_come"
    sentence = _("This day is still to come. Enter the day on which the bureau drew the list up.")
    field = "as_of"


def receive_list(
    *,
    district: District,
    file: IO[bytes],
    name: str,
    size: int,
    as_of: dt.date,
    by: User,
    now: dt.datetime,
) -> BureauList:
    """Keep a file, sealed, for the worker to read. Errors: FileTooLarge, NotAList, HeadingsMissing,
    SameList, DayToCome."""
    if as_of > local_date(now):
        raise DayToCome
    if size > MAX_BYTES:
        raise FileTooLarge
    looked = parts.look(file)
    file.seek(0)
    Rows(file, looked.kind)
    same = BureauList.objects.filter(district=district, digest=looked.digest)
    if same.filter(status__in=BureauList.STANDING).exists():
        raise SameList
    told = {"name": name[:120], "digest": looked.digest, "kind": looked.kind, "size": size}
    try:
        with transaction.atomic():
            received = BureauList.objects.create(
                district=district, as_of=as_of, by=by, at=now, moved_at=now, **told
            )
            parts.keep(received, file)
            _log("receive bureau list", received, by=by, now=now, bytes=size)
            async_task("bookings.tasks.read_bureau_list", received.pk)
    except IntegrityError as error:  # received twice at this moment
        raise SameList from error
    return received


def read_list(*, bureau_list: BureauList, clock: Callable[[], dt.datetime]) -> bool:
    """Read on, a few thousand rows a transaction. False: others are at it, or it is to go on in
    another task. Nothing happens to a list that has been read."""
    if bureau_list.status != Status.READING:
        return False
    kept, until = parts.Kept(bureau_list), clock() + SLICE
    try:
        rows = Rows(io.BufferedReader(kept, parts.PART), bureau_list.kind)
        matcher = Matcher(bureau_list.district, as_of=bureau_list.as_of, has_place=rows.has_place)
        left = islice(rows, bureau_list.rows, None)
        for chunk in in_chunks(left, READ_ROWS):
            with transaction.atomic():
                found = matcher.match(chunk)
                write.keep_found(bureau_list, found, read=kept.place, now=clock())
            if clock() > until:
                async_task("bookings.tasks.read_bureau_list", bureau_list.pk)
                return False
        return _ready(bureau_list, now=clock())
    except StateChanged:
        return False
    except Refusal as refusal:
        with suppress(StateChanged):
            _fail(bureau_list, refusal.code, now=clock())
        return False


@transaction.atomic
def _ready(bureau_list: BureauList, *, now: dt.datetime) -> bool:
    answers = bureau_list.matches.count()
    swap(
        bureau_list,
        "status",
        old={Status.READING},
        new=Status.READY,
        answers=answers,
        read=bureau_list.size,
        moved_at=now,
    )
    BureauPart.objects.filter(bureau_list=bureau_list).delete()
    _log("read bureau list", bureau_list, by=None, now=now, rows=bureau_list.rows, answers=answers)
    return True


@transaction.atomic
def _fail(bureau_list: BureauList, why: str, *, now: dt.datetime) -> None:
    swap(bureau_list, "status", old={Status.READING}, new=Status.FAILED, moved_at=now)
    _throw_away(bureau_list)
    _log("bureau list failed", bureau_list, by=None, now=now, why=why)


@transaction.atomic
def confirm_list(*, bureau_list: BureauList, by: User, now: dt.datetime) -> None:
    """Let the worker write it. Errors: StateChanged, for the second of two who confirm."""
    swap(
        bureau_list,
        "status",
        old={Status.READY},
        new=Status.CONFIRMING,
        confirmed_by=by,
        confirmed_at=now,
        moved_at=now,
    )
    _log("confirm bureau list", bureau_list, by=by, now=now, answers=bureau_list.answers)
    async_task("bookings.tasks.write_bureau_list", bureau_list.pk)


def write_list(*, bureau_list: BureauList, clock: Callable[[], dt.datetime]) -> bool:
    """Write on, a thousand answers a transaction; run again it writes what is left. False: nothing
    was left to write, or it is to go on in another task."""
    if bureau_list.status != Status.CONFIRMING:
        return False
    until = clock() + SLICE
    while _wrote_some(bureau_list, now=clock()):
        if clock() > until:
            async_task("bookings.tasks.write_bureau_list", bureau_list.pk)
            return False
    try:
        _written(bureau_list, now=clock())
    except StateChanged:  # by another worker
        return False
    return True


@transaction.atomic
def _wrote_some(bureau_list: BureauList, *, now: dt.datetime) -> bool:
    return write.write_some(bureau_list, chunk=WRITE_ROWS, now=now)


@transaction.atomic
def _written(bureau_list: BureauList, *, now: dt.datetime) -> None:
    swap(bureau_list, "status", old={Status.CONFIRMING}, new=Status.WRITTEN, moved_at=now)
    bureau_list.refresh_from_db()
    _log("write bureau list", bureau_list, by=None, now=now, written=bureau_list.written)


@transaction.atomic
def discard_list(*, bureau_list: BureauList, by: User | None, now: dt.datetime) -> None:
    """Throw a list away that has not been confirmed, with all that was kept of it. Errors:
    StateChanged."""
    swap(bureau_list, "status", old={Status.READING, Status.READY}, new=Status.DISCARDED)
    _throw_away(bureau_list)
    _log("discard bureau list", bureau_list, by=by, now=now)


@transaction.atomic
def undo_list(*, bureau_list: BureauList, by: User, now: dt.datetime) -> None:
    """Take all of a list's answers back. They stay where they are, marked by their list; no figure
    counts them, and who was answered for by it alone is asked again. Errors: StateChanged."""
    swap(
        bureau_list, "status", old={Status.WRITTEN}, new=Status.UNDONE, undone_by=by, undone_at=now
    )
    write.ask_again(bureau_list)
    _log("undo bureau list", bureau_list, by=by, now=now, answers=bureau_list.written)


def stopped_lists(*, now: dt.datetime) -> list[BureauList]:
    """Those whose worker has died: they are to be read or written on."""
    moving = BureauList.objects.filter(status__in=BureauList.MOVING, moved_at__lt=now - STOPPED)
    return list(moving.select_related("district").order_by("pk"))


def _throw_away(bureau_list: BureauList) -> None:
    BureauPart.objects.filter(bureau_list=bureau_list).delete()
    BureauMatch.objects.filter(bureau_list=bureau_list).delete()


def _log(
    action: str, bureau_list: BureauList, *, by: User | None, now: dt.datetime, **details: object
) -> None:
    district = bureau_list.district_id
    audit.record(action, bureau_list, by=by, now=now, district_id=district, **details)
