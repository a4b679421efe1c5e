"""What one is offered; the wish to be told; and, for staff, who waits."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bookings import journey
from bookings.beds.waitlist.forms import AlertForm
from bookings.beds.waitlist.models import Alert, Offer, Wait
from bookings.beds.waitlist.queue import in_order
from bookings.core.clock import local_date, now
from bookings.core.errors import Refusal
from bookings.people.models import Graduate
from bookings.people.requests import SignedIn, StaffRequest
from bookings.people.roles import staff_only, stations_of
from bookings.places.models import Policy


@require_POST
def take(request: SignedIn, pk: int) -> HttpResponse:
    return _answer(request, pk, journey.take_offer, _("The bed is yours."))


@require_POST
def decline(request: SignedIn, pk: int) -> HttpResponse:
    return _answer(request, pk, journey.decline_offer, _("The bed goes to the next one."))


def _answer(request: SignedIn, pk: int, event: Callable[..., None], done: str) -> HttpResponse:
    """To the offer that was shown: pressed twice, the second press is told that it was answered."""
    number = request.POST.get("offer", "")
    offers = Offer.objects.filter(wait__application=pk, wait__application__user=request.user)
    offers = offers.select_related("station", "wait__application__stay__graduate")
    latest = get_object_or_404(offers, pk=int(number) if number.isdecimal() else 0)
    return _does(request, pk, lambda: event(offer=latest, by=request.user, now=now()), done)


@require_POST
def wait_on(request: SignedIn, pk: int) -> HttpResponse:
    """Who let an offer pass stays on the list."""
    wait = get_object_or_404(Wait, application=pk, application__user=request.user)
    done = _("You are on the waitlist again.")
    return _does(request, pk, lambda: journey.wait_on(wait=wait, by=request.user, now=now()), done)


def _does(request: SignedIn, pk: int, act: Callable[[], None], done: str) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, done)
    return redirect("application", pk)


def tell_me(request: SignedIn) -> HttpResponse:
    """Be told, once, when nights are free."""
    person = get_object_or_404(Graduate.objects.select_related("district"), user=request.user)
    today = local_date(now())
    latest = journey.latest_arrival(district=person.district, now=now())
    form = AlertForm(
        request.POST or None,
        district=person.district,
        today=today,
        latest=latest,
        initial={"nights": 1, "first_arrival": today, "last_arrival": latest},
    )
    if request.method == "POST" and form.is_valid():
        journey.tell_me(person=person, by=request.user, now=now(), **form.cleaned_data)
        messages.success(request, _("We message you as soon as these nights are free."))
        return redirect("my_stay")
    return render(request, "bookings/beds/tell_me.html", {"form": form})


@require_POST
def forget_alert(request: SignedIn, pk: int) -> HttpResponse:
    Alert.objects.filter(pk=pk, user=request.user).delete()
    return redirect("my_stay")


@require_GET
@staff_only("waitlist")
def waitlist(request: StaffRequest) -> HttpResponse:
    """Who waits for nights at each station, in the order in which they are asked."""
    district, today = request.membership.district, local_date(now())
    policy = Policy.objects.in_force(district, today)
    stations = [(station, in_order(station, policy)) for station in stations_of(request.membership)]
    offers = Offer.objects.filter(status="open", station__district=district)
    context = {
        "policy": policy,
        "stations": [(station, waits) for station, waits in stations if waits],
        "offers": offers.select_related("station", "wait__application__graduate").order_by(
            "expires_at"
        ),
        "undecided": Wait.objects.waiting()
        .filter(application__district=district, undecided=True)
        .count(),
    }
    return render(request, "bookings/beds/waitlist.html", context)
