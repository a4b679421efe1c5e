"""The staff's call list, the page of one call, and the papers that came with answers."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bookings import journey
from bookings.core.clock import at_local, local_date, now
from bookings.core.errors import Refusal
from bookings.core.paging import page_of
from bookings.people.looks import Reason
from bookings.people.requests import StaffRequest
from bookings.people.roles import may, staff_only, stations_of
from bookings.retention.calls import claim
from bookings.retention.calls.forms import CallForm, FilterForm, PassForm
from bookings.retention.calls.queue import LISTS, done_today, next_call, to_call
from bookings.retention.models import FollowUp, Proof

TABS = {
    "call": gettext_lazy("To call now"),
    "later": gettext_lazy("Later"),
    "guest": gettext_lazy("Sent to the guest"),
    "papers": gettext_lazy("Papers to look at"),
}
PEOPLE = ("stay__graduate", "stay__station__district", "stay__application__user", "caller")
ACTS: dict[str, Callable[..., object]] = {"call": journey.call, "pass": journey.pass_on}


def _filter(request: StaffRequest) -> FilterForm:
    stations = stations_of(request.membership)
    return FilterForm(request.GET, user=request.user, stations=stations)


@require_GET
@staff_only("follow_up")
def calls(request: StaffRequest) -> HttpResponse:
    """Whom to call now, whom later; who has been sent the question; papers that wait."""
    moment, district, chosen = now(), request.membership.district, _filter(request)
    lists = {name: chosen.narrow(rows(district, moment)) for name, rows in LISTS.items()}
    shown = request.GET.get("list", "")
    shown = shown if shown in LISTS else "call"
    page = page_of(lists[shown].select_related(*PEOPLE), request)
    done = done_today(district, moment)
    context = {
        "tabs": [(name, label, lists[name].count()) for name, label in TABS.items()],
        "shown": shown,
        "page": page,
        "follow_ups": page.object_list,
        "filter": chosen,
        "query": _query(request),
        "done": done.count(),
        "mine": done.filter(by=request.user).count(),
        "left": lists["call"].count(),
        "first": next_call(lists["call"], user=request.user, now=moment),
        "may_import": may(request.membership, "bureau"),
        "now": moment,
    }
    return render(request, "bookings/retention/calls.html", context)


def _query(request: StaffRequest) -> str:
    """The choice of the list, for the addresses on the page."""
    kept = request.GET.copy()
    for name in ("page", "list"):
        kept.pop(name, None)
    return kept.urlencode()


@never_cache  # going back is another look
@staff_only("follow_up")
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """One call. Opening it takes it; what came of it leads to the next one. Who declined is not looked
    at, but who was on the telephone meanwhile is told so."""
    asked = FollowUp.objects.askable().select_related(*PEOPLE)
    district = request.membership.district
    if request.method != "POST":
        asked = asked.exclude(status=FollowUp.Status.DECLINED)
    question = get_object_or_404(asked, pk=pk, stay__station__district=district)
    moment = now()
    rows = _filter(request).narrow(to_call(district, moment))
    following = next_call(rows, after=question, user=request.user, now=moment)
    act = "pass" if request.POST.get("act") == "pass" else "call"
    forms = _forms(request, act, question, moment)
    if request.method == "POST" and _does(request, forms[act], act, question, moment):
        return _next(request, following, left=rows.count())
    place = {"next": following, "left": rows.count(), "query": _query(request)}
    if question.status == FollowUp.Status.DECLINED:
        return render(request, "bookings/retention/call_declined.html", place)
    return _shown(request, question, place, forms=forms, act=act, moment=moment)


def _forms(
    request: StaffRequest, act: str, question: FollowUp, moment: dt.datetime
) -> dict[str, Any]:
    """Both parts of the page: one is what was sent, the other keeps what was typed."""
    sent = {act: request.POST} if request.method == "POST" else {}
    typed = {"call_back_at": _soon(moment), **request.POST.dict()}
    colleagues = claim.callers(question.stay.station.district_id).exclude(user=request.user)
    return {
        "call": CallForm(sent.get("call"), initial=typed),
        "pass": PassForm(sent.get("pass"), initial=typed, colleagues=colleagues),
    }


def _soon(moment: dt.datetime) -> dt.datetime:
    """When to call back unless one says otherwise: in two hours, in the evening tomorrow at ten."""
    soon = localtime(moment + dt.timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
    if 9 <= soon.hour <= 20:
        return soon
    return at_local(local_date(moment) + dt.timedelta(days=1), dt.time(10))


def _does(
    request: StaffRequest, form: Any, act: str, question: FollowUp, moment: dt.datetime
) -> bool:
    """Do it; where it is refused, the form says why and keeps what was typed."""
    if not form.is_valid():
        return False
    try:
        ACTS[act](follow_up=question, by=request.user, now=moment, **form.told)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    return True


def _next(request: StaffRequest, following: int | None, *, left: int) -> HttpResponse:
    """The next call opens by itself; after the last one, the list."""
    messages.success(request, _("Kept. %(left)s left.") % {"left": left})
    address = reverse("follow_up", args=[following]) if following else reverse("follow_ups")
    return redirect(f"{address}?{_query(request)}" if _query(request) else address)


def _shown(
    request: StaffRequest,
    question: FollowUp,
    place: dict[str, Any],
    *,
    forms: dict[str, Any],
    act: str,
    moment: dt.datetime,
) -> HttpResponse:
    taken = _take(request, question, moment)
    stay = question.stay
    calling = not taken and question.status != FollowUp.Status.ANSWERED
    phone = stay.application.user.phone if calling else None
    if phone:
        journey.note_look(
            stay.graduate, what="phone", reason=Reason.CALL, by=request.membership, now=moment
        )
    attempts = list(question.attempts.select_related("by").order_by("number"))
    context = {
        **place,
        "form": forms[act] if forms[act].is_bound else None,
        "call": forms["call"],
        "pass": forms["pass"],
        "follow_up": question,
        "calling": calling,
        "phone": phone,
        "taken": taken,
        "attempts": attempts,
        "number": _number(forms[act], len(attempts) + 1),
        "outcomes": question.outcomes.select_related("by").ruling_first(),
        "proof": Proof.objects.filter(outcome__follow_up=question)
        .select_related("outcome")
        .first(),
        "done": done_today(request.membership.district, moment).count(),
        "now": moment,
    }
    return render(request, "bookings/retention/call.html", context)


def _number(form: Any, following: int) -> int:
    """That of the attempt on the page: after a slip as it was sent, so that who was overtaken meanwhile is
    still told; after being told, the following one."""
    if not form.is_bound or form.non_field_errors():
        return following
    return int(form.cleaned_data.get("number", following))


def _take(request: StaffRequest, question: FollowUp, moment: dt.datetime) -> str:
    """Have the call at hand while its page is open; the sentence that says why not."""
    try:
        claim.take(follow_up=question, by=request.user, now=moment)
    except Refusal as refusal:
        return str(refusal.sentence)
    return ""


def _proof(request: StaffRequest, pk: int) -> Proof:
    mine = Proof.objects.filter(
        outcome__follow_up__stay__station__district=request.membership.district
    )
    return get_object_or_404(mine.select_related("outcome__follow_up__stay__station"), pk=pk)


@require_GET
@staff_only("follow_up")
def proof_file(request: StaffRequest, pk: int) -> HttpResponse:
    """A paper that came with an answer; each look leaves a trace."""
    proof = _proof(request, pk)
    person = proof.outcome.follow_up.stay.graduate
    journey.note_look(person, what="evidence", by=request.membership, now=now())
    response = HttpResponse(proof.file.read(), content_type=proof.content_type)
    response["Content-Disposition"] = f'inline; filename="proof-{proof.pk}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
@staff_only("follow_up")
def judge_proof(request: StaffRequest, pk: int) -> HttpResponse:
    """It shows what was said, or it does not; either way it is deleted."""
    proof = _proof(request, pk)
    confirmed = request.POST.get("shows") == "yes"
    event = journey.confirm_proof if confirmed else journey.decline_proof
    try:
        event(proof=proof, by=request.user, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, _("Recorded. The paper has been deleted."))
    return redirect(f"{reverse('follow_ups')}?list=papers")
