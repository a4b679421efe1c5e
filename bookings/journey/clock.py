"""What the worker does when time is over: a hold lapses, a guest who did not come is given up."""

import datetime as dt
from typing import Protocol

from django.db import transaction

from bookings.applications.models import Application
from bookings.beds import allocate
from bookings.beds.models import Stay
from bookings.core.transitions import swap
from bookings.journey.common import free, log, tell_applicant

Status = Application.Status


class StayEvent(Protocol):
    """What the clock does to a stay: lapse, give_up, remind."""

    def __call__(self, *, stay: Stay, now: dt.datetime) -> bool: ...


@transaction.atomic
def lapse(*, stay: Stay, now: dt.datetime) -> bool:
    """A hold whose time is over frees its bed. Returns False where there is nothing to do."""
    if not Stay.objects.lapsing(now).filter(pk=stay.pk).exists():
        return False
    swap(stay.application, "status", old=set(Application.OPEN), new=Status.LAPSED)
    free(stay, Stay.Status.LAPSED, now=now)
    log("lapse", stay.application, by=None, now=now)
    tell_applicant(stay.application, "lapsed", now=now)
    return True


@transaction.atomic
def give_up(*, stay: Stay, now: dt.datetime) -> bool:
    """Nobody came by the cut-off: a no-show, its nights are free. False: nothing to do."""
    allocate.lock(stay.station)  # else a later hour agreed on at this moment would be overlooked
    if not Stay.objects.missing(now).filter(pk=stay.pk).exists():
        return False
    free(stay, Stay.Status.NO_SHOW, now=now)
    log("no_show", stay.application, by=None, now=now)
    tell_applicant(stay.application, "no_show", now=now)
    return True
