"""The pass: its page, and the same as PNG, PDF and calendar file. Only for its guest."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bookings.beds.models import Stay
from bookings.passes import calendar, confirmation, qr
from bookings.passes.issue import text_of
from bookings.passes.models import Pass
from bookings.people.requests import SignedIn

SHOWN = (Stay.Status.PROMISED, Stay.Status.ARRIVED)


def _mine(request: SignedIn, pk: int) -> Pass:
    passes = Pass.objects.select_related("stay__application", "stay__station__district")
    return get_object_or_404(
        passes,
        stay__application=pk,
        stay__application__user=request.user,
        stay__status__in=SHOWN,
        revoked_at=None,
    )


@require_GET
def show(request: SignedIn, pk: int) -> HttpResponse:
    mine = _mine(request, pk)
    drawn = qr.svg(text_of(mine), title=_("Your check-in code"))
    context = {"pass": mine, "stay": mine.stay, "code": mark_safe(drawn)}  # noqa: S308 our own SVG
    return render(request, "bookings/passes/pass.html", context)


@require_GET
def png(request: SignedIn, pk: int) -> HttpResponse:
    return _file(qr.png(text_of(_mine(request, pk))), "image/png", "youth-station-code.png")


@require_GET
def pdf(request: SignedIn, pk: int) -> HttpResponse:
    page = confirmation.render(confirmation_of(_mine(request, pk)), fonts=settings.FONT_DIR)
    return _file(page, "application/pdf", "youth-station.pdf")


@require_GET
def ics(request: SignedIn, pk: int) -> HttpResponse:
    mine = _mine(request, pk)
    stay = mine.stay
    event = calendar.Event(
        uid=f"stay-{stay.pk}@youth-station",
        title=_("Youth Station: %(station)s") % {"station": stay.station.name},
        place=stay.station.address,
        text=_("Bring your identity document. Telephone: %(phone)s")
        % {"phone": stay.station.phone},
        arrival=stay.arrival,
        departure=stay.departure,
        stamp=mine.issued_at,
    )
    return _file(calendar.render(event), "text/calendar; charset=utf-8", "youth-station.ics")


def confirmation_of(mine: Pass) -> confirmation.Confirmation:
    """The confirmation's texts, in the active language."""
    stay, station = mine.stay, mine.stay.station
    until = timezone.localtime(stay.cutoff_at)
    hours = f"{station.check_in_from:%H:%M}–{until:%H:%M}"
    return confirmation.Confirmation(
        title=_("Confirmation of stay"),
        issuer=station.district.issuer,
        rows=[
            (_("Reference"), stay.application.reference),
            (_("Guest"), stay.graduate.name),
            (_("Document"), stay.graduate.masked_number),
            (_("Station"), station.name),
            (_("Address"), station.address),
            (_("Arrival"), f"{date_format(stay.arrival)}  {hours}"),
            (_("Departure"), f"{date_format(stay.departure)}  {station.check_out_by:%H:%M}"),
            (_("Nights"), str(stay.nights)),
        ],
        code=text_of(mine),
        short_code=str(mine),
        bring=_("Bring the same identity document: the code does not replace it."),
        rules=station.house_rules,
        call=_("Questions? Station %(station)s, committee %(hotline)s")
        % {"station": station.phone, "hotline": station.district.hotline},
    )


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
