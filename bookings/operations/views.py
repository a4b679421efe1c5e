"""The status page: is all well, and if not, what is to be done."""

from collections import Counter

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.core.clock import now
from bookings.operations import checks, verdicts
from bookings.people.requests import SignedIn
from bookings.people.roles import may


@require_safe
@never_cache
def status(request: SignedIn) -> HttpResponse:
    """A manager's district and the site; a superuser without a membership sees all districts."""
    member = request.membership
    if not may(member, "operations") and not request.user.is_superuser:
        raise PermissionDenied
    at, district = now(), member.district if member else None
    house = verdicts.of_house(checks.house(district, at), at)
    site = verdicts.of_site(checks.site(at), at)
    context = {
        "district": district,
        "house": house,
        "site": site,
        "states": Counter(one.state for one in [*house, *site]),
        "now": at,
        "may_search": may(member, "audit"),
    }
    return render(request, "bookings/operations/status.html", context)
