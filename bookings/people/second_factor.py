"""The second factor of staff: an authenticator app or a passkey beside the password.

django-allauth asks for it at sign-in once there is one; here is who must have one, and how its
secrets are kept: sealed with the data key like all that is secret.
"""

import base64
import json
from collections.abc import Iterator
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bookings.core.crypto import Undecipherable, decrypt, encrypt, reseal
from bookings.people.models import User

CONTEXT = "mfa_authenticator.data"
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# pages that somebody without a second factor may still open: to set one up, to leave
WITHOUT = ("/accounts/", "/language/", "/static/")


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That is not the code. Wait for the next one and type it at once."),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(encrypt(text.encode(), CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(base64.b64decode(encrypted_text), CONTEXT).decode()


def resealed(data: Any) -> Any:
    """What allauth keeps of a factor, with all that is sealed in it sealed by the present key."""
    if isinstance(data, dict):
        return {name: resealed(value) for name, value in data.items()}
    if isinstance(data, list):
        return [resealed(value) for value in data]
    return _resealed_text(data) if isinstance(data, str) else data


def _resealed_text(text: str) -> str:
    """As it is where it is nothing sealed: a key's name, what a passkey says."""
    try:
        sealed = base64.b64decode(text, validate=True)
        return base64.b64encode(reseal(sealed, CONTEXT)).decode()
    except (ValueError, Undecipherable):
        return text


def has_second_factor(user: str) -> Exists:
    """A condition over rows: whether the account that the column `user` names has one."""
    return Exists(Authenticator.objects.filter(user=OuterRef(user), type__in=FACTORS))


def unsealed() -> Iterator[int]:
    """The numbers of apps whose secret does not open with our key."""
    for one in Authenticator.objects.filter(type=Authenticator.Type.TOTP).iterator():
        try:
            SecondFactorAdapter().decrypt(one.data["secret"])
        except (Undecipherable, ValueError):
            yield one.pk


def must_set_up(request: HttpRequest) -> bool:
    """Whether this is staff without the second factor that staff must have, on a page for which
    they need it."""
    if not settings.STAFF_SECOND_FACTOR or request.path.startswith(WITHOUT):
        return False
    if not isinstance(request.user, User):
        return False
    membership = request.membership  # type: ignore[attr-defined]
    if membership:
        return not membership.second_factor
    return request.user.is_staff and not _has_one(request.user)


def _has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def unreadable(request: HttpRequest) -> bool:
    """Whether a passkey's answer is JSON that no program reads (thousands of digits, or as many
    brackets): the library's forms take such an error for one of ours."""
    if request.method != "POST" or not request.path.startswith("/accounts/2fa/"):
        return False
    try:
        json.loads(request.POST.get("credential", ""))
    except json.JSONDecodeError:
        return False  # which the form says
    except (ValueError, RecursionError):
        return True
    return False
