"""Accounts by phone number."""

import datetime as dt

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
