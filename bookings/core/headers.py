"""Headers on every answer, static files too: no other site embeds it, no page gets at the device.

Django's own settings give the rest: Content-Security-Policy, HSTS, nosniff, referrer, frames.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

FEATURES = [
    *["accelerometer", "browsing-topics", "camera", "display-capture", "geolocation"],
    *["gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb"],
]
# an uploaded picture opened by itself: whatever it might hold has no origin and loads nothing
PICTURE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"

View = Callable[..., HttpResponse]


def permissions(*used: str) -> str:
    """Permissions-Policy: this site's own pages may use these, nobody anything else."""
    return ", ".join(f"{one}=({'self' if one in used else ''})" for one in FEATURES)


def uses(*features: str) -> Callable[[View], View]:
    """The one page that needs them: features of the device (`camera`)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def allowed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            response["Permissions-Policy"] = permissions(*features)
            return response

        return allowed

    return decorate


class ApartMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", permissions())
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
