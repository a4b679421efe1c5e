"""The guest's side of the house rules: what was imposed, until when, whom to call, and one's say."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bookings import journey
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.desk.incidents.forms import ComplaintForm
from bookings.desk.incidents.models import Incident, IncidentQuerySet
from bookings.people.requests import SignedIn


def _mine(request: SignedIn) -> IncidentQuerySet:
    told = Incident.objects.told().filter(stay__application__user=request.user)
    return told.select_related("stay__station__district", "stay__application", "complaint")


@never_cache
@require_GET
def notices(request: SignedIn) -> HttpResponse:
    return _page(request)


def _page(request: SignedIn, form: ComplaintForm | None = None, pk: int = 0) -> HttpResponse:
    """All notices; an appeal that cannot be taken stands at its own, with what was typed."""
    today = local_date(now())
    mine = list(_mine(request).order_by("-at", "-pk"))
    rows = [
        (one, one.counts(today), form if one.pk == pk else ComplaintForm(auto_id=f"i{one.pk}_%s"))
        for one in mine
    ]
    return render(request, "bookings/desk/notices.html", {"rows": rows, "form": form})


@require_POST
def complain(request: SignedIn, pk: int) -> HttpResponse:
    incident = get_object_or_404(_mine(request), pk=pk)
    form = ComplaintForm(request.POST, auto_id=f"i{pk}_%s")
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            journey.complain(incident=incident, reason=reason, by=request.user, now=now())
        except Refusal as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("Your appeal is with us. Another person looks at it."))
            return redirect("my_notices")
    return _page(request, form, pk)
