"""Accounts by phone number, and accounts of those who have none."""

import datetime as dt

from django.db import IntegrityError, transaction

from bookings.core import audit
from bookings.core.clock import local_date
from bookings.core.crypto import keyed_hash
from bookings.core.deleting import delete
from bookings.people.models import User


@transaction.atomic
def forget_unverified(*, now: dt.datetime) -> int:
    """Remove accounts whose number was typed but never verified, a day later. Returns how many."""
    limit = now - dt.timedelta(days=1)
    stale = User.objects.filter(
        phone_verified=False,
        phone_hash__isnull=False,
        last_login=None,
        joined_at__lt=limit,
        applications=None,
    )
    if count := delete(stale):
        told = {"count": count, "before": local_date(limit).isoformat(), "rule": "unverified"}
        audit.record("delete", "accounts", by=None, now=now, district_id=None, **told)
    return count


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
