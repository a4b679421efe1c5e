"""What several events share: the promise, giving beds back, the log, the word to the guest."""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.applications.models import Application
from bookings.beds import allocate
from bookings.beds.allowance import taken
from bookings.beds.models import BedNight, Stay
from bookings.beds.waitlist.models import Offer, Wait
from bookings.core import audit
from bookings.core.clock import local_date, nights_between
from bookings.core.transitions import swap
from bookings.eligibility.decide import facts_of
from bookings.eligibility.rules import Facts
from bookings.messages.send import queue
from bookings.passes.issue import issue
from bookings.passes.models import Pass
from bookings.people.models import User
from bookings.places.models import Policy

Status = Application.Status


def promise(
    application: Application, stay: Stay, *, by: User | None, now: dt.datetime
) -> Pass | None:
    """Approved: the nights held are promised, with a pass. Who still waits for nights, or has been
    offered some, is told and gets the pass once they are theirs: None."""
    Application.objects.filter(pk=application.pk).update(status=Status.APPROVED)
    application.status = Status.APPROVED
    if stay.status in (Stay.Status.WAITLISTED, Stay.Status.OFFERED):
        tell_applicant(application, "approved_waiting", now=now)
        return None
    swap(stay, "status", old={Stay.Status.REQUESTED}, new=Stay.Status.PROMISED, hold_until=None)
    shown = issue(stay=stay, now=now)
    message(application, "approved", key=f"approved:{shown.pk}", params=words(stay), now=now)
    return shown


def free(stay: Stay, status: str, *, now: dt.datetime) -> None:
    """A stay that has not begun comes to nothing: its nights are given back, its waiting ends."""
    allocate.lock(stay.station)
    swap(stay, "status", old=set(Stay.AHEAD), new=status, hold_until=None)
    allocate.release(stay, from_night=stay.arrival)
    waits = Wait.objects.open().filter(application=stay.application_id)
    Offer.objects.filter(wait__in=waits, status="open").update(status=Offer.Status.DECLINED)
    waits.update(status=Wait.Status.LEFT)


def gathered(application: Application, policy: Policy, *, now: dt.datetime) -> Facts:
    """The facts of an application at this moment: its own, and what the beds know of the person."""
    assert application.graduate
    arrival = application.arrival or local_date(now)
    return facts_of(
        application,
        now=now,
        overlapping=overlaps(application),
        taken=taken(application.graduate, policy, arrival),
    )


def overlaps(application: Application) -> bool:
    assert application.arrival and application.nights
    last = application.arrival + dt.timedelta(days=application.nights)
    nights = nights_between(application.arrival, last)
    return BedNight.objects.filter(graduate=application.graduate, night__in=nights).exists()


def log(
    action: str,
    application: Application,
    *,
    by: User | None,
    now: dt.datetime,
    **details: object,
) -> None:
    audit.record(
        action, application, by=by, now=now, district_id=application.district_id, **details
    )


def tell_applicant(
    application: Application,
    event: str,
    *,
    now: dt.datetime,
    what: str = "",
    number: int | None = None,
) -> None:
    """Message the applicant that something happened, with the address to read it at. `what` is the
    kinds of paper that are asked for, in the applicant's language. The same event of the same number
    is told once; it is the number of decisions where none is given."""
    if number is None:
        number = application.decisions.count()
    with translation.override(application.user.language):
        params = {"what": what or _("one more paper"), "link": address(application)}
    message(application, event, key=f"{event}:{application.pk}:{number}", params=params, now=now)


def message(
    application: Application,
    kind: str,
    *,
    key: str,
    params: Mapping[str, object],
    now: dt.datetime,
    until: dt.datetime | None = None,
) -> None:
    """Message the applicant in their language. About a stay that begins today or tomorrow it goes at
    any hour; `until`: of no use later than that."""
    user, today = application.user, local_date(now)
    if not user.phone:
        return
    soon = application.arrival and today <= application.arrival <= today + dt.timedelta(days=1)
    with translation.override(user.language):
        queue(
            kind=kind,
            key=key,
            params=params,
            user=user,
            district_id=application.district_id,
            urgent=bool(soon),
            until=until,
            now=now,
        )


def words(stay: Stay) -> dict[str, object]:
    """What messages say of a stay, in the guest's language."""
    with translation.override(stay.application.user.language):
        return {
            "station": stay.station.name,
            "arrival": date_format(stay.arrival, "DATE_FORMAT"),
            "nights": stay.nights,
            "link": address(stay.application),
        }


def address(application: Application) -> str:
    return str(settings.SITE_URL) + reverse("application", args=[application.pk])
