"""Waiting for nights: joining, waiting on after an offer was let pass, and the end of it."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.db import transaction

from bookings.applications.models import Application
from bookings.beds import allocate
from bookings.beds.models import Stay
from bookings.beds.waitlist.freed import note_freed
from bookings.beds.waitlist.models import Offer, Wait
from bookings.core.clock import at_local
from bookings.core.transitions import swap
from bookings.journey.common import log, tell_applicant
from bookings.people.models import User
from bookings.places.models import Policy, Station

Status = Application.Status


class WaitWish(NamedTuple):
    """The application's nights on any day of arrival until the last one, at one of the stations;
    `take_it`: an offer is taken at once."""

    stations: Iterable[Station]
    last_arrival: dt.date
    take_it: bool


def join(
    *,
    application: Application,
    policy: Policy,
    wish: WaitWish,
    now: dt.datetime,
    undecided: bool = False,
) -> Stay:
    """Put an application without a bed on the waitlist, inside the caller's transaction."""
    assert application.graduate and application.station
    assert application.arrival and application.nights
    arrival, nights = application.arrival, application.nights
    stay, _new = Stay.objects.update_or_create(
        application=application,
        defaults={
            "graduate": application.graduate,
            "station": application.station,
            "status": Stay.Status.WAITLISTED,
            "arrival": arrival,
            "departure": arrival + dt.timedelta(days=nights),
            "hold_until": None,
            "cutoff_at": at_local(arrival, policy.arrival_cutoff),
        },
    )
    _queue(application, wish, now=now, undecided=undecided)
    log("wait", application, by=application.user, now=now, undecided=undecided)
    return stay


def _queue(
    application: Application,
    wish: WaitWish,
    *,
    now: dt.datetime,
    ahead: bool = False,
    undecided: bool = False,
) -> Wait:
    assert application.arrival and application.nights
    wait, _new = Wait.objects.update_or_create(
        application=application,
        defaults={
            "first_arrival": application.arrival,
            "last_arrival": wish.last_arrival,
            "nights": application.nights,
            "take_it": wish.take_it,
            "status": Wait.Status.WAITING,
            "queued_at": now,
            "ahead": ahead,
            "undecided": undecided,
        },
    )
    wait.stations.set(wish.stations)
    return wait


@transaction.atomic
def wait_on(*, wait: Wait, by: User, now: dt.datetime) -> None:
    """Who let an offer pass waits on, at the end. Errors: StateChanged."""
    swap(wait, "status", old={Wait.Status.PAUSED}, new=Wait.Status.WAITING, queued_at=now)
    for station in wait.stations.order_by("pk"):
        note_freed(station.pk)  # what is free already is theirs to have
    log("wait_on", wait.application, by=by, now=now)


@transaction.atomic
def end_wait(*, wait: Wait, now: dt.datetime) -> bool:
    """The days that somebody waited for are gone. False: nothing to do."""
    if not Wait.objects.filter(pk=wait.pk, status__in={"waiting", "paused"}).update(
        status=Wait.Status.OVER
    ):
        return False
    application = wait.application
    swap(application.stay, "status", old={Stay.Status.WAITLISTED}, new=Stay.Status.LAPSED)
    Application.objects.filter(pk=application.pk, status__in=Application.OPEN).update(
        status=Status.LAPSED
    )
    log("wait_over", application, by=None, now=now)
    tell_applicant(application, "wait_over", now=now)
    return True


@transaction.atomic
def displace(*, stay: Stay, by: User, now: dt.datetime) -> None:
    """Staff take the bed of a guest who has not arrived: told at once, the guest waits for the same
    nights at the head of the waitlist, and takes what comes free. Errors: StateChanged."""
    allocate.lock(stay.station)
    offered = stay.status == Stay.Status.OFFERED
    swap(stay, "status", old=set(Stay.MOVABLE), new=Stay.Status.WAITLISTED, hold_until=None)
    allocate.release(stay, from_night=stay.arrival)
    application = stay.application
    log("displace", application, by=by, now=now)
    if offered:  # was not theirs yet: they wait on where they were
        Offer.objects.filter(wait__application=application, status="open").update(status="declined")
        Wait.objects.filter(application=application).update(status=Wait.Status.WAITING)
        return
    assert application.arrival
    wish = WaitWish([stay.station], application.arrival, take_it=True)
    _queue(application, wish, now=now, ahead=True)
    tell_applicant(application, "displaced", now=now, number=int(now.timestamp()))
