"""Allocate: find a plan and write it, under one lock per station, inside the caller's transaction.

The lock is a row lock on PostgreSQL; on SQLite it is the transaction itself, which took the write lock
when it began.
"""

import datetime as dt
from collections.abc import Collection

from django.db import connection
from django.utils.translation import gettext_lazy as _

from bookings.applications.models import Application
from bookings.beds import inventory
from bookings.beds.allowance import ceiling
from bookings.beds.house import read_station
from bookings.beds.models import Stay
from bookings.beds.planner import NoPlan, Plan, PlanStay, Undecided, plan
from bookings.beds.waitlist.freed import note_freed
from bookings.core.clock import at_local, nights_between
from bookings.core.errors import Refusal
from bookings.core.prepared import in_one_trip
from bookings.places.models import Bed, Policy, Station


class NoBed(Refusal):
    code = "no_bed"
    sentence = _(
        "No bed is free on all of these nights. Nothing you typed is lost: choose other nights "
        "or another station."
    )
    field = "arrival"


class NotDecided(Refusal):
    code = "not_decided"
    sentence = _(
        "Too many plans to try at once. Nothing you typed is lost: send it again in a minute."
    )


def lock_application(pk: int) -> Application:
    """The application as it is now, to oneself until the transaction ends. Whoever locks it and more
    does so in this order: application, station, graduate."""
    rows = Application.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("district", "user").get(pk=pk)


def lock(station: Station) -> None:
    """Let one transaction at a time plan this station's beds; what only refers to it goes on."""
    Station.objects.select_for_update(no_key=True).only("pk").get(pk=station.pk)


def share(station: Station) -> None:
    """Let nobody plan this station's beds until the transaction ends; others who share it go on."""
    if connection.features.has_select_for_update:
        table = connection.ops.quote_name(Station._meta.db_table)
        with in_one_trip(), connection.cursor() as cursor:  # Django has no word for FOR SHARE
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR SHARE", [station.pk])  # noqa: S608


def hold(
    *,
    application: Application,
    policy: Policy,
    status: str,
    hold_until: dt.datetime | None,
    seconds: float = 2.0,
) -> Stay:
    """Take beds for the application's nights, moving stays that have not arrived if need be. A stay
    of the application that holds none is given some.

    The station must be locked. Errors: NoBed (proven), NotDecided (no proof within the seconds); then
    nothing has changed.
    """
    wish = wish_of(application)
    assert application.graduate and application.station and application.arrival
    found = find(application.station, wish, seconds=seconds)
    allowed = ceiling(application.graduate, policy, application.arrival)
    stay = Stay.objects.filter(application=application).first() or Stay(application=application)
    stay.graduate, stay.station = application.graduate, application.station
    stay.arrival, stay.departure = application.arrival, max(wish.nights) + dt.timedelta(days=1)
    stay.status, stay.hold_until = status, hold_until
    stay.cutoff_at = at_local(application.arrival, policy.arrival_cutoff)
    stay.save()
    inventory.move(found.moves)
    inventory.take(stay, found.bed, sorted(wish.nights))
    inventory.count_nights(application.graduate, len(wish.nights), allowed=allowed)
    return stay


def wish_of(application: Application) -> PlanStay:
    """An application's wish as the planner takes it."""
    assert application.graduate and application.arrival and application.nights
    departure = application.arrival + dt.timedelta(days=application.nights)
    return PlanStay(
        0,
        application.graduate.sex,
        frozenset(nights_between(application.arrival, departure)),
        needs=frozenset(application.needs),
        friends=_friends(application),
    )


def _friends(application: Application) -> frozenset[int]:
    """The stays in whose room the applicant wishes to be."""
    if not application.friend_id:
        return frozenset()
    stays = Stay.objects.holding().filter(application=application.friend_id)
    return frozenset(stays.values_list("pk", flat=True))


def find(
    station: Station,
    wish: PlanStay,
    *,
    without: Collection[int] = (),
    seconds: float = 2.0,
) -> Plan:
    """A plan for the wish, as if the stays in `without` were not there.

    Errors: NoBed (proven), NotDecided (no proof within the seconds).
    """
    house, stays = read_station(station, min(wish.nights), max(wish.nights))
    try:
        return plan(house, [s for s in stays if s.id not in without], wish, seconds=seconds)
    except NoPlan as error:
        raise NoBed from error
    except Undecided as error:
        raise NotDecided from error


def release(stay: Stay, *, from_night: dt.date) -> int:
    """Give back the stay's nights from `from_night` on, to the station and to the allowance; those who
    wait are thought of. Returns how many nights were given back."""
    count = inventory.give_back(stay, from_night=from_night)
    if count:
        note_freed(stay.station_id)
    return count


def bed_of(stay: Stay) -> Bed | None:
    """The bed of the stay, as planned or as slept in last."""
    row = stay.bed_nights.select_related("bed__room").order_by("-night").first()
    return row.bed if row else None
