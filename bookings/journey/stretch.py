"""A stay gets longer or shorter once it is promised, before its guest comes or while one is here."""

import datetime as dt
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.applications.models import Application
from bookings.beds import allocate, inventory
from bookings.beds.allocate import NoBed, NotDecided
from bookings.beds.allowance import ceiling, taken
from bookings.beds.models import BedMove, BedNight, Stay
from bookings.beds.more_nights import find_more, give_more
from bookings.beds.planner import Plan
from bookings.core.clock import at_local, local_date, nights_between
from bookings.core.errors import Refusal
from bookings.core.sentences import in_a_row
from bookings.core.transitions import StateChanged, swap
from bookings.eligibility.decide import decide, facts_of, load
from bookings.eligibility.models import Decision
from bookings.eligibility.wording import tell
from bookings.journey.again import lock_nights
from bookings.journey.common import address, log, message, words
from bookings.journey.offers import serve_first
from bookings.people.models import User

DAY = dt.timedelta(days=1)
STAYING = frozenset({Stay.Status.PROMISED, Stay.Status.ARRIVED})


class StayOver(Refusal):
    code = "stay_over"
    sentence = gettext_lazy("This stay is over. Apply for other nights.")


class BeyondAllowance(Refusal):
    """The sentence says how many nights are left."""

    code = "beyond_allowance"
    field = "nights"


class ClauseFails(Refusal):
    """The sentence is that of the clause."""

    code = "clause_fails"


class CannotStay(Refusal):
    """No bed for so many nights more. `fewer` nights would go; `elsewhere` says that the guest, who
    has arrived, could have all of them in another bed. The sentence says both."""

    code = "cannot_stay"
    field = "nights"

    def __init__(self, sentence: str, *, fewer: int, elsewhere: bool) -> None:
        super().__init__(sentence)
        self.fewer, self.elsewhere = fewer, elsewhere


class NoNightLeft(Refusal):
    code = "no_night_left"
    sentence = gettext_lazy(
        "At least one night stays. Who is not coming gives the whole stay back; who is here checks "
        "out at the desk."
    )
    field = "departure"


@dataclass(frozen=True)
class Room:
    """By how much a stay can change: nights more, each with its day of departure, as far as the
    allowance goes; and earlier days of departure."""

    longer: list[tuple[int, dt.date]]
    earlier: list[dt.date]


def room_to_change(*, stay: Stay, now: dt.datetime) -> Room | None:
    """What a page offers; None where the stay cannot change. Whether beds are free shows on trying."""
    if stay.status not in STAYING or stay.departure < local_date(now):
        return None
    policy = stay.application.decisions.latest().policy
    left = policy.nights - taken(stay.graduate, policy, stay.arrival)[0]
    first = _earliest_departure(stay, now)
    return Room(
        longer=[(n, stay.departure + n * DAY) for n in range(1, left + 1)],
        earlier=nights_between(first, stay.departure),
    )


def extend(
    *,
    stay: Stay,
    nights: int,
    seen: dt.date,
    by: User,
    now: dt.datetime,
    move_if_needed: bool = False,
) -> BedMove | None:
    """Add nights to a promised or arrived stay whose departure was `seen`; pressed twice, once.

    Who waits for nights is offered what was freed before. A guest who is here keeps the bed. With `move_if_needed` (staff only) one whose bed cannot be kept
    changes to another for the added nights: that move is returned.

    Errors: StateChanged, StayOver, BeyondAllowance, ClauseFails, CannotStay.
    """
    serve_first(stay.station, now=now)
    return _extend(stay, nights, seen, by=by, now=now, move_if_needed=move_if_needed)


@transaction.atomic
def _extend(
    stay: Stay, nights: int, seen: dt.date, *, by: User, now: dt.datetime, move_if_needed: bool
) -> BedMove | None:
    _lock(stay)
    if stay.departure == seen + nights * DAY:
        return None
    _must_stay(stay, now)
    if stay.departure != seen:
        raise StateChanged
    more = nights_between(seen, seen + nights * DAY)
    graduate, policy = stay.graduate, stay.application.decisions.latest().policy
    allowed = ceiling(graduate, policy, stay.arrival)
    decision = judge_again(stay, stay.nights + nights, more, now=now)
    found = _find(stay, more, move_if_needed=move_if_needed)
    moved = give_more(stay, found, more, by=by, now=now)
    inventory.count_nights(graduate, nights, allowed=allowed)
    _now_until(stay, seen + nights * DAY)
    log("extend", stay.application, by=by, now=now, nights=nights, moved=moved is not None)
    _tell(stay, f"extended:{stay.application_id}:{decision.number}", now=now)
    return moved


@transaction.atomic
def shorten(*, stay: Stay, departure: dt.date, by: User, now: dt.datetime) -> bool:
    """Give the last nights back, to the house and to the allowance. False: done before.

    Errors: StateChanged (it ends earlier already), StayOver, NoNightLeft.
    """
    _lock(stay)
    if stay.departure == departure:
        return False
    _must_stay(stay, now)
    if departure > stay.departure:
        raise StateChanged
    if departure < _earliest_departure(stay, now):
        raise NoNightLeft
    former = stay.departure
    _now_until(stay, departure, cutoff_at=min(stay.cutoff_at, last_moment(departure)))
    returned = allocate.release(stay, from_night=departure)
    log("shorten", stay.application, by=by, now=now, returned=returned)
    _tell(stay, f"shortened:{stay.application_id}:{former}:{departure}:{now:%H%M%S}", now=now)
    return True


