"""The nightly walk along the audit log's chain."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from bookings.core.audit import AuditSeal, verify
from bookings.operations.models import Run
from bookings.operations.runs import Failed, run

TOLD = 5


def check_audit(*, clock: Callable[[], dt.datetime]) -> Run | None:
    """Walk the chain from its first entry. None: another process is at it."""
    return run(Run.Kind.AUDIT, _walk, clock=clock)


def _walk() -> dict[str, Any]:
    breaks = list(verify())
    last = AuditSeal.objects.order_by("-number").values_list("number", flat=True).first()
    if breaks:
        raise Failed(
            Run.Reason.CHAIN, "; ".join(breaks[:TOLD]), breaks=len(breaks), seals=last or 0
        )
    _not_shorter(last or 0)
    return {"breaks": 0, "seals": last or 0}


def _not_shorter(seals: int) -> None:
    """A log cut off at its end is whole but shorter: the last check remembers how long it was."""
    former = Run.objects.filter(kind=Run.Kind.AUDIT, ok=True).order_by("pk").last()
    before = former.figures["seals"] if former else 0
    if seals < before:
        raise Failed(
            Run.Reason.CHAIN, f"{before - seals} seals are missing at the end", seals=seals
        )
