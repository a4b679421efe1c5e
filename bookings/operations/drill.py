"""The restore drill: a backup that was never restored is a hope.

The newest backup is restored into a scratch SQLite database in VAR_DIR by a process of its own
(scratch.py), which never sees the site's database; counts, hashes, invariants and the audit log's
chain are looked through there, and the scratch is thrown away.
"""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from bookings.operations.backups import backups
from bookings.operations.models import Run
from bookings.operations.runs import LONGEST, Failed, run

Reason = Run.Reason


def drill(*, clock: Callable[[], dt.datetime]) -> Run | None:
    """Try the newest backup. None: another process is at it."""
    return run(Run.Kind.DRILL, _try_newest, clock=clock)


def _try_newest() -> dict[str, Any]:
    found = backups()
    if not found:
        raise Failed(Reason.NO_BACKUP)
    folder = settings.VAR_DIR.resolve() / "drill"
    shutil.rmtree(folder, ignore_errors=True)  # of a drill that was killed
    try:
        told = _restored(found[0], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    figures = {"file": found[0].name, **told["figures"]}
    if told["reason"]:
        raise Failed(Reason(told["reason"]), told["error"], **figures)
    if _as_written(found[0].name) not in (None, (figures["rows"], figures["files"])):
        raise Failed(Reason.DIFFERENT, **figures)
    return figures


def _restored(file: Path, folder: Path) -> dict[str, Any]:
    """What scratch.py tells: it ends with one line of JSON."""
    folder.mkdir(mode=0o700)
    # those of local mode; else they are in the environment
    (folder / "keys").symlink_to(settings.VAR_DIR.resolve() / "keys")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bookings.operations.scratch", str(file.resolve())],
            env={**os.environ, **_environment(folder)},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            timeout=LONGEST.total_seconds() - 60,
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(Reason.KILLED, "it took too long") from error
    if done.returncode or not done.stdout:
        raise Failed(Reason.OTHER, f"the process ended with {done.returncode}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _environment(folder: Path) -> dict[str, str]:
    return {
        "STATION_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'scratch.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "station.settings",
    }


def _as_written(name: str) -> tuple[int, int] | None:
    """Rows and files that the backup counted, where it was made by a run of ours."""
    made = Run.objects.filter(kind=Run.Kind.BACKUP, ok=True, figures__file=name).last()
    return (made.figures["rows"], made.figures["files"]) if made else None
