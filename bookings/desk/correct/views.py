"""A guest's name and document number are corrected, with the document in hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bookings import journey
from bookings.beds.models import Stay
from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.desk.correct.forms import CorrectForm
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only, stations_of


@never_cache
@staff_only("desk")
def correct(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """What is kept is shown masked; what is typed stays where it is refused."""
    station = get_object_or_404(stations_of(request.membership), slug=slug)
    stays = Stay.objects.filter(station=station)
    stay = get_object_or_404(
        stays.select_related("station", "graduate", "application__user"), pk=pk
    )
    if not journey.may_correct(stay):
        messages.error(request, str(journey.ToldAlready.sentence))
        return redirect("desk_stay", slug, pk)
    form = CorrectForm(request.POST or None, person=stay.graduate)
    if request.method == "POST" and form.is_valid() and _corrected(request, stay, form):
        return redirect("desk_stay", slug, pk)
    context = {"station": station, "stay": stay, "form": form}
    return render(request, "bookings/desk/correct.html", context)


def _corrected(request: StaffRequest, stay: Stay, form: CorrectForm) -> bool:
    """Do it, and say so; a refusal stands beside its field."""
    try:
        said = journey.OnDocument(**form.cleaned_data)
        again = journey.correct_person(stay=stay, said=said, by=request.user, now=now())
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return False
    messages.success(request, _("Corrected. The guest can read it under My data."))
    if again:
        messages.warning(
            request,
            _(
                "The police were told otherwise, or a file with it has been downloaded: the guest is in "
                "the register, to be sent again."
            ),
        )
    return True
