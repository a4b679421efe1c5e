"""Freed nights are offered to those who wait, in order; an offer is taken, declined or let pass."""

import dataclasses
import datetime as dt
import time

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from bookings.applications.models import Application
from bookings.beds import allocate
from bookings.beds.house import read_station
from bookings.beds.models import Stay
from bookings.beds.planner import House, NoPlan, PlanStay, Undecided, plan
from bookings.beds.waitlist.models import Offer, Wait
from bookings.beds.waitlist.queue import in_order
from bookings.beds.waitlist.times import offer_until
from bookings.core.clock import at_local, local_date
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged, swap
from bookings.eligibility.decide import decide, load, rules_of
from bookings.eligibility.rules import Facts, judge
from bookings.journey.common import gathered, log, message, promise, tell_applicant, words
from bookings.people.models import Graduate, User
from bookings.places.models import Policy, Station

SECONDS = 2.0  # for one wish
WEB_SECONDS = 4.0  # for the list, before somebody new is looked at


class OfferOver(Refusal):
    code = "offer_over"
    sentence = gettext_lazy(
        "This offer has ended, and the bed was offered to the next one. Nothing is lost: press "
        "“Wait on” to stay on the waitlist."
    )


def is_behind(station: Station) -> bool:
    """Whether nights were given back about which some who wait have not been asked."""
    behind = Station.objects.filter(pk=station.pk).exclude(freed_served=F("freed"))
    return behind.filter(waits__status=Wait.Status.WAITING).exists()


def _freed(station: Station) -> int:
    return Station.objects.values_list("freed", flat=True).get(pk=station.pk)


def serve(*, station: Station, now: dt.datetime, seconds: float = 60.0) -> int:
    """Go through the waitlist of a station: whoever can have a bed now is offered it. How many offers
    were made. Safe to run twice at once, and to be killed in the middle; when the seconds are over, the
    next run goes on."""
    end = time.monotonic() + seconds
    freed, made = _freed(station), 0
    policy = Policy.objects.in_force(station.district_id, local_date(now))
    waits = in_order(station, policy)
    seen = None
    for wait in waits:
        if time.monotonic() > end:
            return made
        seen = seen or _look(station, waits)
        if _chance(*seen, wait, local_date(now)) and offer(wait=wait, station=station, now=now):
            made, seen = made + 1, None  # the house is another one now
    Station.objects.filter(pk=station.pk, freed_served__lt=freed).update(freed_served=freed)
    return made


def serve_first(station: Station, *, now: dt.datetime) -> None:
    """Those who wait are offered what was freed before anybody new has it."""
    if is_behind(station):
        serve(station=station, now=now, seconds=WEB_SECONDS)


def _look(station: Station, waits: list[Wait]) -> tuple[House, list[PlanStay]]:
    first = min(wait.first_arrival for wait in waits)
    return read_station(station, first, max(wait.until for wait in waits))


def _chance(house: House, stays: list[PlanStay], wait: Wait, today: dt.date) -> bool:
    """Whether some bed might be found; nothing is locked."""
    for arrival in wait.arrivals(today):
        application = wait.application
        application.arrival, application.nights = arrival, wait.nights
        try:
            plan(house, stays, allocate.wish_of(application), seconds=SECONDS)
        except NoPlan:
            continue
        except Undecided:
            Wait.objects.filter(pk=wait.pk).update(undecided=True)
            continue
        return True
    return False


def offer(*, wait: Wait, station: Station, now: dt.datetime, take: bool = False) -> Offer | None:
    """Keep the first nights that would do for one who waits: judged anew by the rules, with a decision
    where the nights are others than judged before. With `take`, or where they wished so, taken for
    them. None where there are none, or they do not wait any more."""
    today = local_date(now)
    for arrival in wait.arrivals(today):
        try:
            made = _offer(wait, station, arrival, now=now, take=take or wait.take_it)
        except (allocate.NoBed, allocate.NotDecided):
            continue
        except StateChanged:
            return None
        if made:
            return made
    return None


