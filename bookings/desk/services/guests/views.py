"""The guest's presses: book, cancel. Both lead back to the page of the stay."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bookings import journey
from bookings.beds.models import Stay
from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.desk.services.forms import ChoiceForm
from bookings.desk.services.models import Slot
from bookings.desk.services.places import SlotGone
from bookings.people.requests import SignedIn


@require_POST
def book(request: SignedIn, pk: int) -> HttpResponse:
    return _act(request, pk, journey.book_slot, _("Booked. Show your code at the desk then."))


@require_POST
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    return _act(request, pk, journey.cancel_booking, _("Cancelled. Somebody else gets the place."))


def _act(request: SignedIn, pk: int, event: Callable[..., object], done: str) -> HttpResponse:
    stay = get_object_or_404(Stay, application=pk, application__user=request.user)
    try:
        event(stay=stay, slot=_chosen(request, stay), by=request.user, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, done)
    return redirect("application", pk)


def _chosen(request: SignedIn, stay: Stay) -> Slot:
    """The slot chosen on the page, one of the stay's station. Errors: SlotGone."""
    form = ChoiceForm(request.POST)
    slots = Slot.objects.filter(service__station=stay.station_id)
    slot = slots.filter(pk=form.cleaned_data["slot"]).first() if form.is_valid() else None
    if slot is None:
        raise SlotGone
    return slot
