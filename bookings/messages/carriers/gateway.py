"""One POST to a gateway, JSON back. No error names the address or what was sent."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from bookings.messages.carriers.letter import Later
from bookings.messages.models import Reason

SECONDS = 10


def post(address: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """The answer, whatever its status: gateways explain a refusal in it. Errors: Later."""
    asked = urllib.request.Request(address, body, dict(headers), method="POST")
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310 of settings
            said = answer.read()
    except urllib.error.HTTPError as error:
        with error:
            said = error.read()
    except (OSError, http.client.HTTPException):
        raise Later(Reason.UNREACHABLE) from None
    try:
        told = json.loads(said)
    except ValueError:
        raise Later(Reason.UNREACHABLE) from None
    return told if isinstance(told, dict) else {}
