"""Before what only its owner may do: somebody signed in a while ago is asked once more.

Staff give their password, app or passkey (django-allauth's pages); who has none of these, a code
that goes to their phone. It holds for five minutes, as does signing in by code.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from allauth.core.exceptions import ReauthenticationRequired
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from bookings.people.models import User
from bookings.people.requests import SignedIn

HOLDS = 5 * 60  # seconds; allauth's own is the same
ATTEMPTS = 3
KEY = "is_it_you"
View = Callable[..., HttpResponse]


def is_it_you(view: View) -> View:
    """Let a view be used only by somebody who has just shown who they are."""

    @wraps(view)
    def guarded(request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = get_adapter().get_reauthentication_methods(request.user)
        if asked and not _just_shown(request):
            raise ReauthenticationRequired  # allauth's middleware asks, then sends it again
        return view(request, *args, **kwargs)

    return guarded


def is_it_you_to_send(view: View) -> View:
    """The same for what is sent; to look is free."""
    sure = is_it_you(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return (sure if request.method == "POST" else view)(request, *args, **kwargs)

    return guarded


def _just_shown(request: SignedIn) -> bool:
    since = time.time() - HOLDS
    return any(
        one["at"] >= since and (one["method"] == "code" or one.get("reauthenticated"))
        for one in get_authentication_records(request, request.user)
    )


class CodeToOwnPhone(AbstractCodeVerificationProcess):
    """A code to the number that the account has, remembered in the session."""

    def __init__(self, request: SignedIn, state: dict[str, Any]) -> None:
        super().__init__(max_attempts=ATTEMPTS, timeout=HOLDS, state=state, user=request.user)
        self.request = request

    @classmethod
    def begin(cls, request: SignedIn) -> None:
        one = cls(request, cls.initial_state(request.user, phone=request.user.phone))
        one.send()
        one.persist()

    @classmethod
    def going_on(cls, request: SignedIn) -> "CodeToOwnPhone | None":
        state = request.session.get(KEY)
        return cls(request, state).abort_if_invalid() if state else None

    def send(self) -> None:
        adapter, user, phone = get_adapter(), self.request.user, self.state["phone"]
        self.state["code"] = adapter._generate_phone_verification_code_compat(
            user=user, phone=phone
        )
        adapter.send_verification_code_sms(user=user, phone=phone, code=self.code)

    def persist(self) -> None:
        self.request.session[KEY] = self.state

    def abort(self) -> None:
        self.request.session.pop(KEY, None)


class CodeForm(forms.Form):
    code = forms.CharField(label=_("Code"), max_length=6)

    def __init__(self, *args: Any, sent: CodeToOwnPhone | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sent = sent

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not self.sent or not constant_time_compare(code, self.sent.code):
            if self.sent:
                self.sent.record_invalid_attempt()
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeView(BaseReauthenticateView):
    """Send a code to the account's own phone; the right one lets what was asked for go on."""

    form_class = CodeForm
    template_name = "bookings/people/is_it_you.html"
    request: SignedIn

    def post(self, request: SignedIn, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") == "send":
            CodeToOwnPhone.begin(request)
            return HttpResponseRedirect(self.passthrough_next_url(request.path))
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sent": CodeToOwnPhone.going_on(self.request)}

    def form_valid(self, form: CodeForm) -> HttpResponse:
        user: User = self.request.user
        if form.sent:
            form.sent.abort()  # it is good once
        record_authentication(self.request, user, method="code", phone=user.phone)
        answer: HttpResponse = super().form_valid(form)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sent = CodeToOwnPhone.going_on(self.request)
        return {
            **super().get_context_data(**kwargs),
            "sent": sent,
            "number": (self.request.user.phone or "")[-4:],
        }
