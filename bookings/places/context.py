"""What every page knows about the place it speaks for."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from bookings.places.models import District


def _hotline(request: HttpRequest) -> str:
    membership = getattr(request, "membership", None)
    district = membership.district if membership else District.objects.order_by("pk").first()
    return district.hotline if district else ""


def _wechat_sign_in(request: HttpRequest) -> bool:
    """Whether signing in through WeChat is offered: an official account's works inside WeChat only."""
    kind = settings.WECHAT_SIGN_IN
    inside = "MicroMessenger" in request.headers.get("User-Agent", "")
    return kind == "website" or kind == "official_account" and inside


def site(request: HttpRequest) -> dict[str, object]:
    """The telephone of the staff member's district, else of the first; looked up only if shown."""
    return {
        "outbox_shown": settings.SMS_CARRIER == "outbox",
        "wechat_sign_in": _wechat_sign_in(request),
        "hotline": SimpleLazyObject(lambda: _hotline(request)),
    }
