"""How often one may knock: counted by address and by network, over windows of fixed length.

A network is what an address's owner can change at will: /24 of IPv4, /48 of IPv6. Counted is in the
shared cache; what cannot be counted (the cache is gone) is let in. The numbers are settings.LIMITS.
"""

import datetime as dt
import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookings.core.clock import now
from bookings.core.crowd import hand_out, has_waited, is_crowd, pause
from bookings.core.crypto import keyed_hash

View = Callable[..., HttpResponse]
A_FEW_MINUTES = 300


def network(address: str) -> str:
    """The range an address belongs to, as it may be shown: 203.0.113.0/24, 2001:db8:1::/48."""
    one = ipaddress.ip_address(address)
    prefix = 24 if one.version == 4 else 48
    return str(ipaddress.ip_network((one, prefix), strict=False))


def wait_for(name: str, *, address: str, now: dt.datetime) -> int:
    """Count one knock. The seconds to wait, 0 where it is within the limits of `name`."""
    seconds, per_address, per_network = settings.LIMITS[name]
    within = [
        count(f"{name}:{who}", seconds=seconds, now=now) <= limit
        for who, limit in ((address, per_address), (network(address), per_network))
        if limit  # 0: not counted
    ]
    return 0 if all(within) else seconds - int(now.timestamp()) % seconds


def count(what: str, *, seconds: int, now: dt.datetime) -> int:
    """How often `what` has happened in the present window, this time included."""
    key = f"count:{keyed_hash(what, 'limit')}:{int(now.timestamp()) // seconds}"
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # thrown out in between
        return 1


def limited(name: str, *, only: str = "") -> Callable[[View], View]:
    """Let a view be asked no more often than settings.LIMITS says; `only`: just by that method."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            address, moment = get_adapter().get_client_ip(request), now()
            knocks = not only or request.method == only
            new_here = not request.user.is_authenticated and not has_waited(
                request, network(address), now=moment
            )
            crowd = new_here and is_crowd(name, now=moment, knocks=int(knocks))
            if knocks and crowd:
                return pause(request, network(address), now=moment)
            if knocks and (seconds := wait_for(name, address=address, now=moment)):
                return too_many(request, seconds)
            answer = view(request, *args, **kwargs)
            if crowd:
                hand_out(answer, network(address), now=moment)
            return answer

        return guarded

    return decorate


def too_many(request: HttpRequest, seconds: int = A_FEW_MINUTES) -> HttpResponse:
    """The page that says when to come back; `seconds` is not known where allauth has counted."""
    context = {"minutes": -(-seconds // 60)}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response
