"""Is the site well? /healthz: it lives. /readyz: it can serve. /metrics: figures for Prometheus.

No figure names or counts a person's data; what a figure means is its help text.
"""

import datetime as dt
import hmac
import logging
import os
import shutil
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_q.models import OrmQ, Schedule
from django_q.status import Stat
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.beds.waitlist.models import Wait
from bookings.core.audit import AuditEntry
from bookings.core.clock import local_date, now
from bookings.messages.models import Message
from bookings.retention.models import Attempt, FollowUp

logger = logging.getLogger(__name__)

LATE = dt.timedelta(minutes=15)  # scheduled work that has waited so long is not being done
FREE_BYTES = 200 * 1024 * 1024


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
    if not Stat.get_all():
        raise Unwell("no worker runs")


def _queue() -> None:
    if _lateness() > LATE.total_seconds():
        raise Unwell("scheduled work waits")


def _storage() -> None:
    folder = settings.VAR_DIR
    if not os.access(folder, os.W_OK):
        raise Unwell("cannot be written to")
    if shutil.disk_usage(folder).free < FREE_BYTES:
        raise Unwell("is nearly full")


PARTS = {"database": _database, "worker": _worker, "queue": _queue, "storage": _storage}


def _lateness() -> float:
    """Seconds since the oldest due job should have begun."""
    due = Schedule.objects.filter(next_run__lte=now()).order_by("next_run").first()
    return (now() - due.next_run).total_seconds() if due else 0.0


class Figures:
    """Asks the database when Prometheus asks."""

    def collect(self) -> Iterator[Metric]:
        yield _figure("worker_up", "Workers that run.", len(Stat.get_all()))
        yield _figure("schedule_late_seconds", "Since the oldest due job was due.", _lateness())
        yield _figure("queue_tasks", "Tasks that wait in the queue.", OrmQ.objects.count())
        yield _counted("messages", "Messages to people.", Message, "status")
        yield _counted("applications", "Applications.", Application, "status")
        yield _counted("stays", "Stays.", Stay, "status")
        yield _counted("waits", "Places on the waitlist.", Wait, "status")
        undecided = Wait.objects.waiting().filter(undecided=True).count()
        yield _figure("waits_undecided", "Waiting since no plan was found in time.", undecided)
        yield _figure("reviews_overdue", "Applications past their deadline.", _overdue())
        yield _counted("calls", "Telephone calls after a stay.", Attempt, "result")
        yield _figure("follow_ups_due", "Questions due and not answered.", _questions())
        unsealed = AuditEntry.objects.filter(seal=None).count()
        yield _figure("audit_unsealed", "Audit entries without their seal.", unsealed)


def _figure(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"station_{name}", words, value=value)


def _counted(name: str, words: str, model: type, field: str) -> Metric:
    family = GaugeMetricFamily(f"station_{name}", words, labels=[field])
    rows = model.objects.values_list(field).annotate(rows=Count("pk"))  # type: ignore[attr-defined]
    for value, count in rows.order_by(field):
        family.add_metric([value], count)
    return family


def _overdue() -> int:
    waiting = Application.objects.filter(status__in=Application.OPEN)
    return waiting.filter(review_due__lt=local_date(now())).count()


def _questions() -> int:
    asked = FollowUp.objects.filter(status__in=["due", "asked"])
    return asked.filter(due_on__lte=local_date(now())).count()
