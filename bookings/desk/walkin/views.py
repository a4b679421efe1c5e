"""A walk-in at the desk: one page to fill in, one that tells what came of it; and the pass on paper."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bookings import journey
from bookings.beds.allocate import bed_of
from bookings.beds.models import Stay
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.desk.walkin.forms import WalkInForm
from bookings.eligibility.wording import tell
from bookings.passes.confirmation import render as drawn
from bookings.passes.models import Pass
from bookings.passes.views import SHOWN, confirmation_of
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only, stations_of
from bookings.places.models import Policy


@never_cache
@staff_only("desk")
def walk_in(request: StaffRequest, slug: str) -> HttpResponse:
    """Register who stands at the desk. What cannot be is told above the form, with all that was typed."""
    station = get_object_or_404(
        stations_of(request.membership).select_related("district"), slug=slug
    )
    policy = Policy.objects.in_force(station.district, local_date(now()))
    form = WalkInForm(request.POST or None, nights=policy.nights)
    context: dict[str, object] = {"station": station, "form": form, "policy": policy}
    if request.method == "POST" and form.is_valid():
        told: dict[str, Any] = {"station": station, "guest": form.guest(), "by": request.user}
        told["now"] = now()
        try:
            application = journey.walk_in(**told)
        except journey.NotEligible as refusal:
            context["findings"] = tell(refusal.findings)
        except Refusal as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, refusal.sentence
            )
            if refusal.code == "no_bed":
                context["instead"] = journey.walk_in_alternatives(**told)
        else:
            return redirect("walk_in_done", slug, application.stay.pk)
    return render(request, "bookings/desk/walk_in.html", context)


@never_cache
@require_GET
@staff_only("desk")
def done(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """What came of it, clause by clause, and what the clerk does next."""
    stay = _stay(request, slug, pk, application__walk_in__isnull=False)
    context = {
        "station": stay.station,
        "stay": stay,
        "bed": bed_of(stay),
        "findings": tell(stay.application.decisions.latest().findings),
        "seen": stay.application.papers_seen.order_by("pk"),
        "shown": stay.passes.filter(revoked_at=None).first() if stay.status in SHOWN else None,
    }
    return render(request, "bookings/desk/walk_in_done.html", context)


def _stay(request: StaffRequest, slug: str, pk: int, **only: bool) -> Stay:
    station = get_object_or_404(stations_of(request.membership), slug=slug)
    stays = Stay.objects.filter(station=station, **only)
    return get_object_or_404(
        stays.select_related("station__district", "graduate", "application__user"), pk=pk
    )


@never_cache
@require_GET
@staff_only("desk")
def paper_pass(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """The pass as a page to print, in the guest's language; that it was printed is logged."""
    stay = _stay(request, slug, pk)
    passes = Pass.objects.filter(stay=stay, stay__status__in=SHOWN, revoked_at=None)
    shown = get_object_or_404(passes)
    shown.stay = stay
    journey.note_look(stay.application, what="pass", by=request.membership, now=now())
    with translation.override(stay.application.user.language):
        page = drawn(confirmation_of(shown), fonts=settings.FONT_DIR)
    response = HttpResponse(page, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="youth-station.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
