"""The figures that say how the site does: asked here once, for /readyz, /metrics and the status page.

So many queries however much there is. Of a district, or of all where None is given; what belongs to
no district (the worker, the messages, the disk) is the site's.
"""

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet
from django_q.models import OrmQ, Schedule
from django_q.status import Stat

from bookings.applications.models import Application
from bookings.beds.waitlist.models import Wait
from bookings.core.audit import AuditEntry
from bookings.core.clock import local_date
from bookings.desk.conflicts.models import Conflict
from bookings.desk.models import Device
from bookings.desk.register.models import Registration
from bookings.messages.models import Message
from bookings.operations.models import Run
from bookings.people.codes import spent
from bookings.places.models import District
from bookings.retention.models import FollowUp

UNSENT = dt.timedelta(minutes=15)  # a message that has waited so long is not on its way
UNSEALED = dt.timedelta(minutes=5)  # the worker seals every minute
FAILED_SINCE = dt.timedelta(days=7)
UNSEEN = dt.timedelta(hours=24)
FOLLOW_UP_GRACE = dt.timedelta(days=14)


def workers() -> int:
    """How many clusters have said within the minute that they run."""
    return len(Stat.get_all())


def lateness(now: dt.datetime) -> float:
    """Seconds since the oldest due job should have begun."""
    due = Schedule.objects.filter(next_run__lte=now).order_by("next_run").first()
    return (now - due.next_run).total_seconds() if due else 0.0


def queue(now: dt.datetime) -> tuple[int, float]:
    """Tasks that nobody has taken up yet, and how long the oldest has waited, in seconds. A task that
    is being done is locked until later than now."""
    waiting = OrmQ.objects.filter(lock__lte=now).aggregate(rows=Count("pk"), oldest=Min("lock"))
    oldest = waiting["oldest"]
    return waiting["rows"], (now - oldest).total_seconds() if oldest else 0.0


def free_bytes(*folders: Path) -> int:
    """On the fullest of the disks that these folders are on."""
    return min(shutil.disk_usage(folder).free for folder in folders if folder.exists())


@dataclass(frozen=True)
class Site:
    """What belongs to no district. Ages are in seconds."""

    workers: int
    late: float
    waiting_tasks: int
    queue_age: float
    free: int
    unsent: int
    failed: int
    unsealed: int
    codes_spent: list[str]
    runs: dict[str, "Latest"]


@dataclass(frozen=True)
class Latest:
    """The last run of a kind, and the last that went well."""

    run: Run | None = None
    good: Run | None = None


def site(now: dt.datetime) -> Site:
    messages = Message.objects.aggregate(
        unsent=Count("pk", Q(status__in=Message.WAITING, ready_at__lt=now - UNSENT)),
        failed=Count("pk", Q(status="failed", created_at__gte=now - FAILED_SINCE)),
    )
    waiting, age = queue(now)
    return Site(
        workers=workers(),
        late=lateness(now),
        waiting_tasks=waiting,
        queue_age=age,
        free=free_bytes(settings.VAR_DIR, settings.BACKUP_DIR),
        **messages,
        unsealed=AuditEntry.objects.filter(seal=None, at__lt=now - UNSEALED).count(),
        codes_spent=spent(now=now),
        runs=latest_runs(),
    )


def latest_runs() -> dict[str, Latest]:
    """By kind."""
    every = Run.objects.values("kind").annotate(last=Max("pk"), good=Max("pk", filter=Q(ok=True)))
    ends = {row["kind"]: (row["last"], row["good"]) for row in every}
    runs = Run.objects.in_bulk([pk for pair in ends.values() for pk in pair if pk])
    found = {kind: Latest(runs.get(last), runs.get(good)) for kind, (last, good) in ends.items()}
    return {kind: found.get(kind, Latest()) for kind in Run.Kind.values}


@dataclass(frozen=True)
class House:
    """What a district's people have to do."""

    reviews_overdue: int
    register_overdue: int
    follow_ups_overdue: int
    undecided: int
    conflicts: int
    oldest_conflict: dt.datetime | None
    devices: int
    unseen: int


def house(district: District | None, now: dt.datetime) -> House:
    """Of a district; of all for None."""
    here = {} if district is None else {"district": district}
    at = {} if district is None else {"station__district": district}
    of = {f"stay__{name}": value for name, value in at.items()}
    today = local_date(now)
    devices = Device.objects.filter(revoked_at=None, **at)
    # one never used is new: it is counted from the day on which it was given
    unseen = Q(last_seen_at__lt=now - UNSEEN) | Q(last_seen_at=None, issued_at__lt=now - UNSEEN)
    scans = {f"scan__{name}": value for name, value in at.items()}
    conflicts = Conflict.objects.open().filter(**scans)
    waits = {f"application__{name}": value for name, value in here.items()}
    return House(
        reviews_overdue=reviews_overdue(today).filter(**here).count(),
        register_overdue=Registration.objects.overdue(now)
        .filter(stay__graduate__forgotten_at=None, **of)
        .count(),
        follow_ups_overdue=questions(today - FOLLOW_UP_GRACE).filter(**of).count(),
        undecided=Wait.objects.waiting().filter(undecided=True, **waits).count(),
        **conflicts.aggregate(conflicts=Count("pk"), oldest_conflict=Min("scan__received_at")),
        **devices.aggregate(devices=Count("pk"), unseen=Count("pk", unseen)),
    )


def reviews_overdue(today: dt.date) -> QuerySet[Application]:
    """Applications past the day on which an answer was promised."""
    return Application.objects.filter(status__in=Application.OPEN, review_due__lt=today)


def questions(until: dt.date) -> QuerySet[FollowUp]:
    """Questions that were due by that day and have no answer, of people who can be asked."""
    asked = FollowUp.objects.askable().filter(status__in=["due", "asked"])
    return asked.filter(due_on__lte=until)
