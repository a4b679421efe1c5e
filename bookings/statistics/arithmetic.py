"""What is reckoned from counts: bounds, an interval for small cohorts, a curve. Pure."""

from collections import Counter
from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

Z95 = 1.959963984540054  # of the normal distribution, two-sided 95 %


class Interval(NamedTuple):
    """A share between two others, each from 0 to 1."""

    low: float
    high: float


def bounds(stayed: int, known: int, silent: int) -> Interval | None:
    """Between which shares the truth about the known and the silent lies, whatever the silent did:
    all of them gone, or all stayed. None of nobody."""
    asked = known + silent
    return Interval(stayed / asked, (stayed + silent) / asked) if asked else None


def wilson(stayed: int, known: int, *, z: float = Z95) -> Interval | None:
    """The score interval of a share (E. B. Wilson, 1927): how far chance alone may have moved it. It
    stays within 0 and 1 and holds for small numbers too. None of nobody."""
    if not known:
        return None
    share, spread = stayed / known, z * z / known
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / known + spread / known / 4)
    # at the ends the interval touches 0 or 1; reckoning with fractions may miss it by a hair
    low = 0.0 if stayed == 0 else middle - half
    high = 1.0 if stayed == known else middle + half
    return Interval(max(0.0, low), min(1.0, high))


def median(counts: Counter[int]) -> float:
    """Of numbers that are counted, at least one: the middle one, or the mean of the two in the middle."""
    seen, total = 0, counts.total()
    lower = None
    for number in sorted(counts):
        seen += counts[number]
        if lower is None and 2 * seen >= total:
            lower = number
        if lower is not None and 2 * seen > total:
            return (lower + number) / 2
    raise ValueError("nothing is counted")


class Step(NamedTuple):
    """At `time`: how many were followed until then, of how many it ended, the share that goes on."""

    time: int
    at_risk: int
    ended: int
    share: float


def kaplan_meier(ends: Iterable[tuple[int, bool]]) -> list[Step]:
    """The product-limit estimate (E. L. Kaplan, P. Meier, 1958). Each of `ends` is somebody's last
    known time and whether it ended then (True) or they were only followed no further (False); a
    Counter of them will do.
    One step for each time at which somebody is last known; who is followed no further from a time
    on still counts at it."""
    ended: Counter[int] = Counter()
    last: Counter[int] = Counter()
    for (time, is_end), count in Counter(ends).items():
        last[time] += count
        ended[time] += count * is_end
    at_risk, share = last.total(), 1.0
    steps = []
    for time in sorted(last):
        share *= 1 - ended[time] / at_risk
        steps.append(Step(time, at_risk, ended[time], share))
        at_risk -= last[time]
    return steps
