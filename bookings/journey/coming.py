"""Who is expected and has not come: a reminder, and a later hour by telephone."""

import datetime as dt

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from bookings.beds import allocate
from bookings.beds.models import Stay
from bookings.core.clock import at_local, local_date
from bookings.core.errors import Refusal
from bookings.core.transitions import swap
from bookings.journey.common import address, log, message
from bookings.journey.stretch import DAY, last_moment
from bookings.people.models import User

EVENING = dt.time(23, 59)
NOON = dt.time(12)


class NotThatLate(Refusal):
    code = "not_that_late"
    sentence = gettext_lazy("Choose an hour to come, within the nights of the stay.")
    field = "until"


@transaction.atomic
def remind(*, stay: Stay, now: dt.datetime) -> bool:
    """On the day, some hours before the bed is given up, tell who has not come until when it is kept.
    Once. False: nothing to do."""
    hours = stay.application.decisions.latest().policy.remind_hours
    if not stay.cutoff_at - dt.timedelta(hours=hours) <= now < stay.cutoff_at:
        return False
    if local_date(stay.cutoff_at) != local_date(now):
        return False
    promised = Stay.objects.filter(pk=stay.pk, status=Stay.Status.PROMISED, reminded_at=None)
    if promised.update(reminded_at=now) != 1:
        return False
    _tell(stay, "remind", f"remind:{stay.pk}", now=now)
    return True


def later_hours(*, stay: Stay, now: dt.datetime) -> list[dt.datetime]:
    """Until when the bed may be kept for a guest who telephones."""
    today = local_date(now)
    hours = [
        at_local(today, EVENING),
        at_local(today + DAY, NOON),
        at_local(today + DAY, EVENING),
    ]
    known = max(now, stay.cutoff_at)
    return [hour for hour in hours if known < hour <= last_moment(stay.departure)]


@transaction.atomic
def come_later(*, stay: Stay, until: dt.datetime, by: User, now: dt.datetime) -> None:
    """The guest has telephoned: the bed is kept until an hour within the nights of the stay.

    Errors: NotThatLate, StateChanged (arrived, or given up meanwhile).
    """
    allocate.lock(stay.station)
    stay.refresh_from_db(fields=["departure"])
    if not now < until <= last_moment(stay.departure):
        raise NotThatLate
    promised = Stay.Status.PROMISED
    swap(stay, "status", old={promised}, new=promised, cutoff_at=until)
    log("come_later", stay.application, by=by, now=now, until=until.isoformat())
    tell_kept(stay, f"later:{stay.pk}:{until:%d%H%M}", now=now)


def tell_kept(stay: Stay, key: str, *, now: dt.datetime) -> None:
    """Message the guest until when the bed is kept."""
    _tell(stay, "kept", key, now=now)


def _tell(stay: Stay, kind: str, key: str, *, now: dt.datetime) -> None:
    with translation.override(stay.application.user.language):
        told = {
            "station": stay.station.name,
            "until": date_format(timezone.localtime(stay.cutoff_at), "DATETIME_FORMAT"),
            "phone": stay.station.phone,
            "link": address(stay.application),
        }
    message(stay.application, kind, key=key, params=told, until=stay.cutoff_at, now=now)
