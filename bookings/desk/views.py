"""The desk: the day of a station, the scan box, a guest's card, and what is done with it."""

import secrets
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bookings import journey
from bookings.beds.allocate import bed_of
from bookings.beds.models import Stay
from bookings.core.clock import local_date, now
from bookings.desk.conflicts.models import Conflict
from bookings.desk.day import day_of, version
from bookings.desk.keys.loans import keys_out
from bookings.desk.models import Action, Scan
from bookings.desk.number_form import ReasonForm
from bookings.desk.scan import Sent
from bookings.desk.services.shown import AtDesk, given_at, services_at_desk
from bookings.desk.today import today_at
from bookings.desk.verdict import Verdict, due, is_served
from bookings.desk.wording import sentence, title, tone
from bookings.people.looks import Reason
from bookings.people.requests import StaffRequest
from bookings.people.roles import may, staff_only, stations_of
from bookings.places.models import Station

DEVICE = "desk page"
JSON = "application/json"


@require_GET
@staff_only("desk")
def choose(request: StaffRequest) -> HttpResponse:
    """The station to work at; with only one there is nothing to choose."""
    stations = list(stations_of(request.membership))
    if len(stations) == 1:
        return redirect("desk_day", stations[0].slug)
    return render(request, "bookings/desk/choose.html", {"stations": stations})


def _station(request: StaffRequest, slug: str) -> Station:
    return get_object_or_404(stations_of(request.membership), slug=slug)


@require_GET
@staff_only("desk")
def day(request: StaffRequest, slug: str) -> HttpResponse:
    station = _station(request, slug)
    return render(request, "bookings/desk/day.html", _day(request, station))


@never_cache
@require_GET
@staff_only("desk")
def changes(request: StaffRequest, slug: str) -> HttpResponse:
    """Whether the day's lists are others than those on a page: asked every few seconds."""
    return JsonResponse({"version": version(_station(request, slug), now=now())})


def _day(request: StaffRequest, station: Station) -> dict[str, Any]:
    """The day's page, whichever view shows it."""
    words, everything = request.GET.get("q", "")[:40], "all" in request.GET
    return {
        **day_of(station, now=now(), words=words, everything=everything),
        "station": station,
        "may_issue": may(request.membership, "devices"),
        "may_review": may(request.membership, "review"),
        "nonce": secrets.token_urlsafe(12),
        "conflicts": Conflict.objects.open().filter(scan__station=station).count(),
        **today_at(station, user=request.user, now=now()),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only("desk")
def scan(request: StaffRequest, slug: str) -> HttpResponse:
    """A code was read or typed: show what it is and what is due. Its address opened anew: the day."""
    station = _station(request, slug)
    if request.method != "POST":
        return redirect("desk_day", slug)
    taken = _take(request, station, request.POST.get("code", ""), Action.CHECK)
    return _answer(request, station, taken)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only("desk")
def act(request: StaffRequest, slug: str) -> HttpResponse:
    """Arrive, leave or redeem, for the code that was just shown. Its address opened anew: the day."""
    station = _station(request, slug)
    if request.method != "POST":
        return redirect("desk_day", slug)
    action = request.POST.get("action", "")
    if action not in {Action.ARRIVE, Action.LEAVE, Action.REDEEM}:
        return HttpResponse(status=400)
    taken = _take(request, station, request.POST.get("code", ""), action)
    return _answer(request, station, taken)


def _take(request: StaffRequest, station: Station, code: str, action: str) -> Scan:
    moment = now()
    sent = Sent(
        station=station,
        device=f"{DEVICE} {request.user.pk}",
        nonce=request.POST.get("nonce", "")[:64] or secrets.token_urlsafe(12),
        code=code[:400],
        action=action,
        at=moment,
        service=request.POST.get("service", ""),
        by=request.user,
    )
    return journey.scan(sent=sent, now=moment)


def _answer(request: StaffRequest, station: Station, taken: Scan) -> HttpResponse:
    service = request.POST.get("service", "")
    stay = taken.stay if taken.stay and taken.stay.station_id == station.pk else None
    context = {
        **_day(request, station),
        "scan": taken,
        "tone": tone(taken),
        "title": title(taken),
        "sentence": sentence(taken, hours=given_at(scan=taken, code=service)),
        "code": request.POST.get("code", "")[:400],
        "stay": stay,
        "bed": bed_of(stay) if stay else None,
        "due": due(stay.status, Verdict(taken.result, taken.reason)) if stay else "",
        "papers": stay.application.papers_to_see.pending() if stay else [],
        "keys": keys_out(stay) if stay else [],
        "services": _services(stay),
        "may_correct": stay is not None and journey.may_correct(stay),
        "may_undo_leave": stay is not None and stay.may_undo_leave(local_date(now())),
        "elsewhere": taken.stay.station if taken.stay and not stay else None,
    }
    return render(request, "bookings/desk/day.html", context)


def _services(stay: Stay | None) -> list[AtDesk]:
    if stay is None or not is_served(stay.status):
        return []
    return services_at_desk(stay=stay, now=now())


@never_cache  # going back is another look
@require_POST
@staff_only("desk")
def show_number(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """The whole document number, once it is said what for; the look is logged. The scan page compares
    it with the card. `what` asks for the guardian's name and number in its place, or for the mobile
    number of a guest who has left with a key."""
    station = _station(request, slug)
    stays = Stay.objects.select_related("graduate", "application__user")
    stay = get_object_or_404(stays, pk=pk, station=station)
    is_scanner = request.get_preferred_type(["text/html", JSON]) == JSON  # it stays where it is
    told = {"reason": Reason.COMPARE} if is_scanner else request.POST
    form = ReasonForm(told if "reason" in told else None)
    asked = request.POST.get("what", "")
    what = asked if asked in ("guardian", "phone") and not is_scanner else "document number"
    if what == "phone" and not (stay.status == "left" and keys_out(stay).exists()):
        return redirect("desk_stay", slug, pk)
    if form.is_valid():
        journey.note_look(
            stay.graduate,
            what=what,
            by=request.membership,
            now=now(),
            reason=form.cleaned_data["reason"],
            words=form.cleaned_data["words"],
        )
    if is_scanner:
        return JsonResponse({"number": stay.graduate.doc_number})
    back = reverse("desk_day", args=[slug])
    context = {"stay": stay, "form": form, "what": what, "back": back, "named": _named(what, stay)}
    context["may_correct"] = what == "document number" and journey.may_correct(stay)
    return render(request, "bookings/desk/number.html", {**context, "station": station})


def _named(what: str, stay: Stay) -> str:
    names = {"guardian": _("Guardian"), "phone": _("Mobile number")}
    return names.get(what) or stay.graduate.get_doc_type_display()
