"""Partners: open a channel, print its poster, see what it brings, close it."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from bookings.core.clock import now
from bookings.core.errors import Refusal
from bookings.passes import qr
from bookings.people.requests import StaffRequest
from bookings.people.roles import staff_only
from bookings.places.channels import close_channel, open_channel
from bookings.places.models import Channel
from bookings.statistics.poster import Poster
from bookings.statistics.poster import render as draw


class ChannelForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the partner"),
        help_text=gettext_lazy("As it stands on the poster, such as a university's full name."),
        max_length=60,
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Channel.Kind.choices)


@staff_only("channels")
def channels(request: StaffRequest) -> HttpResponse:
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _opened(request, form):
        return redirect("channels")
    sent = Count("applications", filter=~Q(applications__status="draft"))
    mine = Channel.objects.filter(district=request.membership.district)
    context = {"form": form, "channels": mine.annotate(sent=sent).order_by("closed_at", "name")}
    return render(request, "bookings/statistics/channels.html", context)


def _opened(request: StaffRequest, form: ChannelForm) -> bool:
    district = request.membership.district
    try:
        channel = open_channel(district=district, by=request.user, now=now(), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(refusal.field, refusal.sentence)
        return False
    messages.success(request, _("%(name)s has a code. Print its poster.") % {"name": channel.name})
    return True


@require_POST
@staff_only("channels")
def close(request: StaffRequest, pk: int) -> HttpResponse:
    channel = _mine(request, pk)
    if close_channel(channel=channel, by=request.user, now=now()):
        text = _("The code of %(name)s is counted no more.")
        messages.success(request, text % {"name": channel.name})
    return redirect("channels")


@require_GET
@staff_only("channels")
def poster_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    channel = _mine(request, pk)
    page = draw(poster_of(channel), fonts=settings.FONT_DIR)
    return _file(page, "application/pdf", f"poster-{channel.code}.pdf")


@require_GET
@staff_only("channels")
def poster_png(request: StaffRequest, pk: int) -> HttpResponse:
    channel = _mine(request, pk)
    return _file(qr.png(address_of(channel)), "image/png", f"code-{channel.code}.png")


def _mine(request: StaffRequest, pk: int) -> Channel:
    channels = Channel.objects.select_related("district")
    return get_object_or_404(channels, pk=pk, district=request.membership.district)


def address_of(channel: Channel) -> str:
    return str(settings.SITE_URL) + reverse("come_from", args=[channel.code])


def poster_of(channel: Channel) -> Poster:
    """The poster's words, in the active language."""
    district = channel.district
    return Poster(
        issuer=district.issuer,
        title=_("Youth Station"),
        lines=[
            _("New in %(district)s for work?") % {"district": district.name},
            _("Free lodging for your first days."),
            _("Scan and see in a minute whether it is for you."),
        ],
        address=address_of(channel),
        partner=channel.name,
        call=_("Telephone %(phone)s") % {"phone": district.hotline},
    )


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
