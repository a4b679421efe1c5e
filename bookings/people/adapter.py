"""How django-allauth finds, keeps and messages a phone number here."""

import logging
import secrets

from allauth.account.adapter import DefaultAccountAdapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.core.clock import now
from bookings.core.crypto import keyed_hash
from bookings.messages.send import queue
from bookings.people.fields import PhoneField
from bookings.people.models import User

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

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone, user.phone_hash = phone, keyed_hash(phone, "phone")
        user.phone_verified = verified
        user.save(update_fields=["phone", "phone_hash", "phone_verified"])

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
        text = _("Youth Station: your sign-in code is %(code)s. Tell it to nobody.") % {
            "code": code
        }
        queue(user=user, key=f"code:{secrets.token_hex(8)}", text=text, to=phone, now=now())

    def send_unknown_account_sms(self, phone: str, **kwargs: object) -> None:
        """Never called: an unknown number becomes an account when its code is asked for."""

    def _within_quota(self, phone: str) -> bool:
        key = f"codes:{keyed_hash(phone, 'quota')}:{now():%Y%m%d}"
        cache.add(key, 0, 24 * 3600)
        return cache.incr(key) <= CODES_A_DAY
