"""The house's incidents: the list, one of them with what can be done, a new one."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bookings import journey
from bookings.beds.models import Stay
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.core.paging import page_of
from bookings.desk.incidents.forms import AnswerForm, IncidentForm, SanctionForm
from bookings.desk.incidents.models import Incident
from bookings.desk.incidents.rules import proposes_suspension
from bookings.people.requests import StaffRequest
from bookings.people.roles import may, staff_only, stations_of
from bookings.places.models import Station


def _station(request: StaffRequest, slug: str) -> Station:
    return get_object_or_404(stations_of(request.membership), slug=slug)


@require_GET
@staff_only("desk")
def incidents(request: StaffRequest, slug: str) -> HttpResponse:
    """A station's incidents, the newest first; above them what waits for a manager."""
    station = _station(request, slug)
    rows = Incident.objects.filter(stay__station=station)
    rows = rows.select_related("stay__graduate", "stay__application", "complaint", "answer", "by")
    page = page_of(rows.order_by("-at", "-pk"), request)
    context = {
        "station": station,
        "page": page,
        "incidents": page.object_list,
        "waiting": rows.to_decide().order_by("at", "pk"),
        "decides": may(request.membership, "sanctions"),
        "today": local_date(now()),
    }
    return render(request, "bookings/desk/incidents.html", context)


@never_cache
@staff_only("desk")
def report(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """Record an incident of a stay; two warnings in force propose a suspension, nothing more."""
    stays = Stay.objects.filter(station=_station(request, slug))
    stay = get_object_or_404(
        stays.select_related("station", "graduate", "application__user"), pk=pk
    )
    moment = now()
    warnings = Incident.objects.warnings(stay.graduate, local_date(moment)).count()
    propose = proposes_suspension(warnings)
    form = IncidentForm(
        request.POST or None,
        manager=may(request.membership, "sanctions"),
        initial={"at": localtime(moment), "proposed": "suspension" if propose else ""},
    )
    if request.method == "POST" and form.is_valid() and _recorded(request, stay, form, moment):
        messages.success(request, _("Recorded."))
        return redirect("incidents", slug)
    context = {"station": stay.station, "stay": stay, "form": form}
    context |= {"warnings": warnings, "propose": propose}
    return render(request, "bookings/desk/incident_new.html", context)


def _recorded(
    request: StaffRequest, stay: Stay, form: SanctionForm, moment: dt.datetime, **more: Any
) -> bool:
    """Whether it could be recorded; else the refusal stands in the form."""
    try:
        journey.record_incident(stay=stay, by=request.user, now=moment, **form.cleaned_data, **more)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    return True


@never_cache  # going back is another look
@staff_only("desk")
def incident(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """One incident in full; a manager answers what was proposed and what the guest says. The look is
    logged."""
    rows = Incident.objects.filter(stay__station=_station(request, slug)).select_related(
        *("stay__graduate", "stay__application__user", "stay__station__district"),
        *("complaint__answered_by", "answer__by", "answers", "by", "suspension"),
    )
    shown = get_object_or_404(rows, pk=pk)
    acts = _acts(request, shown)
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act not in ("decide", "answer"):
            return HttpResponse(status=400)
        if act not in acts:
            messages.error(request, str(journey.StateChanged.sentence))
            return redirect("incident", slug, pk)
        if acts[act].is_valid() and _done(request, shown, acts[act]):
            messages.success(request, _("Recorded."))
            return redirect("incident", slug, pk)
    journey.note_look(shown.stay.application, what="incident", by=request.membership, now=now())
    context = {
        "station": shown.stay.station,
        "incident": shown,
        "said": getattr(shown, "complaint", None),
        "decide_form": acts.get("decide"),
        "answer_form": acts.get("answer"),
        "own": shown.by_id == request.user.pk,
        "counts": shown.counts(local_date(now())),
    }
    return render(request, "bookings/desk/incident.html", context)


def _acts(request: StaffRequest, shown: Incident) -> dict[str, SanctionForm | AnswerForm]:
    """What this member may do with an incident as it stands, each act with its form."""
    if not may(request.membership, "sanctions"):
        return {}
    sent = request.POST if request.method == "POST" else None
    act = request.POST.get("act", "")
    said = getattr(shown, "complaint", None)
    here: dict[str, SanctionForm | AnswerForm] = {}
    if shown.proposed and not hasattr(shown, "answer"):
        asked = sent if act == "decide" else None
        first = {"sanction": shown.proposed}
        here["decide"] = SanctionForm(asked, manager=True, initial=first)
    if said and not said.answer and shown.by_id != request.user.pk:
        here["answer"] = AnswerForm(sent if act == "answer" else None)
    return here


def _done(request: StaffRequest, shown: Incident, form: SanctionForm | AnswerForm) -> bool:
    moment = now()
    if isinstance(form, SanctionForm):
        told = {"kind": shown.kind, "at": shown.at, "answers": shown}
        return _recorded(request, shown.stay, form, moment, **told)
    try:
        journey.answer_complaint(
            complaint=shown.complaint, by=request.user, now=moment, **form.cleaned_data
        )
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True
