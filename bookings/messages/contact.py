"""By which way somebody is told: SMS, unless they have chosen another one that is there."""

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.core import audit
from bookings.core.crypto import keyed_hash
from bookings.core.errors import Refusal
from bookings.core.limits import count
from bookings.messages.models import Channel, Contact

if TYPE_CHECKING:
    from bookings.people.models import User

SALT = "bookings.confirm_email"
GOOD_FOR = dt.timedelta(days=3)
A_DAY = 5


class NotThere(Refusal):
    code = "not_there"
    sentence = _("Confirm your e-mail address first; then we can tell you by e-mail.")
    field = "channel"


class TooManyLinks(Refusal):
    code = "too_many_links"
    sentence = _("Enough links for today. Look for them in your mail, also among unwanted mail.")
    field = "email"


class BadEmailLink(Refusal):
    code = "bad_email_link"
    sentence = _(
        "This link does not open: it is over three days old, was cut off, or is for another address "
        "or account. Ask for a new one on the page of messages."
    )


def ways(contact: Contact | None) -> list[Channel]:
    """The ways that are there for somebody; SMS always is."""
    found = [Channel.SMS]
    if contact and contact.email_confirmed_at and settings.MAIL_CARRIER != "none":
        found.append(Channel.MAIL)
    if contact and contact.openid and settings.WECHAT_CARRIER != "none":
        found.append(Channel.WECHAT)
    return found


def reach(user: "User", kind: str) -> tuple[Channel, str]:
    """The way and the address for a message of a kind to somebody."""
    contact = Contact.objects.filter(user=user).first()
    if contact and contact.channel in ways(contact):
        if contact.channel == Channel.MAIL:
            return Channel.MAIL, contact.email or ""
        if contact.channel == Channel.WECHAT and kind in settings.WECHAT_TEMPLATES:
            return Channel.WECHAT, contact.openid or ""
    return Channel.SMS, user.phone or ""


@transaction.atomic
def choose_way(*, user: "User", channel: str, now: dt.datetime) -> None:
    """Errors: NotThere."""
    contact, _made = Contact.objects.select_for_update().get_or_create(user=user)
    if channel not in ways(contact):
        raise NotThere
    Contact.objects.filter(pk=contact.pk).update(channel=channel)
    audit.record("choose way", user, by=user, now=now, district_id=None, channel=channel)


@transaction.atomic
def set_email(*, user: "User", email: str, now: dt.datetime) -> str:
    """Keep an address, unconfirmed; none: forget it. Until it is confirmed people are told by SMS.

    The link that confirms it, to be sent there; empty where there is nothing to confirm.
    Errors: TooManyLinks.
    """
    contact, _made = Contact.objects.select_for_update().get_or_create(user=user)
    if email and email == contact.email and contact.email_confirmed_at:
        return ""
    if email and count(f"e-mail links of {user.pk}", seconds=24 * 3600, now=now) > A_DAY:
        raise TooManyLinks
    channel = Channel.SMS if contact.channel == Channel.MAIL else contact.channel
    Contact.objects.filter(pk=contact.pk).update(
        email=email or None, email_confirmed_at=None, channel=channel
    )
    audit.record("set e-mail", user, by=user, now=now, district_id=None, removed=not email)
    return link(user, email) if email else ""


def link(user: "User", email: str) -> str:
    token = signing.dumps([user.pk, keyed_hash(email, "e-mail")], salt=SALT)
    return str(settings.SITE_URL) + reverse("confirm_email", args=[token])


def email_of(*, user: "User", token: str) -> Contact:
    """The contact whose address a link confirms. Errors: BadEmailLink, whatever is wrong with it."""
    try:
        whose, digest = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature as error:
        raise BadEmailLink from error
    contact = Contact.objects.filter(user=user).first()
    known = contact and contact.email and keyed_hash(contact.email, "e-mail")
    if contact is None or whose != user.pk or known != digest:
        raise BadEmailLink
    return contact


@transaction.atomic
def confirm_email(*, user: "User", token: str, now: dt.datetime) -> None:
    """The address is theirs, and they are told there from now on. Twice is once.

    Errors: BadEmailLink.
    """
    list(Contact.objects.select_for_update().filter(user=user))  # not changed meanwhile
    contact = email_of(user=user, token=token)
    asked = Contact.objects.filter(pk=contact.pk, email_confirmed_at=None)
    if asked.update(email_confirmed_at=now, channel=Channel.MAIL):
        audit.record("confirm e-mail", user, by=user, now=now, district_id=None)
