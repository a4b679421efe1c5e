"""How much one device or account may ask, and how often an address may try tokens.

Counting each request in the shared cache would cost as much as the request. A process therefore takes
leave for fifty at a time: so many leaves in five minutes are twenty requests a second, and a desk that
comes back after a day without the network may ask for as much at once.
"""

from collections import Counter

from allauth.core.internal import ratelimit
from django.http import HttpRequest

LEAVE = 50
RATES = {"desk": "120/5m/key", "no_token": "100/m/ip"}
RETRY_AFTER = {"desk": 30, "no_token": 60}  # seconds
_left: Counter[str] = Counter()


class TooMany(Exception):
    """Answered with 429; `seconds` until it is worth trying again."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.seconds = RETRY_AFTER[action]


def count_request(request: HttpRequest, who: str) -> None:
    """One request of a device or account. Errors: TooMany."""
    if _left[who] <= 0:
        _consume(request, "desk", key=who)
        _left[who] = LEAVE
    _left[who] -= 1


def count_failure(request: HttpRequest) -> None:
    """A request that nobody has signed. Errors: TooMany."""
    _consume(request, "no_token")


def forget_leaves() -> None:
    """As a process that has just started (for tests)."""
    _left.clear()


def _consume(request: HttpRequest, action: str, key: str | None = None) -> None:
    allowed = ratelimit.consume(
        request, app="bookings.desk", action=action, config=RATES, key=key, limit_get=True
    )
    if not allowed:
        raise TooMany(action)
