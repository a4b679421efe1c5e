"""Follow-ups: the guest's own answer by a signed link, and the staff's list."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bookings import journey
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.core.paging import page_of
from bookings.people.looks import Reason
from bookings.people.requests import StaffRequest
from bookings.people.roles import may, staff_only
from bookings.retention.follow_up import open_link
from bookings.retention.forms import AnswerForm, RecordForm
from bookings.retention.models import FollowUp


@login_not_required
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Open to whoever holds the link: it was signed for one guest and one question."""
    try:
        follow_up = open_link(token)
    except Refusal as refusal:
        return render(request, "gone.html", {"sentence": refusal.sentence}, status=410)
    form = AnswerForm(request.POST or None)
    done = request.method == "POST" and form.is_valid() and _kept(form, follow_up, "self", None)
    context = {"form": form, "follow_up": follow_up, "done": done}
    return render(request, "bookings/retention/answer.html", context)


def _kept(form: AnswerForm, follow_up: FollowUp, source: str, by: Any) -> bool:
    data = {"source": source, **form.cleaned_data}
    try:
        journey.answer(follow_up=follow_up, by=by, now=now(), **data)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    return True


@require_GET
@staff_only("follow_up")
def due(request: StaffRequest) -> HttpResponse:
    """Questions that are due and not answered, oldest first."""
    waiting = (
        FollowUp.objects.askable()
        .filter(
            stay__station__district=request.membership.district,
            status__in=["due", "asked"],
            due_on__lte=local_date(now()),
        )
        .select_related("stay__graduate", "stay__station", "stay__application__user")
        .order_by("due_on", "pk")
    )
    page = page_of(waiting, request)
    context = {
        "page": page,
        "follow_ups": page.object_list,
        "count": page.paginator.count,
        "may_import": may(request.membership, "bureau"),
    }
    return render(request, "bookings/retention/due.html", context)


@never_cache  # going back is another look
@staff_only("follow_up")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    asked = FollowUp.objects.exclude(status=FollowUp.Status.DECLINED)
    follow_up = get_object_or_404(
        asked.select_related("stay__graduate", "stay__station", "stay__application__user"),
        pk=pk,
        stay__station__district=request.membership.district,
    )
    form = RecordForm(request.POST or None)
    sent = request.method == "POST" and form.is_valid()
    if sent and _kept(form, follow_up, form.cleaned_data["source"], request.user):
        messages.success(request, _("Recorded."))
        return redirect("follow_ups")
    person = follow_up.stay.graduate
    why = Reason.CALL  # nobody opens this page for anything else
    journey.note_look(person, what="phone", reason=why, by=request.membership, now=now())
    context = {"form": form, "follow_up": follow_up, "phone": follow_up.stay.application.user.phone}
    return render(request, "bookings/retention/record.html", context)
