"""The bureau's lists: receive one, look at what it would write, confirm it or take it back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from bookings import journey
from bookings.applications.uploads import SKIPPED
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.core.paging import page_of
from bookings.core.sheets import MEDIA_TYPE
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only
from bookings.retention.bureau.forms import BureauForm
from bookings.retention.bureau.models import STOPPED, BureauList
from bookings.retention.bureau.read import FileTooLarge
from bookings.retention.bureau.template import template as empty_list
from bookings.retention.bureau.words import HEADINGS, REASONS
from bookings.retention.bureau.write import summary
from bookings.retention.models import Outcome

KINDS = dict(Outcome.Kind.choices)
ACTS: dict[str, Callable[..., None]] = {
    "confirm": journey.confirm_list,
    "discard": journey.discard_list,
    "undo": journey.undo_list,
}


@staff_only("bureau")
def lists(request: StaffRequest) -> HttpResponse:
    """All lists of the district, the newest first; a form for another one."""
    form = BureauForm(
        request.POST or None, request.FILES or None, initial={"as_of": local_date(now())}
    )
    if request.method == "POST" and form.is_valid():
        received = _received(request, form)
        if received:
            return redirect("bureau_list", received.pk)
    page = page_of(BureauList.objects.filter(district=request.membership.district), request)
    context = {
        "form": form,
        "page": page,
        "lists": page.object_list,
        "columns": [str(words) for words in HEADINGS.values()],
    }
    return render(request, "bookings/retention/bureau/lists.html", context)


def _received(request: StaffRequest, form: BureauForm) -> BureauList | None:
    upload = form.cleaned_data["file"]
    try:
        if request.META.get(SKIPPED):  # cut short on its way
            raise FileTooLarge
        return journey.receive_list(
            district=request.membership.district,
            file=upload.file,
            name=upload.name,
            size=upload.size,
            as_of=form.cleaned_data["as_of"],
            by=request.user,
            now=now(),
        )
    except Refusal as refusal:
        form.add_error(refusal.field, str(refusal.sentence))
        return None


@staff_only("bureau")
def one_list(request: StaffRequest, pk: int) -> HttpResponse:
    """How far a list is, what it would write, what it has written."""
    lists = BureauList.objects.filter(district=request.membership.district)
    one = get_object_or_404(lists.select_related("by", "confirmed_by", "undone_by"), pk=pk)
    asks = request.POST.get("act") == "undo" and "sure" not in request.POST
    asks = asks and one.status == BureauList.Status.WRITTEN
    if request.method == "POST" and not asks:
        _act(request, one)
        return redirect("bureau_list", one.pk)
    context = {**_shown(request, one), "asks": asks}
    return render(request, "bookings/retention/bureau/list.html", context)


def _act(request: StaffRequest, one: BureauList) -> None:
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        return
    try:
        act(bureau_list=one, by=request.user, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))


def _shown(request: StaffRequest, one: BureauList) -> dict[str, Any]:
    moving = one.status in BureauList.MOVING
    context: dict[str, Any] = {
        "one": one,
        "moving": moving,
        "stopped": moving and one.moved_at < now() - STOPPED,
        "slips": [(row, REASONS[reason]) for row, reason in one.slips],
    }
    if one.status == BureauList.Status.READY:
        against = one.matches.contradicting().order_by("follow_up")
        page = page_of(against.select_related("follow_up__stay__graduate"), request)
        context |= summary(one)
        context |= {"page": page, "cases": [(one, KINDS[one.said]) for one in page.object_list]}
    return context


@require_GET
@staff_only("bureau")
def template(request: StaffRequest) -> HttpResponse:
    response = HttpResponse(empty_list(), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = 'attachment; filename="bureau-list.xlsx"'
    return response
