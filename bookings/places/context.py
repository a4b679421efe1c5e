"""What every page knows about the place it speaks for."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bookings.places.models import District


def _hotline(request: HttpRequest) -> str:
    membership = getattr(request, "membership", None)
    district = membership.district if membership else District.objects.order_by("pk").first()
    return district.hotline if district else ""


def site(request: HttpRequest) -> dict[str, object]:
    """The telephone of the staff member's district, else of the first; looked up only if shown."""
    return {
        "outbox_shown": settings.SMS_CARRIER == "outbox",
        "hotline": SimpleLazyObject(lambda: _hotline(request)),
    }
