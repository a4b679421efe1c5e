"""Is the site well? /healthz: it lives. /readyz: it can serve. /metrics: figures for Prometheus.

No figure names or counts a person's data; what a figure means is its help text.
"""

import datetime as dt
import hmac
import logging
import os
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.beds.waitlist.models import Wait
from bookings.core.audit import AuditEntry
from bookings.core.clock import local_date, now
from bookings.messages.models import Message
from bookings.operations import checks
from bookings.operations.checks import House, Site
from bookings.operations.verdicts import FREE_BYTES, LATE
from bookings.retention.models import Attempt

logger = logging.getLogger(__name__)


class Unwell(Exception):
    """A part that the site needs does not serve; the message says what is wrong."""


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Every part that is needed, and 503 where one does not serve."""
    parts = {name: _state(check) for name, check in PARTS.items()}
    well = all(state == "ok" for state in parts.values())
    return JsonResponse(parts, status=200 if well else 503)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever knows METRICS_TOKEN; open where none is set in local mode."""
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.METRICS_TOKEN
    if not hmac.compare_digest(sent.encode(), wanted.encode()) if wanted else settings.PRODUCTION:
        raise Http404
    registry = CollectorRegistry()
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except Unwell as error:
        return str(error)
    except Exception:
        logger.exception("a part cannot be asked")
        return "does not answer"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _worker() -> None:
    if not checks.workers():
        raise Unwell("no worker runs")


def _queue() -> None:
    if max(checks.lateness(now()), checks.queue(now())[1]) > LATE:
        raise Unwell("scheduled work waits")


def _storage() -> None:
    if not os.access(settings.VAR_DIR, os.W_OK):
        raise Unwell("cannot be written to")
    if checks.free_bytes(settings.VAR_DIR) < FREE_BYTES:
        raise Unwell("is nearly full")


PARTS = {"database": _database, "worker": _worker, "queue": _queue, "storage": _storage}


class Figures:
    """Asks the database when Prometheus asks."""

    def collect(self) -> Iterator[Metric]:
        at = now()
        site = checks.site(at)
        yield from _of_site(site)
        yield from _of_runs(site, at)
        yield from _of_house(checks.house(None, at))
        yield _counted("messages", "Messages to people.", Message, "status")
        yield _counted("applications", "Applications.", Application, "status")
        yield _counted("stays", "Stays.", Stay, "status")
        yield _counted("waits", "Places on the waitlist.", Wait, "status")
        yield _counted("calls", "Telephone calls after a stay.", Attempt, "result")
        asked = checks.questions(local_date(at)).count()
        yield _figure("follow_ups_due", "Questions due and not answered.", asked)
        unsealed = AuditEntry.objects.filter(seal=None).count()
        yield _figure("audit_unsealed", "Audit entries without their seal.", unsealed)


def _of_site(site: Site) -> Iterator[Metric]:
    yield _figure("worker_up", "Workers that run.", site.workers)
    yield _figure("schedule_late_seconds", "Since the oldest due job was due.", site.late)
    yield _figure("queue_tasks", "Tasks that nobody has taken up yet.", site.waiting_tasks)
    yield _figure("queue_age_seconds", "Since the oldest of them was put there.", site.queue_age)
    yield _figure("disk_free_bytes", "On the fullest disk that the site writes to.", site.free)
    yield _figure("messages_late", "Messages queued for over 15 minutes.", site.unsent)
    yield _figure("messages_failed_week", "Messages that failed, of 7 days.", site.failed)


def _of_runs(site: Site, at: dt.datetime) -> Iterator[Metric]:
    """Per kind: backup, drill, audit. A kind that has never gone well has no age."""
    ok = GaugeMetricFamily("station_run_ok", "Whether the last run went well.", labels=["kind"])
    age = GaugeMetricFamily(
        "station_run_age_seconds", "Since the last run that went well began.", labels=["kind"]
    )
    for kind, latest in site.runs.items():
        if latest.run and latest.run.ok is not None:
            ok.add_metric([kind], latest.run.ok)
        if latest.good:
            age.add_metric([kind], (at - latest.good.started_at).total_seconds())
    return iter([ok, age])


def _of_house(house: House) -> Iterator[Metric]:
    yield _figure("waits_undecided", "Waiting since no plan was found in time.", house.undecided)
    yield _figure("reviews_overdue", "Applications past their deadline.", house.reviews_overdue)
    yield _figure("register_overdue", "Guests not reported in time.", house.register_overdue)
    yield _figure(
        "follow_ups_overdue", "Questions due for two weeks, unanswered.", house.follow_ups_overdue
    )
    yield _figure("conflicts_open", "Told otherwise offline, not settled.", house.conflicts)
    yield _figure("devices_unseen", "Desks' devices not heard of for a day.", house.unseen)


def _figure(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"station_{name}", words, value=value)


def _counted(name: str, words: str, model: type, field: str) -> Metric:
    family = GaugeMetricFamily(f"station_{name}", words, labels=[field])
    rows = model.objects.values_list(field).annotate(rows=Count("pk"))  # type: ignore[attr-defined]
    for value, count in rows.order_by(field):
        family.add_metric([value], count)
    return family
