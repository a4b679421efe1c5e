"""One go at something at a time, and its outcome kept, whatever happens to the process.

A lock on a file in VAR_DIR is held as long as the process lives: the system lets go of it with the
process, so whoever gets it knows that a run still open in the database was killed.
"""

import datetime as dt
import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from bookings.operations.models import Run

logger = logging.getLogger(__name__)
Reason = Run.Reason
LONGEST = dt.timedelta(hours=1)  # the worker ends it then: schedule_jobs


class Failed(Exception):
    """It did not go well: `reason` is one of Run.Reason, the message says more, `figures` what was
    found so far."""

    def __init__(self, reason: Reason, error: str = "", **figures: Any) -> None:
        super().__init__(error)
        self.reason, self.error, self.figures = reason, error, figures


def run(
    kind: Run.Kind, act: Callable[[], dict[str, Any]], *, clock: Callable[[], dt.datetime]
) -> Run | None:
    """Do it, and keep what came of it. None: another process is at it."""
    with _alone(kind) as alone:
        if not alone:
            return None
        lost = Run.objects.filter(kind=kind, ended_at=None)
        lost.update(ended_at=clock(), ok=False, reason=Reason.KILLED)
        one = Run.objects.create(kind=kind, started_at=clock())
        try:
            one.figures, one.ok = act(), True
        except Failed as failed:
            one.ok, one.reason, one.figures = False, failed.reason, failed.figures
            one.error = failed.error[:500]
        except OSError as error:
            one.ok, one.reason, one.error = False, Reason.NO_ROOM, str(error.strerror)[:500]
        except Exception as error:
            logger.exception("%s stopped", kind)
            one.ok, one.reason, one.error = False, Reason.OTHER, type(error).__name__
        one.ended_at = clock()
        one.save()
    return one


@contextmanager
def _alone(kind: str) -> Iterator[bool]:
    with (settings.VAR_DIR / f"{kind}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
