"""What a second look at an application needs: the facts as they are now, and a bed once more."""

import dataclasses
import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy

from bookings.applications.models import Application
from bookings.beds import allocate
from bookings.beds.models import Stay
from bookings.core.clock import at_local
from bookings.core.errors import Refusal
from bookings.eligibility.decide import load
from bookings.eligibility.models import Decision
from bookings.eligibility.rules import Facts
from bookings.journey.common import gathered
from bookings.people.models import Graduate
from bookings.places.models import Policy

NOBODY: dict[str, Any] = {"reviewer": None, "reviewer_until": None}  # has the case at hand


class NightsBegun(Refusal):
    code = "nights_begun"
    sentence = gettext_lazy("The nights asked for have begun. Apply again for others.")


class NoBedLeft(Refusal):
    code = "no_bed_left"
    sentence = gettext_lazy(
        "No bed is left on these nights, so nothing has been changed. Try again when one is free, "
        "or refuse and telephone the applicant."
    )


def held_stay(application: Application) -> Stay | None:
    """The application's stay, where it holds a bed for a guest who has not arrived."""
    return Stay.objects.filter(application=application, status__in=Stay.MOVABLE).first()


def stay_ahead(application: Application) -> Stay | None:
    """The application's stay that may still come to something: it holds a bed, or waits for one."""
    return Stay.objects.filter(application=application, status__in=Stay.AHEAD).first()


def cutoff(application: Application, policy: Policy) -> dt.datetime:
    """The instant after which nobody can arrive any more for these nights."""
    assert application.arrival
    return at_local(application.arrival, policy.arrival_cutoff)


def lock_nights(application: Application) -> None:
    """Nobody else plans this station's beds or counts this person's nights until we are done."""
    assert application.station and application.graduate
    allocate.lock_application(application.pk)
    allocate.lock(application.station)
    application.graduate = Graduate.objects.select_for_update(no_key=True).get(
        pk=application.graduate.pk
    )


def facts_now(application: Application, *, now: dt.datetime) -> Facts:
    """What the next decision judges: the former facts while the bed is held, since its nights are
    taken already; else what is known now. What people found is kept either way."""
    latest = application.decisions.latest()
    former = load(latest.facts)
    if held_stay(application):
        return former
    return dataclasses.replace(
        gathered(application, latest.policy, now=now),
        confirmed=former.confirmed,
        rejected=former.rejected,
        overridden=former.overridden,
    )


def hold_again(application: Application, *, policy: Policy, now: dt.datetime) -> Stay:
    """The bed that is held, or one held now where it was given back or never was. Who waits for a bed
    goes on waiting in the order of the waitlist.

    Errors: NightsBegun, NoBedLeft.
    """
    stay = stay_ahead(application)
    if stay:
        return stay
    until = cutoff(application, policy)
    if until <= now:
        raise NightsBegun
    requested = Stay.Status.REQUESTED
    try:
        return allocate.hold(
            application=application, policy=policy, status=requested, hold_until=until
        )
    except (allocate.NoBed, allocate.NotDecided) as error:
        raise NoBedLeft from error


def fails(decision: Decision) -> list[str]:
    """The clauses that fail by the rules; what a person rejected is not among them."""
    found = decision.findings
    return [f["clause"] for f in found if f["outcome"] == "fail" and f["reason"] != "rejected"]
