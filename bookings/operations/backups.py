"""The nightly backup: made beside those of the last nights; old ones are thrown away."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime

from bookings.backup.archive import backup
from bookings.operations.models import Run
from bookings.operations.runs import run

NAME = re.compile(r"station-(\d{8}-\d{6})\.age")  # others in the folder are not ours to delete
Clock = Callable[[], dt.datetime]


def make_backup(*, clock: Clock) -> Run | None:
    """One more backup in BACKUP_DIR. None: another process is at it."""
    return run(Run.Kind.BACKUP, lambda: _make(clock()), clock=clock)


def _make(now: dt.datetime) -> dict[str, Any]:
    folder: Path = settings.BACKUP_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _delete_remains()
    file = folder / f"station-{localtime(now):%Y%m%d-%H%M%S}.age"
    report = backup(file, now=now.isoformat())
    return {
        "file": file.name,
        "bytes": file.stat().st_size,
        "rows": sum(report.counts.values()),
        "files": report.files,
        "missing": report.missing,
        "deleted": _delete_old(now),
    }


def backups() -> list[Path]:
    """Those in BACKUP_DIR, the newest first."""
    folder: Path = settings.BACKUP_DIR
    found = [path for path in folder.glob("*.age") if NAME.fullmatch(path.name)]
    return sorted(found, reverse=True)


def _delete_remains() -> None:
    """What a backup that was killed has left. Called while nobody else makes one."""
    for part in settings.BACKUP_DIR.glob(".station-*.age.part"):
        part.unlink(missing_ok=True)


def _delete_old(now: dt.datetime) -> int:
    """Those older than KEEP_BACKUPS_DAYS, but never one of the newest KEEP_BACKUPS: where none is made
    any more the last ones stay."""
    oldest = localtime(now) - dt.timedelta(days=settings.KEEP_BACKUPS_DAYS)
    old = [
        path
        for path in backups()[settings.KEEP_BACKUPS :]
        if _made(path) < f"{oldest:%Y%m%d-%H%M%S}"
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _made(path: Path) -> str:
    return path.name.removeprefix("station-").removesuffix(".age")