def judge_again(stay: Stay, total: int, new: list[dt.date], *, now: dt.datetime) -> Decision:
    """Judge what was decided once more with another number of nights, of which `new` are not held
    yet. What was known of the person then, and what people confirmed, stands.

    Errors: BeyondAllowance, ClauseFails.
    """
    application = stay.application
    latest = application.decisions.latest()
    nights, stays = taken(stay.graduate, latest.policy, stay.arrival)
    held = total - len(new)
    fresh = facts_of(
        application,
        now=now,
        overlapping=BedNight.objects.filter(graduate=stay.graduate, night__in=new).exists(),
        taken=(nights - held, stays - (held > 0)),
    )
    facts = replace(
        load(latest.facts),
        nights=total,
        nights_taken=fresh.nights_taken,
        stays_taken=fresh.stays_taken,
        overlapping=fresh.overlapping,
        suspended_until=fresh.suspended_until,
    )
    # whose approval it was, it remains; nobody but the rules decides anew
    decision = decide(
        application=application,
        facts=facts,
        policy=latest.policy,
        by=latest.by,
        now=now,
        note=latest.note,
    )
    if decision.outcome != Decision.Outcome.APPROVE:
        raise _why_not(decision, latest.policy.nights - nights)
    return decision


def _why_not(decision: Decision, left: int) -> Refusal:
    told = next(one for one in tell(decision.findings) if one.outcome != "pass")
    if told.clause != "allowance":
        return ClauseFails(told.whole)
    if left < 1:
        return BeyondAllowance(_("All nights of the allowance are used or promised."))
    text = ngettext("Only %(n)s more night is left.", "Only %(n)s more nights are left.", left)
    return BeyondAllowance(text % {"n": left})


def _find(stay: Stay, more: list[dt.date], *, move_if_needed: bool) -> Plan:
    try:
        return find_more(stay, more)
    except NoBed as error:
        elsewhere = _elsewhere(stay, more)
        if elsewhere and move_if_needed:
            return elsewhere
        raise _cannot_stay(stay, more, elsewhere) from error
    except NotDecided as error:
        raise CannotStay(str(error.sentence), fewer=0, elsewhere=False) from error


def _elsewhere(stay: Stay, more: list[dt.date]) -> Plan | None:
    if stay.status != Stay.Status.ARRIVED:
        return None
    try:
        return find_more(stay, more, elsewhere=True)
    except (NoBed, NotDecided):
        return None


def _cannot_stay(stay: Stay, more: list[dt.date], elsewhere: Plan | None) -> CannotStay:
    fewer = max((n for n in range(1, len(more)) if _fits(stay, more[:n])), default=0)
    text = _("The house is full from %(day)s on.")
    if stay.status == Stay.Status.ARRIVED:
        text = _("The bed is promised to somebody else from %(day)s on, and nobody can be moved.")
    sentences = [text % {"day": date_format(more[fewer], "DATE_FORMAT")}]
    if fewer:
        go = ngettext("%(n)s night more is free.", "%(n)s nights more are free.", fewer)
        sentences.append(go % {"n": fewer})
    if elsewhere:
        told = _("Another bed is free on all these nights: the desk can arrange it, %(phone)s.")
        sentences.append(told % {"phone": stay.station.phone})
    return CannotStay(in_a_row(sentences), fewer=fewer, elsewhere=elsewhere is not None)


def _fits(stay: Stay, more: list[dt.date]) -> bool:
    try:
        find_more(stay, more)
    except (NoBed, NotDecided):
        return False
    return True


def _lock(stay: Stay) -> None:
    """Nobody else changes this station's beds or this person's nights; the stay as it is now."""
    lock_nights(stay.application)
    stay.refresh_from_db(fields=["status", "arrival", "departure", "cutoff_at"])
    assert stay.application.graduate
    stay.graduate = stay.application.graduate


def _must_stay(stay: Stay, now: dt.datetime) -> None:
    if stay.status not in STAYING or stay.departure < local_date(now):
        raise StayOver


def _earliest_departure(stay: Stay, now: dt.datetime) -> dt.date:
    """A guest who is here may leave today, after a night; one to come has a night to come for."""
    today = local_date(now)
    if stay.status == Stay.Status.ARRIVED:
        return max(stay.arrival + DAY, today)
    return max(stay.arrival, today) + DAY


def last_moment(departure: dt.date) -> dt.datetime:
    """The last instant at which somebody may still come: the end of the last night's day."""
    return at_local(departure - DAY, dt.time(23, 59))


def _now_until(stay: Stay, departure: dt.date, **also: dt.datetime) -> None:
    swap(stay, "status", old={stay.status}, new=stay.status, departure=departure, **also)
    Application.objects.filter(pk=stay.application_id).update(nights=stay.nights)
    stay.application.nights = stay.nights


def _tell(stay: Stay, key: str, *, now: dt.datetime) -> None:
    user = stay.application.user
    with translation.override(user.language):
        told = {
            **words(stay),
            "until": date_format(stay.departure, "DATE_FORMAT"),
            "link": address(stay.application),
        }
    message(stay.application, "stretched", key=key, params=told, now=now)