@transaction.atomic
def _offer(
    wait: Wait, station: Station, arrival: dt.date, *, now: dt.datetime, take: bool
) -> Offer | None:
    application = allocate.lock_application(wait.application_id)
    allocate.lock(station)
    assert application.graduate
    application.graduate = Graduate.objects.select_for_update(no_key=True).get(
        pk=application.graduate.pk
    )
    application.station, application.arrival, application.nights = station, arrival, wait.nights
    policy = application.decisions.latest().policy
    cutoff = at_local(arrival, policy.arrival_cutoff)
    until = cutoff if take else offer_until(now, cutoff=cutoff, most_hours=policy.offer_hours)
    if until is None or until <= now or not _still_fits(application, policy, now=now):
        return None
    Application.objects.filter(pk=application.pk).update(
        station=station, arrival=arrival, nights=wait.nights
    )
    stay = allocate.hold(
        application=application,
        policy=policy,
        status=Stay.Status.OFFERED,
        hold_until=until,
        seconds=SECONDS,
    )
    swap(wait, "status", old={Wait.Status.WAITING}, new=Wait.Status.OFFERED)
    made = wait.offers.create(
        station=station, arrival=arrival, nights=wait.nights, made_at=now, expires_at=until
    )
    log("offer", application, by=None, now=now, offer=made.pk)
    if take:
        _take(made, application, stay, by=None, now=now)
    else:
        _tell(made, application, stay, now=now)
    return made


def _still_fits(application: Application, policy: Policy, *, now: dt.datetime) -> bool:
    """Whether the rules let the person have these nights now; a new decision says so where they were
    judged for others. Whose application a person approved stays approved by them."""
    latest = application.decisions.latest()
    former = load(latest.facts)
    facts = dataclasses.replace(
        gathered(application, policy, now=now),
        confirmed=former.confirmed,
        rejected=former.rejected,
        overridden=former.overridden,
    )
    if any(finding.outcome == "fail" for finding in judge(facts, rules_of(policy))):
        return False
    if _nights(facts) != _nights(former):
        by = latest.by if application.status == Application.Status.APPROVED else None
        decide(application=application, facts=facts, policy=policy, by=by, now=now)
    return True


def _nights(facts: Facts) -> tuple[dt.date | None, int | None]:
    return facts.arrival, facts.nights


def _tell(made: Offer, application: Application, stay: Stay, *, now: dt.datetime) -> None:
    over = made.expires_at
    with translation.override(application.user.language):
        told = {**words(stay), "until": date_format(localtime(over), "DATETIME_FORMAT")}
    message(application, "offer", key=f"offer:{made.pk}", params=told, until=over, now=now)


@transaction.atomic
def take_offer(*, offer: Offer, by: User, now: dt.datetime) -> None:
    """The nights are theirs: promised where the application is approved, else held while it is being
    reviewed. Errors: OfferOver, StateChanged."""
    application = allocate.lock_application(offer.wait.application_id)
    allocate.lock(offer.station)
    if offer.expires_at <= now:
        raise OfferOver
    _take(offer, application, application.stay, by=by, now=now)


def _take(
    offer: Offer, application: Application, stay: Stay, *, by: User | None, now: dt.datetime
) -> None:
    swap(offer, "status", old={Offer.Status.OPEN}, new=Offer.Status.TAKEN)
    swap(offer.wait, "status", old={Wait.Status.OFFERED}, new=Wait.Status.TAKEN)
    requested = Stay.Status.REQUESTED
    swap(stay, "status", old={Stay.Status.OFFERED}, new=requested, hold_until=stay.cutoff_at)
    log("take_offer", application, by=by, now=now, offer=offer.pk)
    if application.status == Application.Status.APPROVED:
        promise(application, stay, by=by, now=now)
    elif by is None:
        tell_applicant(application, "bed_found", now=now, number=offer.pk)


@transaction.atomic
def decline_offer(*, offer: Offer, by: User, now: dt.datetime) -> None:
    """Not these nights: the next one is asked. Errors: StateChanged."""
    _let_go(offer, Offer.Status.DECLINED)
    log("decline_offer", offer.wait.application, by=by, now=now, offer=offer.pk)


@transaction.atomic
def let_pass(*, offer: Offer, now: dt.datetime) -> bool:
    """Nobody answered in time: the next one is asked. False: nothing to do."""
    if offer.expires_at > now or not Offer.objects.filter(pk=offer.pk, status="open").exists():
        return False
    _let_go(offer, Offer.Status.EXPIRED)
    application = offer.wait.application
    log("let_pass", application, by=None, now=now, offer=offer.pk)
    tell_applicant(application, "offer_passed", now=now, number=offer.pk)
    return True


def _let_go(offer: Offer, status: str) -> None:
    allocate.lock_application(offer.wait.application_id)
    allocate.lock(offer.station)
    swap(offer, "status", old={Offer.Status.OPEN}, new=status)
    swap(offer.wait, "status", old={Wait.Status.OFFERED}, new=Wait.Status.PAUSED)
    stay = offer.wait.application.stay
    waitlisted = Stay.Status.WAITLISTED
    swap(stay, "status", old={Stay.Status.OFFERED}, new=waitlisted, hold_until=None)
    allocate.release(stay, from_night=stay.arrival)
