"""The development outbox: what a gateway would have sent to people's phones."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bookings.messages.models import Message


@login_not_required
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Open in local mode only, where the address exists at all: codes must be readable."""
    newest = Message.objects.order_by("-pk")[:30]
    return render(request, "bookings/messages/outbox.html", {"sent": newest})
