"""A stay at the desk: its nights, more or fewer of them, a later hour to come, a no-show or a check-out
undone."""

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import journey
from bookings.applications.models import Evidence
from bookings.beds.allocate import bed_of
from bookings.beds.models import Stay
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.desk.keys.forms import BackForm, GiveForm
from bookings.desk.keys.loans import give_key, keys_out, take_key_back
from bookings.desk.services.shown import services_at_desk
from bookings.desk.stays.forms import (
    AgainForm,
    LaterForm,
    LongerForm,
    PapersForm,
    ReplaceForm,
    ShorterForm,
)
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only, stations_of

CHOOSE = gettext_lazy("Choose one of the days on this page.")
NO_PAPER = gettext_lazy("Tick the papers that you have in hand.")
NO_LABEL = gettext_lazy("Type what stands on the key, up to twenty characters.")


def _ends(stay: Stay) -> str:
    told = {"day": date_format(stay.departure, "DATE_FORMAT")}
    return _("Changed. The stay ends on %(day)s.") % told


def _kept(stay: Stay) -> str:
    told = {"until": date_format(localtime(stay.cutoff_at), "DATETIME_FORMAT")}
    return _("The bed is kept until %(until)s.") % told


def _key_given(stay: Stay) -> str:
    return _("The key is noted. Ask for it back when the guest leaves.")


def _key_back(stay: Stay) -> str:
    return _("The key is back.")


def _here_again(stay: Stay) -> str:
    told = {"day": date_format(stay.departure, "DATE_FORMAT")}
    return _("The guest is in house again, in the same bed. The stay ends on %(day)s.") % told


def _replaced(stay: Stay) -> str:
    return _("The former code is dead. Print the new one for the guest.")


def _papers_seen(stay: Stay) -> str:
    return _("Noted. The papers count as seen, and nobody is asked for them again.")


UNREAD = {"key": NO_LABEL, "papers": NO_PAPER}  # what is said of a form that says nothing

# act → its form, the event, what is said once it is done
ACTS: dict[str, tuple[type[forms.Form], Callable[..., object], Callable[[Stay], str]]] = {
    "extend": (LongerForm, journey.extend, _ends),
    "shorten": (ShorterForm, journey.shorten, _ends),
    "later": (LaterForm, journey.come_later, _kept),
    "undo": (AgainForm, journey.undo_no_show, _kept),
    "undo_leave": (forms.Form, journey.undo_leave, _here_again),
    "key": (GiveForm, give_key, _key_given),
    "key_back": (BackForm, take_key_back, _key_back),
    "papers": (PapersForm, journey.see_papers, _papers_seen),
    "replace": (ReplaceForm, journey.replace_pass, _replaced),
}


@staff_only("desk")
def stay(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """One guest's stay, and what can be changed in it."""
    station = get_object_or_404(stations_of(request.membership), slug=slug)
    stays = Stay.objects.filter(station=station).select_related(
        "station__district", "graduate", "application__graduate", "application__station"
    )
    shown = get_object_or_404(stays.select_related("application__user"), pk=pk)
    offer: Any = None
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act not in ACTS:
            return HttpResponse(status=400)
        refusal = _does(request, shown, act)
        if refusal is None:
            return redirect("desk_stay", slug, pk)
        messages.error(request, str(refusal.sentence))
        offer = _offer(request, act, refusal)
        shown = stays.get(pk=pk)
    return render(
        request,
        "bookings/desk/stay.html",
        {**_card(shown), "offer": offer, "typed": request.POST.get("label", "")},
    )


def _does(request: StaffRequest, shown: Stay, act: str) -> Refusal | None:
    """Do it, and say so; or the refusal."""
    form_class, event, said = ACTS[act]
    form = form_class(request.POST)
    if not form.is_valid():
        return Refusal(UNREAD.get(act, CHOOSE))
    try:
        event(stay=shown, by=request.user, now=now(), **form.cleaned_data)
    except Refusal as refusal:
        return refusal
    shown.refresh_from_db()
    messages.success(request, said(shown))
    return None


def _offer(request: StaffRequest, act: str, refusal: Refusal) -> dict[str, object] | None:
    """What staff may do instead: move the guest, or hold the fewer nights that are free."""
    if isinstance(refusal, journey.CannotStay) and refusal.elsewhere:
        words = _("Move the guest to another bed for these nights")
        sent = {name: request.POST.get(name, "") for name in ("act", "nights", "seen")}
        return {"words": words, "sent": {**sent, "move_if_needed": "on"}}
    if isinstance(refusal, journey.NothingFree) and refusal.departure:
        day = date_format(refusal.departure, "DATE_FORMAT")
        words = _("Hold it until %(day)s") % {"day": day}
        return {"words": words, "sent": {"act": act, "departure": refusal.departure.isoformat()}}
    return None


def _card(shown: Stay) -> dict[str, object]:
    moment = now()
    expected, missed = shown.status == "promised", shown.status == "no_show"
    here = shown.status == "arrived"
    return {
        "stay": shown,
        "station": shown.station,
        "bed": bed_of(shown) if here else None,
        "room": journey.room_to_change(stay=shown, now=moment),
        "keys": keys_out(shown),
        "due": "leave" if here else "",
        "nights_early": max((shown.departure - local_date(moment)).days, 0),
        "services": services_at_desk(stay=shown, now=moment) if here else [],
        "nonce": secrets.token_urlsafe(12),
        "papers": _papers(shown) if shown.status in journey.MAY_COME else [],
        "expected": expected,
        "hours": _hours(journey.later_hours(stay=shown, now=moment)) if expected else [],
        "may_undo": missed and shown.departure > local_date(moment),
        "may_undo_leave": shown.may_undo_leave(local_date(moment)),
        "shown": shown.passes.filter(revoked_at=None).first() if _opens(shown) else None,
        "may_correct": journey.may_correct(shown),
        "may_report": shown.status in ("arrived", "left"),
    }


def _papers(shown: Stay) -> list[dict[str, object]]:
    """Each kind of paper: who has seen it, or whether its original is to be seen."""
    seen = {one.kind: one for one in shown.application.papers_seen.select_related("by")}
    wanted = set(shown.application.papers_to_see.values_list("kind", flat=True))
    rows: list[dict[str, object]] = [
        {"kind": kind, "name": name, "seen": seen.get(kind), "wanted": kind in wanted - {*seen}}
        for kind, name in Evidence.Kind.choices
    ]
    return sorted(rows, key=lambda row: not row["wanted"])


def _opens(shown: Stay) -> bool:
    """Whether a code opens this stay."""
    return shown.status in ("promised", "arrived")


def _hours(hours: list[dt.datetime]) -> list[tuple[str, dt.datetime]]:
    return [(localtime(hour).strftime("%Y-%m-%dT%H:%M:%S%z"), hour) for hour in hours]
