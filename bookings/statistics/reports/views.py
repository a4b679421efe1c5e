"""The reports: list and build them, look at one and its versions, take its files, who gets them."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.core.paging import page_of
from bookings.core.sheets import MEDIA_TYPE
from bookings.people.requests import StaffRequest
from bookings.people.roles import districts_of, is_outside, may, staff_only
from bookings.statistics.reports.build import request_reports, versions
from bookings.statistics.reports.forms import BuildForm, SubscriberForm
from bookings.statistics.reports.models import STOPPED, Audience, Report, ReportFile, Subscription
from bookings.statistics.reports.send import send as send_to_subscribers
from bookings.statistics.reports.send import subscribe, unsubscribe
from bookings.statistics.reports.snapshot import changes

CHANGES = 200  # shown of one version


def _mine(request: StaffRequest) -> QuerySet[Report]:
    """The district's reports; for observers those of years for outside that are ready."""
    membership = request.membership
    found = Report.objects.filter(district__in=districts_of(membership)).defer("figures")
    if is_outside(membership):
        return found.filter(
            audience=Audience.OUTSIDE, kind=Report.Kind.YEAR, state=Report.State.READY
        )
    return found


@staff_only("statistics")
def reports(request: StaffRequest) -> HttpResponse:
    """All reports, the newest period first; the manager builds one of another period."""
    may_build = may(request.membership, "reports")
    form = BuildForm(request.POST or None, today=local_date(now())) if may_build else None
    if request.method == "POST" and form and form.is_valid() and _requested(request, form):
        return redirect("reports")
    page = page_of(_mine(request).select_related("district").prefetch_related("files"), request)
    context = {
        "page": page,
        "reports": page.object_list,
        "form": form,
        "several": len(districts_of(request.membership)) > 1,
        "waits": any(one.is_open for one in page.object_list),
    }
    return render(request, "bookings/statistics/reports/list.html", context)


def _requested(request: StaffRequest, form: BuildForm) -> bool:
    try:
        request_reports(
            district=request.membership.district,
            kind=form.kind,
            period=form.first_day,
            by=request.user,
            now=now(),
        )
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return False
    messages.success(request, _("The worker builds it. It stands below when it is ready."))
    return True


@require_GET
@staff_only("statistics")
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """How far one is; once ready its key figures, files, versions and what changed."""
    one = get_object_or_404(_mine(request).select_related("requested_by"), pk=pk)
    context: dict[str, Any] = {
        "one": one,
        "stopped": one.is_open and one.moved_at < now() - STOPPED,
        "may_send": may(request.membership, "reports"),
    }
    if one.state == Report.State.READY:
        context |= _ready(one)
    return render(request, "bookings/statistics/reports/report.html", context)


def _ready(one: Report) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    told = _figures(one)[language]
    everything = list(versions(one).defer("figures"))
    former = next((v for v in everything if (v.version or 0) < (one.version or 0)), None)
    found = changes(_figures(former)[language], told) if former else []
    return {
        "words": told["words"],
        "files": one.files.all(),
        "versions": everything,
        "former": former,
        "changes": found[:CHANGES],
        "more_changes": len(found) - CHANGES,
        "sent": one.mailings.count(),
    }


def _figures(one: Report) -> dict[str, Any]:
    return Report.objects.values_list("figures", flat=True).get(pk=one.pk) or {}


@require_GET
@staff_only("statistics")
def file(request: StaffRequest, pk: int) -> HttpResponse:
    files = ReportFile.objects.filter(report__in=_mine(request)).select_related("report")
    return as_download(get_object_or_404(files, pk=pk))


def as_download(one: ReportFile) -> HttpResponse:
    kind = "application/pdf" if one.kind == ReportFile.Kind.PDF else MEDIA_TYPE
    with one.file.open() as content:
        response = HttpResponse(content.read(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{one.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@staff_only("reports")
def send(request: StaffRequest, pk: int) -> HttpResponse:
    ready = _mine(request).filter(state=Report.State.READY).select_related("district")
    one = get_object_or_404(ready, pk=pk)
    count = send_to_subscribers(report=one, now=now())
    words = ngettext("Sent to %(count)s subscriber.", "Sent to %(count)s subscribers.", count)
    messages.success(request, words % {"count": count})
    return redirect("reports_one", pk)


@staff_only("reports")
def subscribers(request: StaffRequest) -> HttpResponse:
    form = SubscriberForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _subscribed(request, form):
        return redirect("reports_subscribers")
    mine = Subscription.objects.filter(district=request.membership.district, ended_at=None)
    context = {"form": form, "subscribers": mine}
    return render(request, "bookings/statistics/reports/subscribers.html", context)


def _subscribed(request: StaffRequest, form: SubscriberForm) -> bool:
    district = request.membership.district
    try:
        subscribe(district=district, by=request.user, now=now(), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refusal.field, str(refusal.sentence))
        return False
    messages.success(request, _("Added. The next report goes there."))
    return True


@require_POST
@staff_only("reports")
def end_subscription(request: StaffRequest, pk: int) -> HttpResponse:
    mine = Subscription.objects.filter(district=request.membership.district)
    if unsubscribe(subscription=get_object_or_404(mine, pk=pk), by=request.user, now=now()):
        messages.success(request, _("Removed. Links sent there open nothing any more."))
    return redirect("reports_subscribers")
