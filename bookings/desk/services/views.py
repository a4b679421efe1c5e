"""Services on pages: the desk's day and a manager's catalogue; a guest's bookings are in guests/."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from bookings import journey
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.core.paging import page_of
from bookings.desk.models import Service
from bookings.desk.services.catalogue import add_service, change_service, make_slots
from bookings.desk.services.forms import ChoiceForm, ServiceForm, SlotsForm
from bookings.desk.services.shown import bookings_of_day
from bookings.people.requests import StaffRequest
from bookings.people.roles import may, staff_only, stations_of
from bookings.places.models import Station


def _station(request: StaffRequest, slug: str) -> Station:
    return get_object_or_404(stations_of(request.membership), slug=slug)


def _service(request: StaffRequest, slug: str, pk: int) -> Service:
    services = Service.objects.filter(station__in=stations_of(request.membership))
    return get_object_or_404(services.select_related("station"), station__slug=slug, pk=pk)


@require_GET
@staff_only("desk")
def services(request: StaffRequest, slug: str) -> HttpResponse:
    """Who has booked what today, and the catalogue; who may change it finds the way there."""
    station, today = _station(request, slug), local_date(now())
    context = {
        "station": station,
        "today": today,
        "now": now(),
        "bookings": bookings_of_day(station=station, day=today),
        "services": station.services.order_by("-is_active", "order", "pk"),
        "may_change": may(request.membership, "services"),
    }
    return render(request, "bookings/desk/services.html", context)


@staff_only("services")
def new_service(request: StaffRequest, slug: str) -> HttpResponse:
    station = _station(request, slug)
    form = ServiceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            values = form.values()
            made = add_service(station=station, values=values, by=request.user, now=now())
        except Refusal as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            messages.success(request, _("Added. Guests see it on the page of their stay."))
            return redirect("service", slug, made.pk)
    context = {"station": station, "form": form}
    return render(request, "bookings/desk/service.html", context)


@staff_only("services")
def service(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """One service: what it is, and its slots to come."""
    shown = _service(request, slug, pk)
    form = ServiceForm(request.POST or None, instance=shown, initial={"seen": shown.version})
    if request.method == "POST" and form.is_valid():
        values, seen = form.values(), form.cleaned_data["seen"] or 0
        try:
            change_service(service=shown, values=values, seen=seen, by=request.user, now=now())
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("service", slug, pk)
    return _page(request, shown, form=form)


def _page(
    request: StaffRequest,
    shown: Service,
    *,
    form: ServiceForm | None = None,
    slots_form: SlotsForm | None = None,
) -> HttpResponse:
    slots = shown.slots.standing().filter(ends_at__gt=now()).counted()
    context = {
        "station": shown.station,
        "service": shown,
        "page": page_of(slots, request),
        "now": now(),
        "form": form or ServiceForm(instance=shown, initial={"seen": shown.version}),
        "slots_form": slots_form or SlotsForm(),
    }
    return render(request, "bookings/desk/service.html", context)


@require_POST
@staff_only("services")
def slots(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """A series of slots; those that are there already stay as they are."""
    shown, form = _service(request, slug, pk), SlotsForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, slots_form=form)
    made = make_slots(service=shown, series=form.series(), by=request.user, now=now())
    told = ngettext("%(n)s slot made.", "%(n)s slots made.", made) % {"n": made}
    nothing = _("No slot was made: they are there already, or have begun.")
    messages.success(request, told) if made else messages.info(request, nothing)
    return redirect("service", slug, pk)


@require_POST
@staff_only("services")
def end_slot(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """A slot does not take place. Pressed again it is gone already."""
    shown, form = _service(request, slug, pk), ChoiceForm(request.POST)
    chosen = shown.slots.filter(pk=form.cleaned_data["slot"]).first() if form.is_valid() else None
    if chosen is None:
        return redirect("service", slug, pk)
    try:
        told = journey.end_slot(slot=chosen, by=request.user, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        done = ngettext(
            "Called off. %(n)s guest has been told.",
            "Called off. %(n)s guests have been told.",
            told,
        )
        messages.success(request, done % {"n": told} if told else _("The slot is gone."))
    return redirect("service", slug, pk)
