"""Where an account is signed in: listed for its owner, and ended, one or all.

django-allauth notes device and address at each sign-in (UserSession); Django keeps the session.
"""

import datetime as dt
import re
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from bookings.core.limits import network
from bookings.people.models import User

BROWSERS = [
    *[("MicroMessenger", "微信 WeChat"), ("Edg", "Edge"), ("HuaweiBrowser", "Huawei")],
    *[("MiuiBrowser", "Xiaomi"), ("Firefox", "Firefox"), ("Chrome", "Chrome")],
    *[("Safari", "Safari")],
]
SYSTEMS = [
    *[("OpenHarmony|HarmonyOS", "HarmonyOS"), ("iPhone", "iPhone"), ("iPad", "iPad")],
    *[("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")],
]


@dataclass(frozen=True)
class SignedInAt:
    """One place where somebody is signed in; `network` is the shortened address."""

    pk: int
    device: str
    network: str
    since: dt.datetime
    current: bool


def sessions_of(user: User, *, current: str | None, now: dt.datetime) -> list[SignedInAt]:
    """Those that are still open, the newest first; `current` is the key of the asker's own."""
    known = list(UserSession.objects.filter(user=user).order_by("-created_at"))
    unexpired = Session.objects.filter(expire_date__gt=now)
    stored = unexpired.in_bulk([one.session_key for one in known])
    mark = user.get_session_auth_hash()  # another password, another mark: the session is over
    return [
        SignedInAt(
            pk=one.pk,
            device=device(one.user_agent),
            network=network(one.ip),
            since=one.created_at,
            current=one.session_key == current,
        )
        for one in known
        if one.session_key in stored
        and stored[one.session_key].get_decoded().get(HASH_SESSION_KEY) == mark
    ]


@transaction.atomic
def end_sessions(*, user: User, only: int | None = None, but: str | None = None) -> int:
    """End all, `only` one by its number, or all `but` that of a key. How many."""
    ended = UserSession.objects.filter(user=user)
    if only is not None:
        ended = ended.filter(pk=only)
    if but is not None:
        ended = ended.exclude(session_key=but)
    keys = list(ended.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return int(UserSession.objects.filter(session_key__in=keys).delete()[0])


def forget_ended(*, now: dt.datetime) -> int:
    """Remove sessions that have run out, and what was noted of sessions that are gone."""
    Session.objects.filter(expire_date__lte=now).delete()
    gone = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    return int(gone.delete()[0])


def device(user_agent: str) -> str:
    """Browser and system in two words, from what a browser says of itself."""
    found = [
        next((name for mark, name in known if re.search(mark, user_agent)), "")
        for known in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(word for word in found if word) or user_agent[:40] or "—"
