"""For how long people work on in the district, and on what evidence it is known.

Definitions: docs/statistics.md.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from bookings.retention.models import Outcome
from bookings.statistics.arithmetic import Step, kaplan_meier
from bookings.statistics.retention import end_of, known, mature
from bookings.statistics.scope import Scope
from bookings.statistics.tallies.tallied import Line, tallied

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
    """One ruling outcome: when and where its guest left, whose it is, how many days after leaving, on
    what evidence, what it says."""

    number: int
    station: int
    stay: int
    horizon: int
    level: str
    kind: str


def evidence(scope: Scope) -> list[Evidence]:
    """By horizon, then level, the weakest first."""
    everybody: Counter[tuple[int, str]] = Counter()
    here: Counter[tuple[int, str]] = Counter()
    for _month, (horizon, level, is_here), count in levels(scope):
        everybody[horizon, level] += count
        here[horizon, level] += count * is_here
    order = sorted(everybody, key=lambda key: (key[0], LEVELS.index(key[1])))
    return [Evidence(*key, everybody[key], here[key]) for key in order]


def curve(scope: Scope) -> list[Step]:
    """The share that works here still, by days after leaving."""
    last: Counter[tuple[int, bool]] = Counter()
    for _month, (horizon, is_end), count in ends(scope):
        last[horizon, is_end] += count
    return kaplan_meier(last)


@tallied
def levels(scope: Scope) -> Iterator[Line]:
    """The known outcomes of mature months, by horizon, level and whether they say "here". One query."""
    counts = Counter(
        (one.number, one.station, one.horizon, one.level, one.kind == HERE)
        for one in _answers(scope)
    )
    for (number, station, *key), count in counts.items():
        yield Line(scope.period.months[number], station, tuple(key), count)


@tallied
def ends(scope: Scope) -> Iterator[Line]:
    """The guests of whom something is known: days after leaving, and whether it was then first known
    that they do not work here (True), or last known that they do (False). One query."""
    guest = itemgetter(0, 1, 2)  # month, station, stay
    answers = sorted(_answers(scope), key=guest)
    counts = Counter(
        (number, station, *_end(list(told)))
        for (number, station, _stay), told in groupby(answers, key=guest)
    )
    for (number, station, *key), count in counts.items():
        yield Line(scope.period.months[number], station, tuple(key), count)


def _end(told: list[Answer]) -> tuple[int, bool]:
    """Of one guest's answers, by horizon."""
    gone = next((one for one in told if one.kind != HERE), None)
    return (gone or told[-1]).horizon, gone is not None


def _answers(scope: Scope) -> Iterable[Answer]:
    """The ruling outcomes of all months that are mature at their horizon, by horizon."""
    where = scope.within("stay__station__district", "stay__station")
    # no month of the period is mature later
    longest = (scope.today - end_of(scope.period.first)).days
    ruling = known(scope.period, {**where, "horizon__lte": longest})
    number = scope.period.number_of_instant("follow_up__stay__left_at")
    rows: Any = ruling.annotate(month=number).order_by("follow_up__horizon")
    is_mature = cache(lambda n, days: mature(scope.period.months[n], days, scope.today))
    told = rows.values_list(
        *["month", "follow_up__stay__station", "follow_up__stay"],
        *["follow_up__horizon", "level", "kind"],
    )
    for row in told.iterator():
        answer = Answer(*row)
        if is_mature(answer.number, answer.horizon):
            yield answer
