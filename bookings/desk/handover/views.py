"""The hand-over page of a station: write a note, read those of others, tick off what is done."""

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bookings.core.clock import now
from bookings.core.paging import page_of
from bookings.desk.handover.forms import NoteForm
from bookings.desk.handover.models import HandoverNote
from bookings.desk.handover.notes import finish_note, read_note, write_note
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only, stations_of

ACTS = {"read": read_note, "done": finish_note}


@never_cache
@staff_only("desk")
def handover(request: StaffRequest, slug: str) -> HttpResponse:
    station = get_object_or_404(stations_of(request.membership), slug=slug)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        write_note(station=station, text=text, by=request.user, now=now())
        messages.success(request, _("The next shift sees your note on the day's page."))
        return redirect("handover", slug)
    open_first = F("done_at").desc(nulls_first=True)
    notes = station.notes.select_related("by", "done_by").prefetch_related("reads__by")
    context = {
        "station": station,
        "form": form,
        "page": page_of(notes.order_by(open_first, "-at", "-pk"), request),
        "unread": set(
            HandoverNote.objects.filter(station=station)
            .unread_by(request.user)
            .values_list("pk", flat=True)
        ),
    }
    return render(request, "bookings/desk/handover.html", context)


@require_POST
@staff_only("desk")
def note(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """A note is read, or ticked off. Pressed twice it is done once."""
    station = get_object_or_404(stations_of(request.membership), slug=slug)
    notes = HandoverNote.objects.select_related("station")
    chosen = get_object_or_404(notes, pk=pk, station=station)
    act = request.POST.get("act", "")
    if act not in ACTS:
        return HttpResponse(status=400)
    ACTS[act](note=chosen, by=request.user, now=now())
    return redirect("desk_day" if request.POST.get("next") == "day" else "handover", slug)
