"""The HTTP API, in step order. Its OpenAPI document is at /api/openapi.json, open to all."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer, SessionAuth

from bookings.core.clock import now
from bookings.desk.api import router as desk
from bookings.desk.api.limits import TooMany, count_failure, count_request
from bookings.desk.devices import known_device
from bookings.desk.models import Device


class DeviceToken(HttpBearer):
    """`Authorization: Bearer …`, a token that a manager issued for one station."""

    def authenticate(self, request: HttpRequest, token: str) -> Device | None:
        device = known_device(token=token, now=now())
        if device:
            count_request(request, f"device {device.pk}")
        return device


class Session(SessionAuth):
    """A staff member's session."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        user = super().authenticate(request, key)
        if user:
            count_request(request, f"account {user.pk}")
        return user


api = NinjaAPI(
    title="Youth Station",
    version="1.0",
    urls_namespace="api-1",
    auth=[DeviceToken(), Session(csrf=True)],
    docs_url=None,
)
api.add_router("/desk", desk)


@api.exception_handler(TooMany)
def too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    answer = api.create_response(request, {"detail": "too many requests"}, status=429)
    answer["Retry-After"] = str(error.seconds)
    return answer


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    try:
        count_failure(request)
    except TooMany as one:
        return too_many(request, one)
    return api.create_response(request, {"detail": "Unauthorized"}, status=401)


urls = api.urls
for one in urls[0]:  # the API answers 401 itself; nobody is sent to a sign-in page
    if isinstance(one, URLPattern):
        login_not_required(one.callback)
