"""What a desk may do with a shown code: one closed list of results. Pure."""

import datetime as dt
from dataclasses import dataclass

from bookings.eligibility.rules import age

OF_AGE = 18  # by the Civil Code, art. 17
STATUS_REASONS = {
    "requested": "not_approved",
    "waitlisted": "not_approved",
    "offered": "not_approved",
    "cancelled": "cancelled",
    "lapsed": "lapsed",
    "no_show": "no_show",
    "left": "already_left",
}


def is_under_age(birth_date: dt.date, day: dt.date) -> bool:
    """Whether somebody is a minor on a local day."""
    return age(birth_date, day) < OF_AGE


@dataclass(frozen=True)
class Shown:
    """What is known of a shown code; all dates and times are local."""

    status: str
    arrival: dt.date
    departure: dt.date
    check_in_from: dt.time
    here: bool
    revoked: bool
    suspended: bool
    minor: bool = False
    evidence_to_see: bool = False
    arrived_at: dt.datetime | None = None
    leave_undone_at: dt.datetime | None = None


@dataclass(frozen=True)
class Verdict:
    result: str  # ok, warn or refused
    reason: str


def verdict(shown: Shown, *, action: str, at: dt.datetime) -> Verdict:
    """Judge an action at a local instant. `check` asks what is due: arriving, or being a guest."""
    if shown.revoked:
        return Verdict("refused", "revoked")
    if not shown.here:
        return Verdict("refused", "wrong_station")
    if shown.status in STATUS_REASONS:
        return Verdict("refused", STATUS_REASONS[shown.status])
    if shown.status == "arrived":
        return _in_house(shown, action, at)
    if action not in ("arrive", "check"):
        return Verdict("refused", "not_arrived")
    return _arriving(shown, at)


def _in_house(shown: Shown, action: str, at: dt.datetime) -> Verdict:
    if action == "arrive":
        return Verdict("refused", "already_arrived")
    if shown.arrived_at and _is_before(at, shown.arrived_at, action):  # a device's clock is slow
        return Verdict("refused", "clock_off")
    if action == "leave" and shown.leave_undone_at and at < shown.leave_undone_at:
        return Verdict("refused", "leave_undone")  # a device without the network heard of it late
    return Verdict("ok", "fine")


def _is_before(at: dt.datetime, arrived: dt.datetime, action: str) -> bool:
    """Nobody leaves before they came. A service of the same day may be counted: two desks without
    the network each have their own idea of when the guest arrived."""
    return at < arrived if action == "leave" else at.date() < arrived.date()


def _arriving(shown: Shown, at: dt.datetime) -> Verdict:
    if shown.suspended:
        return Verdict("refused", "suspended")
    if not shown.arrival <= at.date() < shown.departure:
        return Verdict("refused", "wrong_day")
    looks = {  # one reason only, the first that holds
        "too_early_today": at.date() == shown.arrival and at.time() < shown.check_in_from,
        "minor": shown.minor,
        "evidence_to_see": shown.evidence_to_see,
        "other_nights": at.date() > shown.arrival,
    }
    warning = next((reason for reason, holds in looks.items() if holds), None)
    return Verdict("warn", warning) if warning else Verdict("ok", "fine")


NOTHING_AGAINST_THE_STAY = frozenset(
    {"already_arrived", "no_such_service", "service_closed", "used_up", "fully_booked"}
)


def due(status: str, judged: Verdict) -> str:
    """What may be done next with a stay that stands so after this verdict: arrive, leave or nothing.
    A refusal leaves nothing to do, unless it was of the service or because the guest is in house."""
    if judged.result == "refused" and judged.reason not in NOTHING_AGAINST_THE_STAY:
        return ""
    return {"promised": "arrive", "arrived": "leave"}.get(status, "")


def is_served(status: str) -> bool:
    """Whether services may be counted for the stay."""
    return status == "arrived"


@dataclass(frozen=True)
class Asked:
    """A service asked for by a guest in house; times are local, counts are of this stay.

    `used_before` leaves the day's own uses out. `due_now`: the guest's own slot runs; `due_today`: it
    is some hour of this day. `slot_runs` and `place_free` speak of slots that run at the moment.
    """

    uses_per_day: int
    uses_per_stay: int | None = None
    used_today: int = 0
    used_before: int = 0
    opens: dt.time | None = None
    closes: dt.time | None = None
    by_appointment: bool = False
    due_now: bool = False
    due_today: bool = False
    slot_runs: bool = False
    place_free: bool = False

    @property
    def used_up(self) -> bool:
        used = self.used_before + self.used_today
        beyond_the_stay = self.uses_per_stay is not None and used >= self.uses_per_stay
        return beyond_the_stay or self.used_today >= self.uses_per_day

    def is_open(self, at: dt.time) -> bool:
        return not (self.opens and self.closes) or self.opens <= at < self.closes


def may_use(asked: Asked, *, at: dt.time) -> Verdict:
    """Judge one more use of a service at a local time. A slot's own hours go before the service's."""
    if asked.used_up:
        return Verdict("refused", "used_up")
    if asked.due_now:
        return Verdict("ok", "fine")
    if not asked.is_open(at):
        return Verdict("refused", "service_closed")
    if asked.due_today or not asked.by_appointment:
        return Verdict("ok", "fine")
    if not asked.slot_runs:
        return Verdict("refused", "service_closed")
    return Verdict("ok", "fine") if asked.place_free else Verdict("refused", "fully_booked")
