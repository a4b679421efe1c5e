"""What several events share: the promise, giving beds back, the log, the word to the guest."""

import datetime as dt

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
    with translation.override(application.user.language):
        text = _(
            "Youth Station: your stay at %(station)s from %(arrival)s, %(nights)s nights, is "
            "approved. Your check-in code: %(link)s. Bring your identity document."
        ) % words(stay)
    message(application.user, key=f"approved:{shown.pk}", text=text, now=now)
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
        texts = {
            "refused": _("Youth Station: your application was not approved. Why, and what helps:"),
            "more_asked": _("Youth Station: your bed is kept. We need from you: %(what)s. Here:")
            % {"what": what or _("one more paper")},
            "reopened": _("Youth Station: your application was looked at again; a bed is held:"),
            "revoked": _("Youth Station: your approval was taken back. Why, and what helps:"),
            "lapsed": _("Youth Station: the papers did not come in time; the bed was given back:"),
            "approved_waiting": _(
                "Youth Station: your application is approved. You are still on the waitlist; we "
                "message you when a bed is free:"
            ),
            "bed_found": _("Youth Station: a bed was found and is held for you:"),
            "offer_passed": _(
                "Youth Station: the bed offered to you went to the next one. To wait on:"
            ),
            "wait_over": _(
                "Youth Station: no bed came free for your days. Apply again for other days:"
            ),
            "displaced": _(
                "Youth Station: we are sorry, your bed is out of use. You are first on the waitlist "
                "and get the next one:"
            ),
            "no_show": _("Youth Station: you did not arrive by the cut-off; your bed is free:"),
        }
        text = f"{texts[event]} {address(application)}"
    message(application.user, key=f"{event}:{application.pk}:{number}", text=text, now=now)


def message(user: User, *, key: str, text: str, now: dt.datetime) -> None:
    if user.phone:
        queue(user=user, to=user.phone, key=key, text=text, now=now)


def words(stay: Stay) -> dict[str, object]:
    return {
        "station": stay.station.name,
        "arrival": date_format(stay.arrival, "DATE_FORMAT"),
        "nights": stay.nights,
        "link": address(stay.application),
    }


def address(application: Application) -> str:
    return str(settings.SITE_URL) + reverse("application", args=[application.pk])
