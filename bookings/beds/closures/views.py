"""Closures of a station: which there are, a new one shown before it is written, one ended."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings import journey
from bookings.beds.closing import Closing
from bookings.beds.closures.forms import ClosureForm
from bookings.beds.models import Stay
from bookings.beds.wallchart.views import station_of
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only
from bookings.places.models import Bed, Closure, Station


@staff_only("board")
def closures(request: StaffRequest, slug: str) -> HttpResponse:
    """The first press shows what a closure would do, the second, with its mark, does it."""
    station, today = station_of(request, slug), local_date(now())
    form = ClosureForm(request.POST or None, station=station, today=today)
    effect: journey.Effect | None = None
    if request.method == "POST" and form.is_valid():
        if _written(request, station, form):
            messages.success(request, _("Out of use. Who had to move has another bed."))
            return redirect("closures", slug)
        try:
            effect = journey.effect_of(closure=form.closure(), station=station)
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
    context = {
        "station": station,
        "form": form,
        "closures": _of(station).filter(until__gt=today),
        "today": today,
        **(_told(effect) if effect else {}),
    }
    return render(request, "bookings/beds/closures.html", context)


def _written(request: StaffRequest, station: Station, form: ClosureForm) -> bool:
    """Do it, where what was shown is confirmed."""
    if "mark" not in request.POST:
        return False
    try:
        journey.close_beds(
            closure=form.closure(),
            station=station,
            mark=request.POST["mark"],
            lose="lose" in request.POST,
            by=request.user,
            now=now(),
        )
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


def _of(station: Station) -> Any:
    inside = Q(bed__room__station=station) | Q(room__station=station)
    return (
        Closure.objects.filter(inside).select_related("room", "bed__room").order_by("first_night")
    )


def _told(effect: journey.Effect) -> dict[str, Any]:
    """Whom it touches, by name."""
    closing: Closing = effect.closing
    touched = Stay.objects.filter(pk__in=[*closing.moves, *closing.lost, *closing.here])
    stays = touched.select_related("graduate", "application").in_bulk()
    beds = Bed.objects.select_related("room").in_bulk(set(closing.moves.values()))
    return {
        "mark": effect.mark,
        "moves": [(stays[stay], beds[bed]) for stay, bed in closing.moves.items()],
        "lost": [stays[stay] for stay in closing.lost],
        "here": [stays[stay] for stay in closing.here if stay in stays],
    }


@require_POST
@staff_only("board")
def end(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    station = station_of(request, slug)
    closure = get_object_or_404(_of(station), pk=pk)
    journey.end_closure(closure=closure, station=station, by=request.user, now=now())
    messages.success(request, _("In use again. Those who wait are asked."))
    return redirect("closures", slug)
