"""The HTTP API, in step order. Its OpenAPI document is at /api/openapi.json."""

from ninja import NinjaAPI
from ninja.security import SessionAuth

from bookings.desk.api import router as desk

api = NinjaAPI(title="Youth Station", version="1", auth=SessionAuth(csrf=True), docs_url=None)
api.add_router("/desk", desk)
