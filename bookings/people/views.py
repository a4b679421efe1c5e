"""The staff's front door: on to the work of one's role."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from bookings.people.roles import HOME


@require_GET
def staff_home(request: HttpRequest) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    if not membership:
        raise PermissionDenied
    return redirect(HOME[membership.role])
