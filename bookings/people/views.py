"""The staff's front door, and what is kept about oneself."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bookings import journey
from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.people.is_it_you import is_it_you
from bookings.people.looks import WHY
from bookings.people.models import Graduate, Role, mask_number
from bookings.people.requests import SignedIn
from bookings.people.roles import HOME

SHOWN_BY_THEIR_ENDS = ("doc_number", "guardian_phone", "chsi_code", "certificate_number")


@require_GET
def staff_home(request: SignedIn) -> HttpResponse:
    membership = request.membership
    if not membership:
        raise PermissionDenied
    return redirect(HOME[membership.role])


@never_cache
@require_GET
def my_data(request: SignedIn) -> HttpResponse:
    """All that is kept about the person who asks, with numbers masked, and who looked at it."""
    return _my_data(request, whole=False)


@never_cache
@require_GET
@is_it_you
def my_number(request: SignedIn) -> HttpResponse:
    """The same with the whole numbers."""
    return _my_data(request, whole=True)


def _my_data(request: SignedIn, *, whole: bool) -> HttpResponse:
    data = journey.portrait(user=request.user)
    if not whole:
        _mask(data)
    roles = dict(Role.choices)
    looks = [
        (
            dt.datetime.fromisoformat(look["at"]),
            journey.LOOKED_AT.get(look["what"], look["what"]),
            roles.get(look["role"], look["role"]),
            look["words"] or WHY.get(look["reason"], ""),
        )
        for look in data["looks"]
    ]
    consents = [one["follow_up_consent"] for one in data["applications"] if one["submitted_at"]]
    context = {
        "data": data,
        "whole": whole,
        "sections": [
            (key, journey.label(key), journey.in_words(key, part))
            for key, part in data.items()
            if key not in ("looks", "sessions") and part
        ],
        "looks": looks,
        "register": _told_by_the_register(data["questions"]),
        "consents": any(consents),
        "applied": bool(consents),
    }
    return render(request, "bookings/people/my_data.html", context)


def _mask(data: dict[str, Any]) -> None:
    """Numbers that open doors elsewhere are shown by their ends only, kept or typed so far."""
    typed = [step for one in data["applications"] for step in one["typed"].values()]
    for one in filter(None, [data["person"], *typed]):
        for name in SHOWN_BY_THEIR_ENDS:
            if one.get(name):
                one[name] = mask_number(one[name])


def _told_by_the_register(questions: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Days after leaving, employer, when it was told, whether it was taken back."""
    return [
        (question["horizon_days"], one["employer"], at, one["taken_back"])
        for question in questions
        for one in question["outcomes"]
        if one["source"] == "register"
        for at in [dt.datetime.fromisoformat(one["at"])]
    ]


@never_cache
@require_GET
@is_it_you
def my_data_json(request: SignedIn) -> HttpResponse:
    data = journey.take_portrait(user=request.user, now=now())
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@never_cache
@require_GET
@is_it_you
def my_data_pdf(request: SignedIn) -> HttpResponse:
    """The same facts, in words."""
    paper = journey.take_portrait_pdf(user=request.user, now=now(), fonts=settings.FONT_DIR)
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="my-data.pdf"'
    return response


@require_POST
def withdraw_consent(request: SignedIn) -> HttpResponse:
    person = get_object_or_404(Graduate, user=request.user)
    journey.withdraw_consent(person=person, by=request.user, now=now())
    messages.success(request, _("We will not ask you any more."))
    return redirect("my_data")


@require_POST
def give_consent(request: SignedIn) -> HttpResponse:
    person = get_object_or_404(Graduate, user=request.user)
    journey.give_consent(person=person, by=request.user, now=now())
    messages.success(request, _("Thank you. We will ask you when the day comes."))
    return redirect("my_data")


@require_POST
@is_it_you
def forget_me(request: SignedIn) -> HttpResponse:
    """Erase who one was; asked for with a tick, because it cannot be undone."""
    person = get_object_or_404(Graduate, user=request.user)
    if not request.POST.get("sure"):
        messages.error(request, _("Tick that you are sure. Nothing has been deleted."))
        return redirect("my_data")
    try:
        journey.forget_person(person=person, by=request.user, now=now())
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
        return redirect("my_data")
    logout(request)
    messages.success(request, _("Your data has been deleted. All the best!"))
    return redirect("home")
