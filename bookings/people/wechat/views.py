"""To WeChat and back: signing in, binding one's account; unbinding it. Nothing here where it is not set up."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from bookings.core.clock import now
from bookings.core.limits import limited
from bookings.people.is_it_you import is_it_you
from bookings.people.requests import SignedIn
from bookings.people.wechat.bind import PROVIDER, is_guest, unbind_wechat
from bookings.people.wechat.provider import OAuth

View = Callable[..., HttpResponse]


def set_up(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.WECHAT_SIGN_IN == "none":
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@login_not_required
@require_POST
@set_up
@limited("sign-ins")
def sign_in(request: HttpRequest) -> HttpResponse:
    return _to_wechat(request, "login", get_next_redirect_url(request))


@login_not_required
@never_cache
@require_GET
@set_up
@limited("sign-ins")
def callback(request: HttpRequest) -> HttpResponse:
    """Where WeChat sends people back to; what was begun in this session and no other is gone on with."""
    answer: HttpResponse = OAuth2CallbackView.adapter_view(OAuth)(request)
    return answer


@require_POST
@set_up
@is_it_you
def bind(request: SignedIn) -> HttpResponse:
    if not is_guest(request.user):
        raise Http404
    return _to_wechat(request, "connect", reverse("sessions"))


@require_POST
@is_it_you
def unbind(request: SignedIn) -> HttpResponse:
    """Also where signing in through WeChat has been switched off meanwhile."""
    if unbind_wechat(user=request.user, by=request.user, now=now()):
        messages.success(request, _("WeChat does not open your account any more."))
    return redirect("sessions")


def _to_wechat(request: HttpRequest, process: str, next_url: str | None) -> HttpResponse:
    provider = get_adapter(request).get_provider(request, PROVIDER)
    answer: HttpResponse = provider.redirect(request, process, next_url=next_url)
    return answer
