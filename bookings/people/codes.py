"""How many sign-in codes go out by SMS in a day: to a number, and from the whole site.

Whoever has many numbers could else spend a district's money. New numbers and known guests are counted
apart: when the one budget is spent, the other goes on. Those are counted in the database, so that no
more go out than settings.CODES_A_DAY says, however many are asked for at once. What goes to a number is
counted in the shared cache, as all limits (core/limits.py).
"""

import datetime as dt
import logging

from django.conf import settings
from django.db import transaction
from django.db.models import F

from bookings.core.deleting import delete
from bookings.core.limits import count
from bookings.people.models import CodeCount, User

logger = logging.getLogger(__name__)
TO_A_NUMBER = 10
DAY = 24 * 3600


def may_send(user: User, phone: str, *, now: dt.datetime) -> bool:
    """Count one code to this number (E.164). False: it is not to be sent."""
    if count(f"codes to {phone}", seconds=DAY, now=now) > TO_A_NUMBER:
        logger.warning("sign-in codes of a number are over the day's quota")
        return False
    who = CodeCount.Who.KNOWN if _is_known(user, phone) else CodeCount.Who.NEW
    budget = settings.CODES_A_DAY[who]
    return not budget or _take_one(who, budget, now=now)


@transaction.atomic
def _take_one(who: str, budget: int, *, now: dt.datetime) -> bool:
    """Count one of a day's budget. False: it is spent."""
    day, _ = CodeCount.objects.get_or_create(day=_day(now), who=who)
    left = CodeCount.objects.filter(pk=day.pk, sent__lt=budget)
    if not left.update(sent=F("sent") + 1):
        return False
    if not left.exists():
        logger.warning("the day's sign-in codes are spent: %s numbers get none", who)
    return True


def _day(now: dt.datetime) -> dt.date:
    """From midnight UTC, which is eight in the morning here."""
    return now.astimezone(dt.UTC).date()


def _is_known(user: User, phone: str) -> bool:
    """Whether it is the account's number, and its owner has signed in or was registered at a desk."""
    return user.phone == phone and (user.phone_verified or hasattr(user, "graduate"))


def spent(*, now: dt.datetime) -> list[str]:
    """Whose budget of today is used up, of settings.CODES_A_DAY; nothing is counted."""
    sent = dict(CodeCount.objects.filter(day=_day(now)).values_list("who", "sent"))
    return [who for who, budget in settings.CODES_A_DAY.items() if 0 < budget <= sent.get(who, 0)]


def forget_counts(*, now: dt.datetime) -> int:
    """Remove what was counted on days gone by."""
    return delete(CodeCount.objects.filter(day__lt=_day(now)))
