"""What keeps the sample site well: last night's backup, tried; a chain walked; somebody who looked."""

import datetime as dt

from bookings.core import audit
from bookings.core.audit import AuditSeal
from bookings.operations.models import Run
from bookings.people.models import Graduate, User
from bookings.places.models import District

HOUR = dt.timedelta(hours=1)
NETWORK = "203.0.113.0/24"  # one of documentation's


def operations(district: District, manager: User, *, now: dt.datetime) -> None:
    """Runs as the worker leaves them, and looks as the pages do."""
    rows = {"rows": 2586, "files": 12}
    seals = AuditSeal.objects.count()
    _ran("drill", 40 * HOUR, now, tables=58, breaches=0, breaks=0, **rows)
    _ran("backup", 12 * HOUR, now, bytes=901_606, missing=0, deleted=0, **rows)
    _ran("audit", 10 * HOUR, now, breaks=0, seals=seals)
    for person in Graduate.objects.filter(district=district).order_by("-pk")[:3]:
        audit.record(
            "look at document number",
            person,
            by=manager,
            now=now,
            district_id=district.pk,
            network=NETWORK,
        )


def _ran(kind: str, ago: dt.timedelta, now: dt.datetime, **figures: int) -> None:
    began, ended = now - ago, now - ago + dt.timedelta(seconds=20)
    Run.objects.create(kind=kind, started_at=began, ended_at=ended, ok=True, figures=figures)
