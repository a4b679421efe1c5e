"""A forgotten password: the manager has a link sent to the member's own address, nobody else sees it.

The link is good once and for three days (settings.PASSWORD_RESET_TIMEOUT): Django's token ends with the
password, the last sign-in or the address that it was made for. The second factor stays asked for.
"""

import datetime as dt

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy

from bookings.core import audit
from bookings.core.errors import Refusal
from bookings.messages.send import queue
from bookings.people.models import Membership, User
from bookings.people.sessions import end_sessions
from bookings.people.staff.members import locked

SALT = "bookings.new_password"


class BadPasswordLink(Refusal):
    code = "bad_password_link"
    sentence = gettext_lazy(
        "This link does not open: it was used, is over three days old, or was cut off. Ask your "
        "manager for another one."
    )


@transaction.atomic
def send_password_link(*, member: Membership, by: User, now: dt.datetime) -> None:
    """The password stays as it is until the link is used. Errors: OwnMembership, StateChanged."""
    member = locked(member, by=by)
    district = member.district_id
    queue(
        kind="new_password",
        key=f"new-password:{member.user_id}:{now:%Y%m%d%H%M%S}",
        params={"link": link(member.user)},
        user=member.user,
        to=member.user.email or "",
        district_id=district,
        now=now,
    )
    audit.record("send password link", member, by=by, now=now, district_id=district)


def link(user: User) -> str:
    token = signing.dumps([user.pk, default_token_generator.make_token(user)], salt=SALT)
    return str(settings.SITE_URL) + reverse("new_password", args=[token])


def open_password_link(token: str) -> User:
    """Whose link it is. Errors: BadPasswordLink, whatever is wrong with it."""
    try:
        key, secret = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise BadPasswordLink from error
    user = User.objects.filter(pk=key, is_active=True).first()
    if user is None or not default_token_generator.check_token(user, secret):
        raise BadPasswordLink
    return user


@transaction.atomic
def set_password(*, token: str, password: str, now: dt.datetime) -> None:
    """The new password, and all sessions end. Errors: BadPasswordLink: of two presses one wins."""
    held = User.objects.select_for_update().filter(pk=open_password_link(token).pk)
    list(held)  # whoever comes second waits here, and finds the link used
    user = open_password_link(token)
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user=user)
    audit.record("set password", user, by=user, now=now, district_id=None)
