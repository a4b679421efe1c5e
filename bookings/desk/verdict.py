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
    """What is known of a shown code; dates and times are local, `arrived_at` is an instant."""

    status: str
    arrival: dt.date
    departure: dt.date
    check_in_from: dt.time
    here: bool
    revoked: bool
    suspended: bool
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
    if shown.arrived_at and at < shown.arrived_at:  # a device's clock is slow
        return Verdict("refused", "clock_off")
    return Verdict("ok", "fine")


def _arriving(shown: Shown, at: dt.datetime) -> Verdict:
    if shown.suspended:
        return Verdict("refused", "suspended")
    if not shown.arrival <= at.date() < shown.departure:
        return Verdict("refused", "wrong_day")
    if at.date() == shown.arrival and at.time() < shown.check_in_from:
        return Verdict("warn", "too_early_today")
    return Verdict("ok", "fine")
