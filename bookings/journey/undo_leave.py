"""A check-out that was none: the guest is in house again, in the bed of before, as if nothing had been."""

import datetime as dt
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.beds import inventory
from bookings.beds.allocate import NoBed, NotDecided
from bookings.beds.allowance import ceiling, taken
from bookings.beds.models import BedNight, Stay
from bookings.beds.more_nights import find_in_bed
from bookings.core.clock import local_date
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged, swap
from bookings.desk.register.models import Registration
from bookings.journey.again import lock_nights
from bookings.journey.common import log
from bookings.people.models import User
from bookings.places.models import Bed
from bookings.retention import follow_up as retention


class NotToday(Refusal):
    code = "not_today"
    sentence = gettext_lazy(
        "A check-out can be undone on its day only. Take the guest in as a walk-in, for the nights "
        "that are left."
    )


class DepartureReported(Refusal):
    code = "departure_reported"
    sentence = gettext_lazy(
        "The guest register says that the police have been told that this guest left. If they have not, "
        "undo that there: then the check-out can be undone. Else take the guest in as a walk-in."
    )


class DepartureInHand(DepartureReported):
    code = "departure_in_hand"
    sentence = gettext_lazy(
        "A file that tells the police that this guest left has been downloaded. If it was not handed "
        "in, mark it as sent in the guest register and undo that: then the check-out can be undone. "
        "Else take the guest in as a walk-in."
    )


class NightsElsewhere(Refusal):
    code = "nights_elsewhere"
    sentence = gettext_lazy(
        "The nights given back have been promised to the same guest again, in another stay. "
        "Withdraw that one first."
    )


class BedTaken(Refusal):
    """The sentence says which bed, and what to do."""

    code = "bed_taken"


@transaction.atomic
def undo_leave(*, stay: Stay, by: User, now: dt.datetime) -> bool:
    """Hold the nights again that leaving gave back, in the same beds; who has not arrived moves around
    them. What leaving began ends: the questions of later and what was said at leaving, the departure to
    report. False: undone before.

    Errors: StateChanged (never left), NotToday, DepartureReported, DepartureInHand, NightsElsewhere,
    BedTaken.
    """
    lock_nights(stay.application)
    stay.refresh_from_db(fields=["status", "arrival", "departure", "left_at", "given_back"])
    if stay.status == Stay.Status.ARRIVED:
        return False
    if stay.status != Stay.Status.LEFT:
        raise StateChanged
    assert stay.application.graduate
    stay.graduate = stay.application.graduate
    if not stay.may_undo_leave(local_date(now)):
        raise NotToday
    _not_report(stay)
    nights = [(dt.date.fromisoformat(night), bed) for night, bed in stay.given_back or []]
    _hold_again(stay, nights)
    told = {"left_at": None, "given_back": None, "leave_undone_at": now}
    swap(stay, "status", old={stay.status}, new=Stay.Status.ARRIVED, **told)
    answers = retention.unschedule(stay=stay)
    log("undo_leave", stay.application, by=by, now=now, nights=len(nights), answers=answers)
    return True


def _not_report(stay: Stay) -> None:
    """The departure is in no file any more. Errors: DepartureReported; DepartureInHand (its file has been
    downloaded and not marked as sent)."""
    untold = Registration.objects.filter(stay=stay, departure_sent_at=None)
    if not untold.exists():
        raise DepartureReported
    in_nobodys_hand = untold.exclude(departure_batch__downloaded_at__isnull=False)
    if not in_nobodys_hand.update(departure_batch=None):
        raise DepartureInHand


def _hold_again(stay: Stay, nights: list[tuple[dt.date, int]]) -> None:
    """Errors: NightsElsewhere, BedTaken."""
    person, policy = stay.graduate, stay.application.decisions.latest().policy
    beyond = taken(person, policy, stay.arrival)[0] + len(nights) > policy.nights
    same = BedNight.objects.filter(graduate=person, night__in=[night for night, _bed in nights])
    if nights and (beyond or same.exists()):
        raise NightsElsewhere
    allowed = ceiling(person, policy, stay.arrival)
    for bed, part in groupby(nights, key=itemgetter(1)):
        _take(stay, bed, [night for night, _bed in part])
    inventory.count_nights(person, len(nights), allowed=allowed)


def _take(stay: Stay, bed: int, nights: list[dt.date]) -> None:
    """Errors: BedTaken."""
    try:
        found = find_in_bed(stay, bed, nights)
    except (NoBed, NotDecided) as error:
        text = _(
            "Bed %(bed)s is not free any more on all of these nights, or is out of use. Look at the "
            "board: move who has it there, then undo; or take this guest in as a walk-in, in another "
            "bed."
        )
        label = Bed.objects.select_related("room").get(pk=bed)
        raise BedTaken(text % {"bed": label}) from error
    inventory.move(found.moves)
    inventory.take(stay, bed, nights)
