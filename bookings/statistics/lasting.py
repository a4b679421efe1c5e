"""For how long people work on in the district, and on what evidence it is known.

Definitions: docs/statistics.md.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from bookings.retention.models import Outcome
from bookings.statistics.arithmetic import Step, kaplan_meier
from bookings.statistics.retention import known, mature
from bookings.statistics.scope import Scope

HERE = Outcome.Kind.EMPLOYED_HERE.value
LEVELS = [level.value for level in Outcome.STRENGTH]


@dataclass(frozen=True)
class Evidence:
    """The known outcomes of a horizon that rest on one level of evidence."""

    horizon: int
    level: str
    known: int
    stayed: int


class Answer(NamedTuple):
    """One ruling outcome: whose, how many days after leaving, on what evidence, what it says."""

    stay: int
    horizon: int
    level: str
    kind: str


def answers(scope: Scope) -> list[Answer]:
    """The ruling outcomes of all months that are mature at their horizon, by horizon. One query."""
    ruling = known(scope.period, scope.within("stay__station__district", "stay__station"))
    number = scope.period.number_of_instant("follow_up__stay__left_at")
    rows: Any = ruling.annotate(month=number).order_by("follow_up__horizon")
    is_mature = cache(lambda n, days: mature(scope.period.months[n], days, scope.today))
    return [
        Answer(stay, horizon, level, kind)
        for stay, horizon, level, kind, month in rows.values_list(
            "follow_up__stay", "follow_up__horizon", "level", "kind", "month"
        )
        if is_mature(month, horizon)
    ]


def evidence(answers: Iterable[Answer]) -> list[Evidence]:
    """By horizon, then level, the weakest first."""
    everybody = Counter((one.horizon, one.level) for one in answers)
    here = Counter((one.horizon, one.level) for one in answers if one.kind == HERE)
    order = sorted(everybody, key=lambda key: (key[0], LEVELS.index(key[1])))
    return [Evidence(*key, everybody[key], here[key]) for key in order]


def ends(answers: Iterable[Answer]) -> list[tuple[int, bool]]:
    """Of each guest of whom something is known: days after leaving, and whether it was then first
    known that they do not work here (True), or last known that they do (False)."""
    seen: dict[int, tuple[int, bool]] = {}
    for one in answers:
        if not seen.get(one.stay, (0, False))[1]:
            seen[one.stay] = one.horizon, one.kind != HERE
    return list(seen.values())


def curve(answers: Iterable[Answer]) -> list[Step]:
    """The share that works here still, by days after leaving."""
    return kaplan_meier(ends(answers))
