"""The guest register's pages: who is due, a batch and its file, and what is missing of a guest."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bookings import journey
from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.core.paging import page_of
from bookings.desk.register import lists, send
from bookings.desk.register.formats import FORMATS
from bookings.desk.register.forms import CompleteForm, ConfirmForm, GuestsForm, RefuseForm
from bookings.desk.register.keep import complete
from bookings.desk.register.models import RegisterBatch, Registration
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only, stations_of
from bookings.places.models import Station


def _batched(done: RegisterBatch) -> str:
    return _("Put together. Download the file, hand it over, then mark it as sent.")


def _counted(done: int) -> str:
    told = ngettext("Noted for %(n)s guest.", "Noted for %(n)s guests.", done) % {"n": done}
    return told if done else _("That had been noted before.")


# act → its form, the event, what is said once it is done
ACTS: dict[str, tuple[type[GuestsForm], Callable[..., object], Callable[..., str]]] = {
    "export": (GuestsForm, send.export, _batched),
    "by_hand": (GuestsForm, send.send_by_hand, _counted),
    "confirm": (ConfirmForm, send.confirm, _counted),
    "refuse": (RefuseForm, send.refuse, _counted),
}
BATCH_ACTS = {"sent": send.mark_sent, "undo": send.undo_sent}


def _station(request: StaffRequest, slug: str) -> Station:
    stations = stations_of(request.membership).select_related("district")
    return get_object_or_404(stations, slug=slug)


@staff_only("desk")
def register(request: StaffRequest, slug: str) -> HttpResponse:
    """Guests by state; those that are ticked are sent, confirmed or not taken."""
    station = _station(request, slug)
    tab = _tab(request, station)
    form: GuestsForm | None = None
    if request.method == "POST":
        if request.POST.get("act") not in ACTS:
            return HttpResponse(status=400)
        form = _acted(request, station)
        if form is None:
            return redirect(reverse("register", args=[slug]) + f"?list={tab}")
    return render(request, "bookings/desk/register.html", _listed(request, station, tab, form))


def _listed(
    request: StaffRequest, station: Station, tab: str, form: GuestsForm | None
) -> dict[str, object]:
    """What the page shows; so many queries however many guests."""
    counts = lists.counts(station)
    return {
        "station": station,
        "now": now(),
        "form": form,
        "ticked": set(request.POST.getlist("chosen")),
        "shown": tab,
        "tabs": [(str(name), label, counts[name]) for name, label in lists.TABS.items()],
        "batches": lists.batches(station, now=now()),
        "page": page_of(lists.rows(station, tab), request),
        "words": lists.MISSING,
        "file": FORMATS[station.district.register_format].TITLE,
    }


def _tab(request: StaffRequest, station: Station) -> str:
    """The tab asked for, else the first on which something is to be done."""
    tab = request.GET.get("list", "")
    if tab in lists.TABS:
        return tab
    counts = lists.counts(station)
    return next((name for name in lists.TO_DO if counts[name]), lists.TO_DO[0])


def _acted(request: StaffRequest, station: Station) -> GuestsForm | None:
    """Do it, and say so; or the form with what is wrong in it."""
    form_class, event, said = ACTS[request.POST["act"]]
    form = form_class(request.POST)
    if not form.is_valid():
        return form
    try:
        done = event(station=station, by=request.user, now=now(), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal.sentence))
        return form
    messages.success(request, said(done))
    return None


@never_cache
@require_POST
@staff_only("desk")
def batch(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """A batch's file; or it is marked as sent, or that is undone."""
    station = _station(request, slug)
    batches = RegisterBatch.objects.select_related("station__district")
    chosen = get_object_or_404(batches, pk=pk, station=station)
    act = request.POST.get("act", "")
    acts = {*BATCH_ACTS} if chosen.is_by_hand else {"download", *BATCH_ACTS}
    if act not in acts:
        return HttpResponse(status=400)
    try:
        if act == "download":
            return _file(request, chosen)
        done = BATCH_ACTS[act](batch=chosen, by=request.user, now=now())
        messages.success(request, _counted(done))
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    return redirect("register", slug)


def _file(request: StaffRequest, batch: RegisterBatch) -> HttpResponse:
    """The only place where whole numbers leave the house; each guest's is logged."""
    guests = send.download(batch=batch, by=request.user, now=now())
    format = FORMATS[batch.format]
    response = HttpResponse(format.write(guests), content_type=format.MEDIA_TYPE)
    name = f"register-{localtime(batch.made_at):%Y%m%d}-{batch.pk}.{format.SUFFIX}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@staff_only("desk")
def registration(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """One guest's registration, and what is still to be asked for."""
    station = _station(request, slug)
    of_station = Registration.objects.of(station).select_related(
        "stay__graduate", "stay__application", "sent_by", "confirmed_by"
    )
    shown = get_object_or_404(of_station, pk=pk)
    guest = shown.stay.graduate
    guarded = "guardian" in shown.missing or bool(guest.guardian_name)
    form = CompleteForm(request.POST or None, missing=shown.missing, guarded=guarded)
    if request.method == "POST" and form.is_valid():
        try:
            complete(registration=shown, told=form.cleaned_data, by=request.user, now=now())
        except Refusal as refusal:
            form.add_error(None, str(refusal.sentence))
        else:
            messages.success(request, _("Written down."))
            return redirect(reverse("register", args=[slug]) + f"?list={shown.state}")
    context = {
        "station": station,
        "row": shown,
        "form": form,
        "words": lists.MISSING,
        "open": shown.state in Registration.TO_DO,
        "may_correct": journey.may_correct(shown.stay),
    }
    return render(request, "bookings/desk/registration.html", context)
