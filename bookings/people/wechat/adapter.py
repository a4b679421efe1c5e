"""What follows when WeChat has said who somebody is: their account is opened or bound, or they are told
what to do first. Nobody gets an account this way."""

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.people.wechat.bind import NotForStaff, bind_wechat, is_guest


class WeChatAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") == "connect":
            self._bind(request, sociallogin)
        if not is_guest(sociallogin.user):
            _back(request, str(NotForStaff.sentence))
        if not sociallogin.is_existing or not sociallogin.user.phone_verified:
            _back(
                request,
                _("Sign in with your mobile number once, then bind WeChat to your account."),
            )

    def _bind(self, request: HttpRequest, sociallogin: SocialLogin) -> NoReturn:
        if not request.user.is_authenticated:
            _back(request, _("Sign in again, then bind WeChat to your account."))
        try:
            bind_wechat(user=request.user, uid=sociallogin.account.uid, now=now())
            messages.success(request, _("From now on you can sign in through WeChat."))
        except Refusal as refusal:
            messages.error(request, str(refusal.sentence))
        raise ImmediateHttpResponse(redirect("sessions"))

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> NoReturn:
        _back(request, _("WeChat did not confirm it. Try again, or use your mobile number."))


def _back(request: HttpRequest, sentence: str) -> NoReturn:
    messages.error(request, sentence)
    signed_in = request.user.is_authenticated
    raise ImmediateHttpResponse(redirect("sessions" if signed_in else "account_request_login_code"))
