"""How django-allauth finds, keeps and messages a phone number here."""

import logging
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.core.clock import now
from bookings.core.limits import count
from bookings.messages.send import queue
from bookings.people.fields import PhoneField
from bookings.people.graduate import district_id_of
from bookings.people.models import User
from bookings.people.phone import change_phone

logger = logging.getLogger(__name__)
CODES_A_DAY = 10


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
        """Message a sign-in code; beyond the day's quota of a number nothing is sent."""
        if not self._within_quota(phone):
            logger.warning("sign-in codes of a number are over the day's quota")
            return
        queue(
            kind="code",
            key=f"code:{secrets.token_hex(8)}",
            params={"code": code},
            user=user,
            to=phone,
            district_id=district_id_of(user),
            now=now(),
        )

    def send_unknown_account_sms(self, phone: str, **kwargs: object) -> None:
        """Never called: an unknown number becomes an account when its code is asked for."""

    def _within_quota(self, phone: str) -> bool:
        return count(f"codes to {phone}", seconds=24 * 3600, now=now()) <= CODES_A_DAY
