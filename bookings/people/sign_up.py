"""Accounts by phone number, and accounts of those who have none."""

import datetime as dt

from django.db import IntegrityError, transaction

from bookings.core.crypto import keyed_hash
from bookings.people.models import User


def forget_unverified(*, now: dt.datetime) -> int:
    """Remove accounts whose number was typed but never verified, a day later. Returns how many."""
    stale = User.objects.filter(
        phone_verified=False,
        phone_hash__isnull=False,
        last_login=None,
        joined_at__lt=now - dt.timedelta(days=1),
        applications=None,
    )
    return stale.delete()[0]


@transaction.atomic
def desk_account(*, phone: str, language: str) -> User:
    """A new account for a guest at the desk. Without a number nobody can sign in to it."""
    user = User.objects.create(password="!", language=language)
    give_phone(user=user, phone=phone)
    return user


@transaction.atomic
def give_phone(*, user: User, phone: str) -> bool:
    """Let an account without a number have this one. False: it has one, or another account has this
    one; whose that is only a code sent to it shows, so nothing is joined and nothing is said."""
    if not phone or user.phone:
        return False
    given = {"phone": phone, "phone_hash": keyed_hash(phone, "phone")}
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk, phone_hash=None).update(**given)
    except IntegrityError:
        return False
    user.refresh_from_db(fields=["phone", "phone_hash"])
    return True
