"""Every combination of what a desk may meet, with the verdict, as rows for JSON: what another program
judges by itself is held against them. `python -m tests.desk.verdict_cases` prints them, one a line."""

import datetime as dt
import json
from collections.abc import Iterator
from itertools import product
from typing import Any

from bookings.desk.verdict import Asked, Shown, Verdict, due, may_use, verdict

ARRIVAL, DEPARTURE = dt.date(2026, 11, 23), dt.date(2026, 11, 26)
FROM = dt.time(14)
STATUSES = [
    *["requested", "waitlisted", "offered", "promised", "arrived"],
    *["left", "cancelled", "lapsed", "no_show"],
]
ACTIONS = ["check", "arrive", "leave", "redeem"]
FLAGS = ["here", "revoked", "suspended", "minor", "evidence"]
TIMES = [
    dt.datetime(2026, 11, 22, 23, 59),
    dt.datetime(2026, 11, 23, 13, 59),
    dt.datetime(2026, 11, 23, 14, 0),
    dt.datetime(2026, 11, 24, 9, 0),
    dt.datetime(2026, 11, 25, 23, 59),
    dt.datetime(2026, 11, 26, 0, 0),
]
ARRIVED = dt.datetime(2026, 11, 23, 15, 30)  # of a guest who is in house
SERVICES = [None, {"per_day": 1, "used": 0}, {"per_day": 1, "used": 1}, {"per_day": 3, "used": 2}]


def cases() -> Iterator[dict[str, Any]]:
    """Dates are ISO, times local and without an offset; a service is given where one is used."""
    for status, action, at in product(STATUSES, ACTIONS, TIMES):
        for flags in product([False, True], repeat=len(FLAGS)):
            for service in SERVICES if action == "redeem" else [None]:
                yield _case(status, action, at, dict(zip(FLAGS, flags, strict=True)), service)


def _case(
    status: str,
    action: str,
    at: dt.datetime,
    flags: dict[str, bool],
    service: dict[str, int] | None,
) -> dict[str, Any]:
    arrived = ARRIVED if status in ("arrived", "left") else None
    shown = Shown(
        status=status,
        arrival=ARRIVAL,
        departure=DEPARTURE,
        check_in_from=FROM,
        here=flags["here"],
        revoked=flags["revoked"],
        suspended=flags["suspended"],
        minor=flags["minor"],
        evidence_to_see=flags["evidence"],
        arrived_at=arrived,
    )
    judged = verdict(shown, action=action, at=at)
    if judged.result == "ok" and action == "redeem":
        judged = _service(service, at)
    return {
        "stay": {
            "status": status,
            "arrival": ARRIVAL.isoformat(),
            "departure": DEPARTURE.isoformat(),
            "arrived_at": arrived and arrived.isoformat(),
            **flags,
        },
        "check_in_from": FROM.isoformat(),
        "action": action,
        "at": at.isoformat(),
        "service": service,
        "result": judged.result,
        "reason": judged.reason,
        "due": due(status, judged),
    }


def _service(given: dict[str, int] | None, at: dt.datetime) -> Verdict:
    if given is None:
        return Verdict("refused", "no_such_service")
    asked = Asked(uses_per_day=given["per_day"], used_today=given["used"])
    return may_use(asked, at=at.time())


HOURS = [dt.time(7, 59), dt.time(8), dt.time(9, 59), dt.time(10)]
OPEN = [(None, None), (dt.time(8), dt.time(10))]
OF_SLOTS = ["by_appointment", "due_now", "due_today", "slot_runs", "place_free"]


def service_cases() -> Iterator[dict[str, Any]]:
    """One more use of a service by a guest in house."""
    uses = product([1, 2], [None, 2], [0, 1], [0, 1, 2])
    for (per_day, per_stay, today, before), (opens, closes) in product(uses, OPEN):
        for flags, at in product(product([False, True], repeat=len(OF_SLOTS)), HOURS):
            known: dict[str, Any] = {
                "uses_per_day": per_day,
                "uses_per_stay": per_stay,
                "used_today": today,
                "used_before": before,
                **dict(zip(OF_SLOTS, flags, strict=True)),
            }
            judged = may_use(Asked(**known, opens=opens, closes=closes), at=at)
            yield {
                "asked": {**known, "opens": _iso(opens), "closes": _iso(closes)},
                "at": at.isoformat(),
                "result": judged.result,
                "reason": judged.reason,
            }


def _iso(hour: dt.time | None) -> str | None:
    return hour.isoformat() if hour else None


if __name__ == "__main__":
    for case in (*cases(), *service_cases()):
        print(json.dumps(case))
