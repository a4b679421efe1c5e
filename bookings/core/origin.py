"""Where a request comes from, for the audit log: the network, never the whole address."""

from collections.abc import Callable
from functools import partial

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from bookings.core.audit import came_from
from bookings.core.limits import network


class OriginMiddleware:
    """What is written down while a request is answered says from which network it came."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = came_from.set(partial(_network, request))
        try:
            return self.get_response(request)
        finally:
            came_from.reset(token)


def _network(request: HttpRequest) -> str:
    """Empty where the address cannot be known: a proxy that does not say, a socket without one."""
    try:
        return network(get_adapter().get_client_ip(request))
    except (ValueError, PermissionDenied):
        return ""
