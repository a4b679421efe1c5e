"""The manager's board: look, move, swap, undo."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bookings import journey
from bookings.beds.allocate import bed_of
from bookings.beds.models import BedMove, Stay
from bookings.beds.wallchart.chart import chart
from bookings.beds.wallchart.forms import MoveForm
from bookings.beds.wallchart.outlook import outlook
from bookings.core.clock import local_date, nights_between, now
from bookings.core.errors import Refusal
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only, stations_of
from bookings.places.models import Policy, Station

DAYS, STEP = 14, dt.timedelta(days=7)
ACTS_SHOWN = 5


@require_GET
@staff_only("board")
def choose(request: StaffRequest) -> HttpResponse:
    """The station to look at; with only one there is nothing to choose."""
    stations = list(stations_of(request.membership))
    if len(stations) == 1:
        return redirect("board", stations[0].slug)
    return render(request, "bookings/beds/board_choose.html", {"stations": stations})


def station_of(request: StaffRequest, slug: str) -> Station:
    return get_object_or_404(stations_of(request.membership).select_related("district"), slug=slug)


@require_GET
@staff_only("board")
def board(request: StaffRequest, slug: str) -> HttpResponse:
    """Fourteen nights of every bed; the free ones by sex; the last acts."""
    station, today = station_of(request, slug), local_date(now())
    first = _day(request.GET.get("from", ""), today)
    nights = nights_between(first, first + dt.timedelta(days=DAYS))
    policy = Policy.objects.in_force(station.district_id, today)
    ahead = outlook(station, today, max(policy.days_ahead + 1, DAYS))
    context = {
        "station": station,
        "today": today,
        "nights": nights,
        "rooms": chart(station, first, DAYS),
        "free": [ahead.get(night) for night in nights],
        "outlook": ahead,
        "most": max((max(one.women, one.men) for one in ahead.values()), default=0) or 1,
        "earlier": first - STEP,
        "later": first + STEP,
        "acts": _acts(station),
        "form": MoveForm(station=station, auto_id="move_%s"),
    }
    return render(request, "bookings/beds/board.html", context)


def _day(text: str, today: dt.date) -> dt.date:
    """A day within some years of today; anything else is today."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs((day - today).days) < 3_000 else today


def _acts(station: Station) -> list[BedMove]:
    """The last moves of staff that are not undone, one an act."""
    moves = BedMove.objects.filter(stay__station=station, undone_at=None)
    moves = moves.select_related(
        "stay__application", "from_bed__room", "to_bed__room", "by"
    ).order_by("-pk")
    acts = {move.batch: move for move in moves[: 2 * ACTS_SHOWN]}
    return list(acts.values())[:ACTS_SHOWN]


@require_GET
@staff_only("board")
def stay(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """One stay, and the bed it shall have: the way without a pointer."""
    station = station_of(request, slug)
    return _stay(request, station, pk)


def _stay(
    request: StaffRequest, station: Station, pk: int, form: MoveForm | None = None
) -> HttpResponse:
    stays = Stay.objects.filter(station=station).select_related("graduate", "application")
    shown = get_object_or_404(stays, pk=pk)
    bed = bed_of(shown)
    form = form or MoveForm(station=station, initial={"stay": shown, "seen": bed, "to": bed})
    if shown.status != Stay.Status.ARRIVED:
        form.fields.pop("sure", None)
    ends = shown.departure <= local_date(now())
    context = {
        "station": station,
        "stay": shown,
        "bed": bed,
        "form": form if bed and shown.status in Stay.HOLDING and not ends else None,
        "back": _at(station, shown.arrival),
    }
    return render(request, "bookings/beds/board_stay.html", context)


def _at(station: Station, day: dt.date) -> str:
    return f"{reverse('board', args=[station.slug])}?{urlencode({'from': day.isoformat()})}"


@require_POST
@staff_only("board")
def move(request: StaffRequest, slug: str) -> HttpResponse:
    """Move a stay, or swap it with the one in the way. What cannot be is told on the stay's page."""
    station = station_of(request, slug)
    form = MoveForm(request.POST, station=station)
    if not form.is_valid():
        messages.error(request, _("This stay or bed is not there any more. Look again."))
        return redirect("board", slug)
    wish = form.cleaned_data
    try:
        batch = journey.move_stay(**wish, by=request.user, now=now())
    except Refusal as refusal:
        form.add_error("to", refusal.sentence)
        return _stay(request, station, wish["stay"].pk, form)
    if batch:
        messages.success(request, _moved(batch))
    return redirect(_at(station, _day(request.POST.get("from", ""), wish["stay"].arrival)))


def _moved(batch: UUID) -> str:
    moves = BedMove.objects.filter(batch=batch).select_related("stay__application", "to_bed__room")
    return " ".join(
        _("%(reference)s now has bed %(bed)s from %(night)s on.")
        % {
            "reference": move.stay.application.reference,
            "bed": move.to_bed,
            "night": date_format(move.first_night, "MONTH_DAY_FORMAT"),
        }
        for move in moves
    )


@require_POST
@staff_only("board")
def undo(request: StaffRequest, slug: str, batch: UUID) -> HttpResponse:
    station = station_of(request, slug)
    moves = BedMove.objects.filter(batch=batch, stay__station=station)
    first: Any = moves.select_related("stay__station").first()
    if first is None:
        messages.error(request, _("This stay or bed is not there any more. Look again."))
        return redirect("board", slug)
    try:
        journey.undo_move(batch=batch, stay=first.stay, by=request.user, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("Undone."))
    return redirect(_at(station, first.first_night))
