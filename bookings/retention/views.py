"""The guest's own answers: by a signed link, and on the page of the stay that is over."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bookings import journey
from bookings.beds.models import Stay
from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.people.requests import SignedIn
from bookings.retention.follow_up import open_link
from bookings.retention.forms import AnswerForm, MoreForm
from bookings.retention.models import FollowUp, Outcome

KINDS = Outcome.Kind.choices


def _linked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open to whoever holds the link: it was signed for one guest and one question."""

    @login_not_required
    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        try:
            follow_up = open_link(token)
        except Refusal as refusal:
            return render(request, "gone.html", {"sentence": refusal.sentence}, status=410)
        return view(request, token, follow_up)

    return opened


@_linked
def answer(request: HttpRequest, token: str, follow_up: FollowUp) -> HttpResponse:
    """The question: one press answers it."""
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        told = {"follow_up": follow_up, "kind": kind, "source": "self", "by": None, "now": now()}
        if _kept(form, journey.answer, **told):
            return redirect("follow_up_more", token)
    context = {
        "form": form,
        "follow_up": follow_up,
        "kinds": KINDS,
        "token": token,
        "declined": follow_up.status == FollowUp.Status.DECLINED,
    }
    return render(request, "bookings/retention/answer.html", context)


@_linked
def more(request: HttpRequest, token: str, follow_up: FollowUp) -> HttpResponse:
    """The answer is kept; who works may say where, and show a paper."""
    said = follow_up.outcomes.filter(source="self", by=None).order_by("at", "pk").last()
    if said is None:
        return redirect("follow_up_answer", token)
    form = MoreForm(request.POST or None, request.FILES or None, initial=said.details)
    if request.method == "POST" and form.is_valid():
        told = {"follow_up": follow_up, "paper": form.cleaned_data["file"], "now": now()}
        if _kept(form, journey.tell_more, **told, **form.work):
            messages.success(request, _("Kept. Thank you."))
            return redirect("follow_up_more", token)
    context = {
        "form": form,
        "said": said,
        "token": token,
        "works": said.kind in Outcome.WORKING,
        "told": any(said.details.values()) or hasattr(said, "proof"),
    }
    return render(request, "bookings/retention/more.html", context)


@_linked
@require_POST
def stop(request: HttpRequest, token: str, follow_up: FollowUp) -> HttpResponse:
    """No more questions, at a press: the link is proof enough for that."""
    stay = follow_up.stay
    journey.withdraw_consent(person=stay.graduate, by=stay.application.user, now=now())
    return redirect("follow_up_answer", token)


@require_POST
def leaving(request: SignedIn, pk: int) -> HttpResponse:
    """What comes next, asked on the page of one's stay once one has left."""
    stays = Stay.objects.filter(application__user=request.user).select_related("application")
    stay = get_object_or_404(stays, application=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the answers on this page."))
    elif _kept(form, journey.answer_leaving, stay=stay, now=now(), **form.cleaned_data):
        messages.success(request, _("Thank you. All the best!"))
    else:
        messages.error(request, str(form.non_field_errors()[0]))
    return redirect("application", pk)


def _kept(form: forms.Form, event: Callable[..., object], **told: Any) -> bool:
    """Do it; where it is refused, the form says why beside the field and keeps what was typed."""
    try:
        event(**told)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
        return False
    return True
