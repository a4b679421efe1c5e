"""A station's devices: issue a token as a QR code, see when each was last heard of, revoke it."""

import json

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from bookings.core.clock import now
from bookings.desk.devices import issue_device, revoke_device
from bookings.desk.models import Device
from bookings.passes.qr import svg
from bookings.people.is_it_you import is_it_you_to_send
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only, stations_of


class DeviceForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the device"),
        help_text=gettext_lazy("So that you know it again, such as “Tablet at the door”."),
        max_length=40,
    )


@never_cache
@staff_only("devices")
@is_it_you_to_send
def devices(request: StaffRequest, slug: str) -> HttpResponse:
    station = get_object_or_404(stations_of(request.membership), slug=slug)
    form = DeviceForm(request.POST or None)
    context: dict[str, object] = {"station": station, "form": form}
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        device, token = issue_device(station=station, name=name, by=request.user, now=now())
        told = {"url": settings.SITE_URL + reverse("api-1:post_scan"), "token": token}
        # our own drawing of the token, with every word in it escaped
        code = mark_safe(svg(json.dumps(told), title=_("Token of the device")))
        context |= {"issued": device, "token": token, "code": code, "form": DeviceForm()}
    context["devices"] = station.devices.select_related("issued_by").order_by("-pk")
    return render(request, "bookings/desk/devices.html", context)


@require_POST
@staff_only("devices")
def revoke(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    station = get_object_or_404(stations_of(request.membership), slug=slug)
    device = get_object_or_404(Device.objects.select_related("station"), pk=pk, station=station)
    if revoke_device(device=device, by=request.user, now=now()):
        messages.success(request, _("%(name)s can send nothing any more.") % {"name": device.name})
    return redirect("devices", slug)
