"""The conflicts of a station: what was told offline beside what the house says, and the ways out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bookings import journey
from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.desk.conflicts.models import BED_DIFFERS, Conflict, ConflictQuerySet
from bookings.desk.conflicts.wording import MEANS
from bookings.desk.labels import desks_of
from bookings.desk.wording import sentence, title
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only, stations_of
from bookings.places.models import Station

SHOWN = 50  # of those settled, the latest


class WayForm(forms.Form):
    way = forms.CharField(max_length=10)
    note = forms.CharField(max_length=200, required=False)


def _of(station: Station) -> ConflictQuerySet:
    return Conflict.objects.filter(scan__station=station).select_related(
        "scan__stay__application__graduate",
        "scan__stay__application__station",
        "scan__stay__application__user",
        "scan__stay__graduate",
        "scan__stay__station",
        "scan__station",
        "scan__shown_pass",
        "scan__by",
        "planned__room",
        "settled_by",
    )


@require_GET
@staff_only("desk")
def conflicts(request: StaffRequest, slug: str) -> HttpResponse:
    station = get_object_or_404(stations_of(request.membership), slug=slug)
    found, settled = list(_of(station).open().order_by("pk")), _of(station).exclude(way="")
    history = list(settled.order_by("-settled_at", "-pk")[:SHOWN])
    desks = desks_of(one.scan for one in [*found, *history])
    context = {
        "station": station,
        "open": [_told(one, desks) for one in found],
        "settled": [_told(one, desks) for one in history],
    }
    return render(request, "bookings/desk/conflicts.html", context)


def _told(conflict: Conflict, desks: dict[int, str]) -> dict[str, Any]:
    """Both sides in words, and the ways with what they do."""
    scan = conflict.scan
    stay = scan.stay if scan.stay and scan.stay.station_id == scan.station_id else None
    differs = conflict.kind == BED_DIFFERS
    return {
        "conflict": conflict,
        "scan": scan,
        "stay": stay,
        "desk": desks[scan.pk],
        "title": _("Another bed") if differs else title(scan),
        "sentence": "" if differs else sentence(scan),
        "ways": [(way, way.label, MEANS[way]) for way in conflict.ways],
    }


@require_POST
@staff_only("desk")
def settle(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    station = get_object_or_404(stations_of(request.membership), slug=slug)
    conflict = get_object_or_404(_of(station), pk=pk)
    form = WayForm(request.POST)
    try:
        if not form.is_valid():
            raise journey.NotThatWay
        journey.settle(conflict=conflict, by=request.user, now=now(), **form.cleaned_data)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("Settled."))
    return redirect("conflicts", slug)
