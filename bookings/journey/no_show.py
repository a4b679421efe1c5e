"""A no-show that was none: the nights from tonight on are held again."""

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.applications.models import Application
from bookings.beds import allocate
from bookings.beds.allocate import NoBed, NotDecided
from bookings.beds.house import free_nights
from bookings.beds.models import Stay
from bookings.beds.planner import PlanStay
from bookings.core.clock import at_local, local_date, nights_between
from bookings.core.errors import Refusal
from bookings.core.sentences import in_a_row
from bookings.core.transitions import StateChanged, swap
from bookings.journey.again import lock_nights
from bookings.journey.coming import tell_kept
from bookings.journey.common import log
from bookings.journey.stretch import StayOver, judge_again
from bookings.people.models import User
from bookings.places.models import Policy, Station

AT_LEAST = dt.timedelta(hours=1)  # is left to come


class NothingFree(Refusal):
    """No bed is free any more for the nights of a no-show. `departure`: until when one is, if at
    all. The sentence says what is free instead."""

    code = "nothing_free"

    def __init__(self, sentence: str, *, departure: dt.date | None) -> None:
        super().__init__(sentence)
        self.departure = departure


@transaction.atomic
def undo_no_show(
    *, stay: Stay, by: User, now: dt.datetime, departure: dt.date | None = None
) -> bool:
    """Hold the nights from tonight on again, up to an earlier `departure` if one is given; the pass
    is good again. False: undone before.

    Errors: StateChanged, StayOver, BeyondAllowance, ClauseFails, NothingFree.
    """
    application = stay.application
    lock_nights(application)
    stay.refresh_from_db(fields=["status", "arrival", "departure"])
    if stay.status == Stay.Status.PROMISED:
        return False
    if stay.status != Stay.Status.NO_SHOW:
        raise StateChanged
    held, policy = hold_rest(stay, since=local_date(now), until=departure, now=now)
    evening = at_local(local_date(now), policy.arrival_cutoff)
    promised = Stay.Status.PROMISED
    swap(held, "status", old={promised}, new=promised, cutoff_at=max(evening, now + AT_LEAST))
    log("undo_no_show", application, by=by, now=now, nights=held.nights)
    tell_kept(held, f"again:{stay.pk}:{application.decisions.count()}", now=now)
    return True


def hold_rest(
    stay: Stay, *, since: dt.date, until: dt.date | None, now: dt.datetime
) -> tuple[Stay, Policy]:
    """Promise the nights again that a stay gave back, from a day on. The nights must be locked.

    Errors: StayOver, BeyondAllowance, ClauseFails, NothingFree.
    """
    application = stay.application
    arrival = max(stay.arrival, since)
    nights = nights_between(arrival, min(until or stay.departure, stay.departure))
    if not nights:
        raise StayOver
    assert application.graduate
    stay.graduate = application.graduate
    policy = judge_again(stay, len(nights), nights, now=now).policy
    application.arrival, application.nights = nights[0], len(nights)
    try:
        held = allocate.hold(
            application=application,
            policy=policy,
            status=Stay.Status.PROMISED,
            hold_until=None,
        )
    except (NoBed, NotDecided) as error:
        raise _nothing_free(stay, nights, now) from error
    Application.objects.filter(pk=application.pk).update(arrival=nights[0], nights=len(nights))
    return held, policy


def _nothing_free(stay: Stay, nights: list[dt.date], now: dt.datetime) -> NothingFree:
    wish = allocate.wish_of(stay.application)
    for count in range(len(nights) - 1, 0, -1):
        if _is_free(stay.station, replace(wish, nights=frozenset(nights[:count]))):
            text = _("No bed is free on all of the nights any more; one is free until %(day)s.")
            day = date_format(nights[count], "DATE_FORMAT")
            return NothingFree(text % {"day": day}, departure=nights[count])
    told = [_("No bed is free here tonight any more.")]
    others = list(stay.station.district.stations.filter(is_open=True).exclude(pk=stay.station_id))
    free = free_nights(others, wish.sex, nights[0], 1)
    names = [f"{one.name} {one.phone}" for one in others if free[one.pk][0].free]
    if names:
        there = _("Free there tonight: %(stations)s.")
        told.append(there % {"stations": str(_(", ")).join(names)})
    return NothingFree(in_a_row(told), departure=None)


def _is_free(station: Station, wish: PlanStay) -> bool:
    try:
        allocate.find(station, wish)
    except (NoBed, NotDecided):
        return False
    return True
