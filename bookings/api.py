"""The HTTP API, in step order. Its OpenAPI document is at /api/openapi.json, open to all."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.security import HttpBearer, SessionAuth

from bookings.core.clock import now
from bookings.desk.api import router as desk
from bookings.desk.devices import known_device
from bookings.desk.models import Device


class DeviceToken(HttpBearer):
    """`Authorization: Bearer …`, a token that a manager issued for one station."""

    def authenticate(self, request: HttpRequest, token: str) -> Device | None:
        return known_device(token=token, now=now())


api = NinjaAPI(
    title="Youth Station",
    version="1",
    auth=[DeviceToken(), SessionAuth(csrf=True)],
    docs_url=None,
)
api.add_router("/desk", desk)

urls = api.urls
for one in urls[0]:  # the API answers 401 itself; nobody is sent to a sign-in page
    if isinstance(one, URLPattern):
        login_not_required(one.callback)
