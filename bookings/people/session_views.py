"""Where I am signed in: everybody sees their own, and ends one or all others."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bookings.core.clock import now
from bookings.people.requests import SignedIn
from bookings.people.sessions import end_sessions, sessions_of
from bookings.people.wechat.bind import bound_at, is_guest


@never_cache
@require_GET
def sessions(request: SignedIn) -> HttpResponse:
    own = request.session.session_key
    found = sessions_of(request.user, current=own, now=now())
    context = {
        "sessions": found,
        "wechat_since": bound_at(request.user),
        "may_bind": is_guest(request.user),
    }
    return render(request, "bookings/people/sessions.html", context)


@require_POST
def end_one(request: SignedIn, pk: int) -> HttpResponse:
    if end_sessions(user=request.user, only=pk):
        messages.success(request, _("That device is signed out."))
    return redirect("sessions")


@require_POST
def end_others(request: SignedIn) -> HttpResponse:
    end_sessions(user=request.user, but=request.session.session_key)
    messages.success(request, _("Only this device is still signed in."))
    return redirect("sessions")
