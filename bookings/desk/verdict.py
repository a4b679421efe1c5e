"""What a desk may do with a shown code: one closed list of results. Pure."""

import datetime as dt
from dataclasses import dataclass

STATUS_REASONS = {
    "requested": "not_approved",
    "waitlisted": "not_approved",
    "offered": "not_approved",
    "cancelled": "cancelled",
    "lapsed": "lapsed",
    "no_show": "no_show",
    "left": "already_left",
}


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


def of_service(*, per_day: int | None, used: int) -> Verdict:
    """Whether a service may be used once more on a day; `per_day` is None where there is no such."""
    if per_day is None:
        return Verdict("refused", "no_such_service")
    return Verdict("refused", "used_up") if used >= per_day else Verdict("ok", "fine")
