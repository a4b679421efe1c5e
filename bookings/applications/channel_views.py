"""The address on a partner's poster."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bookings.applications.channel import remember
from bookings.places.channels import channel_of


@login_not_required
@never_cache
@require_GET
def come_from(request: HttpRequest, code: str) -> HttpResponse:
    """To the pre-check of the partner's district, the code in the session and nothing else kept. An
    old poster's code is a plain welcome."""
    channel = channel_of(code)
    if channel is None:
        return redirect("home")
    remember(request.session, channel.code)
    return redirect("precheck_of", channel.district.code)
