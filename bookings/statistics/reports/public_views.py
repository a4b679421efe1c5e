"""The page of the few totals for everybody, and the manager's choice of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bookings.core.clock import local_date, now
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only
from bookings.places.models import District
from bookings.statistics.reports.forms import PublicForm
from bookings.statistics.reports.models import PublicNumbers
from bookings.statistics.reports.public import DAYS, numbers_of
from bookings.statistics.reports.public import choose as publish


@login_not_required
@require_GET
def numbers(request: HttpRequest, code: str = "") -> HttpResponse:
    district = District.objects.serving(local_date(now()), code=code)
    if code and district is None:
        raise Http404("no such district")
    found = numbers_of(district) if district else {}
    told = found.get("told")
    context = {
        "district": district,
        "told": told,
        "years": found.get("years"),
        "as_of": found.get("as_of"),
        "is_short": told and None in told.values(),
        "days": DAYS,
    }
    return render(request, "bookings/statistics/reports/numbers.html", context)


@staff_only("reports")
def choose(request: StaffRequest) -> HttpResponse:
    """Each total on or off; what the public would read stands beside it."""
    district = request.membership.district
    row = PublicNumbers.objects.filter(district=district).first()
    form = PublicForm(request.POST if request.method == "POST" else None, instance=row)
    if request.method == "POST" and form.is_valid():
        publish(district=district, by=request.user, now=now(), **form.cleaned_data)
        messages.success(request, _("Kept. The public page tells what is ticked, and no more."))
        return redirect("reports_public")
    context = {"form": form, "district": district}
    return render(request, "bookings/statistics/reports/public.html", context)
