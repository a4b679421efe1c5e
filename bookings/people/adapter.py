"""How django-allauth finds, keeps and messages a phone number here."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.core.clock import now
from bookings.messages.send import queue
from bookings.people.codes import may_send, spent
from bookings.people.fields import PhoneField
from bookings.people.graduate import district_id_of
from bookings.people.models import User
from bookings.people.phone import change_phone

NO_CODE_TODAY = gettext_lazy(
    "Very many codes have been asked for today. If none has come within five minutes, try again after "
    "eight in the morning, or call us."
)


class Adapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": gettext_lazy("That is not the code. Compare it with the newest SMS."),
        "email_password_mismatch": gettext_lazy(
            "The e-mail address or the password is not right. Ask your manager if you forgot it."
        ),
        "too_many_login_attempts": gettext_lazy(
            "Too many attempts. Wait five minutes, then try again."
        ),
        "rate_limited": gettext_lazy("Too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # an account is made by the first sign-in with a phone number

    def phone_form_field(self, **kwargs: object) -> PhoneField:
        return PhoneField(**kwargs)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Password and second factor where there are any; else a code to the account's phone."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if methods or not user.is_authenticated or not user.phone:
            return methods
        return [{"id": "sms", "description": _("Use a code by SMS"), "url": reverse("is_it_you")}]

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        change_phone(user=user, phone=phone, verified=verified, by=user, now=now())

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user: User, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.by_phone(phone)

    def send_verification_code_sms(
        self, user: User, phone: str, code: str, **kwargs: object
    ) -> None:
        """Message a sign-in code, within the day's limits. Where a budget of the site is spent everybody
        is told alike: nobody learns whether the number is known."""
        moment = now()
        goes = may_send(user, phone, now=moment)
        if spent(now=moment):
            messages.warning(self.request, NO_CODE_TODAY)
        if not goes:
            return
        queue(
            kind="code",
            key=f"code:{secrets.token_hex(8)}",
            params={"code": code},
            user=user,
            to=phone,
            district_id=district_id_of(user),
            now=moment,
        )

    def send_unknown_account_sms(self, phone: str, **kwargs: object) -> None:
        """Never called: an unknown number becomes an account when its code is asked for."""
