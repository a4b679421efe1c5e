"""request.membership: what the signed-in staff member may do, or None."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from bookings.people.models import Membership


def _membership(request: HttpRequest) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    active = Membership.objects.select_related("district", "user")
    return active.filter(user=request.user, is_active=True).first()


class MembershipMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = SimpleLazyObject(lambda: _membership(request))  # type: ignore[attr-defined]
        return self.get_response(request)
