"""The guest's own changes of a stay: more nights, or fewer."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bookings import journey
from bookings.applications.models import Application
from bookings.applications.stretch.forms import LongerForm, ShorterForm
from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.people.requests import SignedIn

CHOOSE = gettext_lazy("Choose one of the days on this page.")


def _mine(request: SignedIn, pk: int) -> Application:
    mine = Application.objects.filter(user=request.user, stay__isnull=False)
    mine = mine.select_related("stay__station__district", "station", "graduate", "user")
    return get_object_or_404(mine, pk=pk)


@require_POST
def extend(request: SignedIn, pk: int) -> HttpResponse:
    """More nights, answered at once."""
    mine, form = _mine(request, pk), LongerForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal(CHOOSE)
        journey.extend(stay=mine.stay, by=request.user, now=now(), **form.cleaned_data)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        _tell(request, mine.stay.departure)
    return redirect("application", pk)


@require_POST
def shorten(request: SignedIn, pk: int) -> HttpResponse:
    """Give the last nights back."""
    mine, form = _mine(request, pk), ShorterForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal(CHOOSE)
        journey.shorten(stay=mine.stay, by=request.user, now=now(), **form.cleaned_data)
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        _tell(request, mine.stay.departure)
    return redirect("application", pk)


def _tell(request: SignedIn, departure: dt.date) -> None:
    day = date_format(departure, "DATE_FORMAT")
    messages.success(request, _("Changed. Your stay ends on %(day)s.") % {"day": day})
