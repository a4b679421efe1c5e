"""When very many knock at once, from ever so many networks, whoever has not signed in waits some seconds
once, and goes on with a ticket. People hardly notice: the page with a form hands the ticket out, and it
is old enough by the time that the form is filled in.

Each process counts what comes to it, so that turning away costs the database nothing. The numbers are
settings.TOGETHER, in the windows of settings.LIMITS.
"""

import datetime as dt
from threading import Lock

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

COOKIE = SALT = "waited"
WAIT = dt.timedelta(seconds=5)
GOOD_FOR = dt.timedelta(minutes=10)
_counted: dict[str, tuple[int, int]] = {}  # name → window, how many
_turn = Lock()


def is_crowd(name: str, *, now: dt.datetime, knocks: int = 1) -> bool:
    """Count so many knocks. Whether more have come in this window than settings.TOGETHER says."""
    window = int(now.timestamp()) // settings.LIMITS[name][0]
    with _turn:
        last, count = _counted.get(name, (window, 0))
        count = (count if last == window else 0) + knocks
        _counted[name] = window, count
    return 0 < settings.TOGETHER[name] < count  # 0: not counted


def forget_crowds() -> None:
    """Begin to count anew."""
    _counted.clear()


def has_waited(request: HttpRequest, network: str, *, now: dt.datetime) -> bool:
    """Whether somebody brings a ticket of their network that is old enough, and not too old."""
    waited = _waited(request, network, now)
    return waited is not None and waited >= WAIT


def _waited(request: HttpRequest, network: str, now: dt.datetime) -> dt.timedelta | None:
    """The age of a ticket that is good or will be."""
    try:
        whose, since = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT)
    except signing.BadSignature:
        return None
    waited = now - dt.datetime.fromtimestamp(since, dt.UTC)
    return waited if whose == network and waited <= GOOD_FOR else None


def hand_out(response: HttpResponse, network: str, *, now: dt.datetime) -> None:
    """A ticket for whoever gets this answer."""
    response.set_cookie(
        COOKIE,
        signing.dumps([network, now.timestamp()], salt=SALT),
        max_age=GOOD_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def pause(request: HttpRequest, network: str, *, now: dt.datetime) -> HttpResponse:
    """The page that opens what was asked for by itself; what was sent is to be sent again."""
    seconds = int(WAIT.total_seconds()) + 1
    context: dict[str, object] = {"seconds": seconds, "sent": request.method == "POST"}
    context["hotline"] = ""  # its telephone would be looked up
    response = render(request, "pause.html", context, status=429)
    response["Retry-After"] = str(seconds)
    if request.method == "GET":
        response["Refresh"] = str(seconds)
    if _waited(request, network, now) is None:  # who looks again too soon does not begin anew
        hand_out(response, network, now=now)
    return response
