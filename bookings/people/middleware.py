"""request.membership: what the signed-in staff member may do, or None; and the second factor."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from bookings.people.models import Membership
from bookings.people.second_factor import has_second_factor, must_set_up, unreadable


def _membership(request: HttpRequest) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    active = Membership.objects.filter(user=request.user, is_active=True)
    active = active.select_related("district").annotate(second_factor=has_second_factor("user"))
    membership = active.first()
    if membership:
        membership.user = request.user  # as it is known already
    return membership


class MembershipMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = SimpleLazyObject(lambda: _membership(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Staff without the second factor are led to set one up, whatever page they wanted."""
        if unreadable(request):
            return HttpResponseBadRequest()
        return redirect("mfa_index") if must_set_up(request) else None
