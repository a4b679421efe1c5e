"""The staff's front door: on to the work of one's role."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from bookings.people.requests import SignedIn
from bookings.people.roles import HOME


@require_GET
def staff_home(request: SignedIn) -> HttpResponse:
    membership = request.membership
    if not membership:
        raise PermissionDenied
    return redirect(HOME[membership.role])
