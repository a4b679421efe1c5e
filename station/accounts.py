"""The pages of django-allauth that this site has. One that is not listed here does not exist."""

from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account import views
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils.translation import gettext as _

from bookings.core.limits import limited
from bookings.people.is_it_you import is_it_you
from bookings.people.phone import NumberTaken
from bookings.people.wechat import views as wechat


@wraps(views.password_change)
def password_change(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """For staff: whoever signs in by SMS has no password, and the library's page to set one is not ours."""
    if request.user.is_authenticated and not request.user.has_usable_password():
        raise Http404
    answer: HttpResponse = views.password_change(request, *args, **kwargs)
    return answer


@login_not_required  # the library looks itself
@wraps(views.verify_phone)
def verify_phone(request: HttpRequest) -> HttpResponse:
    """Of two who confirm one number at one moment, one is told here that it is taken."""
    try:
        answer: HttpResponse = views.verify_phone(request)
    except NumberTaken:
        messages.error(
            request,
            _("Somebody else has just confirmed this number. Is it yours? Telephone us."),
        )
        return redirect("account_change_phone")
    confirmed = request.method == "POST" and answer.status_code == HTTPStatus.FOUND
    if confirmed and answer["Location"] == reverse("account_change_phone"):  # an empty form
        return redirect("after_login")
    return answer


urlpatterns = [
    path("login/", limited("sign-ins")(views.login), name="account_login"),
    path(
        "login/code/",
        limited("codes", only="POST")(views.request_login_code),
        name="account_request_login_code",
    ),
    path(
        "login/code/confirm/",
        limited("sign-ins")(views.confirm_login_code),
        name="account_confirm_login_code",
    ),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", password_change, name="account_change_password"),
    path(
        "phone/change/",
        limited("codes", only="POST")(is_it_you(views.change_phone)),
        name="account_change_phone",
    ),
    path("phone/verify/", verify_phone, name="account_verify_phone"),
    path("2fa/", include("allauth.mfa.urls")),
    path("wechat/", wechat.sign_in, name="weixin_login"),
    path("wechat/callback/", wechat.callback, name="weixin_callback"),
    path("wechat/bind/", wechat.bind, name="wechat_bind"),
    path("wechat/unbind/", wechat.unbind, name="wechat_unbind"),
]
