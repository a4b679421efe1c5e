"""A university's list, judged and given back at once; the server keeps nothing of it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bookings.core import audit
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.core.sheets import MEDIA_TYPE
from bookings.eligibility.decide import rules_of
from bookings.eligibility.lists.answer import answer, template
from bookings.eligibility.lists.forms import ListForm
from bookings.eligibility.lists.read import Screened, screen
from bookings.eligibility.lists.words import HEADINGS
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only
from bookings.places.models import Policy


@staff_only("review")
def lists(request: StaffRequest) -> HttpResponse:
    """Drop a list, get it back with a verdict on every row."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        response = _answered(request, form)
        if response is not None:
            return response
    columns = [str(words) for words in HEADINGS.values()]
    return render(request, "bookings/eligibility/lists.html", {"form": form, "columns": columns})


def _answered(request: StaffRequest, form: ListForm) -> HttpResponse | None:
    today = local_date(now())
    policy = Policy.objects.in_force(request.membership.district, today)
    try:
        screened = screen(form.cleaned_data["file"], rules_of(policy), today=today)
    except Refusal as refusal:
        form.add_error("file", str(refusal.sentence))
        return None
    _note(request, policy, screened)
    file = answer(screened, policy=str(policy), day=today.isoformat())
    return _download(file, f"list-{today:%Y%m%d}.xlsx")


def _note(request: StaffRequest, policy: Policy, screened: Screened) -> None:
    """That so many people were judged leaves a trace; who they were does not."""
    audit.record(
        "screen list",
        policy,
        by=request.user,
        now=now(),
        district_id=policy.district_id,
        people=len(screened.rows),
    )


@require_GET
@staff_only("review")
def list_template(request: StaffRequest) -> HttpResponse:
    return _download(template(), "list-template.xlsx")


def _download(file: bytes, name: str) -> HttpResponse:
    response = HttpResponse(file, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
