"""For how long people work on in the district, and on what evidence it is known.

Definitions: docs/statistics.md.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet

from bookings.retention.models import Outcome
from bookings.statistics.arithmetic import Step, kaplan_meier
from bookings.statistics.retention import known, mature
from bookings.statistics.scope import Scope

HERE = Outcome.Kind.EMPLOYED_HERE


@dataclass(frozen=True)
class Evidence:
    """The known outcomes of a horizon that rest on one level of evidence."""

    horizon: int
    level: str
    known: int
    stayed: int


def _ruling(scope: Scope) -> QuerySet[Outcome]:
    return known(scope.period, scope.within("stay__station__district", "stay__station"))


def _is_mature(scope: Scope, number: int, horizon: int) -> bool:
    return mature(scope.period.months[number], horizon, scope.today)


MONTH = "follow_up__stay__left_at"


def evidence(scope: Scope) -> list[Evidence]:
    """By horizon, then level, the weakest first. One query."""
    counts: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    rows: Any = _ruling(scope).values_list(
        scope.period.number_of_instant(MONTH), "follow_up__horizon", "level", "kind"
    )
    for number, horizon, level, kind, how_many in rows.order_by().annotate(Count("pk")):
        if _is_mature(scope, number, horizon):
            counts[horizon, level][0] += how_many
            counts[horizon, level][1] += how_many if kind == HERE else 0
    order = sorted(counts, key=lambda key: (key[0], Outcome.STRENGTH.index(Outcome.Level(key[1]))))
    return [Evidence(*key, *counts[key]) for key in order]


def ends(scope: Scope) -> list[tuple[int, bool]]:
    """Of each guest of whom something is known: days after leaving, and whether it was then first
    known that they do not work here (True), or last known that they do (False). One query."""
    seen: dict[int, tuple[int, bool]] = {}
    rows: Any = _ruling(scope).values_list(
        F("follow_up__stay"),
        scope.period.number_of_instant(MONTH),
        F("follow_up__horizon"),
        "kind",
    )
    for stay, number, horizon, kind in rows.order_by("follow_up__horizon"):
        if _is_mature(scope, number, horizon) and not seen.get(stay, (0, False))[1]:
            seen[stay] = horizon, kind != HERE
    return list(seen.values())


def curve(scope: Scope) -> list[Step]:
    """The share that works here still, by days after leaving."""
    return kaplan_meier(ends(scope))
