"""How many sign-in codes go out by SMS in a day: to a number, and from the whole site.

Whoever has many numbers could else spend a district's money. New numbers and known guests are counted
apart: when the one budget is spent, the other goes on. Counted in the shared cache, as all limits
(core/limits.py): what cannot be counted is sent. The numbers are settings.CODES_A_DAY.
"""

import datetime as dt
import logging

from django.conf import settings

from bookings.core.limits import count, counted
from bookings.people.models import User

logger = logging.getLogger(__name__)
TO_A_NUMBER = 10
DAY = 24 * 3600  # from midnight UTC, which is eight in the morning here


def may_send(user: User, phone: str, *, now: dt.datetime) -> bool:
    """Count one code to this number (E.164). False: it is not to be sent."""
    if count(f"codes to {phone}", seconds=DAY, now=now) > TO_A_NUMBER:
        logger.warning("sign-in codes of a number are over the day's quota")
        return False
    who = "known" if _is_known(user, phone) else "new"
    sent, budget = count(f"codes: {who}", seconds=DAY, now=now), settings.CODES_A_DAY[who]
    if 0 < budget == sent - 1:
        logger.warning("the day's sign-in codes are spent: %s numbers get none", who)
    return not 0 < budget < sent


def _is_known(user: User, phone: str) -> bool:
    """Whether it is the account's number, and its owner has signed in or was registered at a desk."""
    return user.phone == phone and (user.phone_verified or hasattr(user, "graduate"))


def spent(*, now: dt.datetime) -> list[str]:
    """Whose budget of today is used up, of settings.CODES_A_DAY; nothing is counted."""
    return [
        who
        for who, budget in settings.CODES_A_DAY.items()
        if 0 < budget <= counted(f"codes: {who}", seconds=DAY, now=now)
    ]
