"""What another policy would change, counted case by case. Pure: no Django, no queries.

A case is placed where it is not refused. It gains where the policy in force refuses it and the other
one does not, and loses where it is the other way round.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from bookings.eligibility.rules import Facts, Rules, conclude, judge

NAMED = 200  # gained and lost cases that are named; all are counted


@dataclass(frozen=True)
class Judgement:
    """One policy's word on a case: approve, review or refuse, and the clauses that fail."""

    outcome: str
    failed: frozenset[str]


@dataclass
class Tally:
    judged: int = 0
    left_out: int = 0  # cases that cannot be judged
    outcomes: tuple[Counter[str], Counter[str]] = field(
        default_factory=lambda: (Counter(), Counter())
    )
    clauses: dict[str, list[int]] = field(default_factory=dict)  # clause → gained, lost by it
    # gained, lost: [what `add` calls the case, the clauses]
    changes: tuple[list[Any], list[Any]] = field(default_factory=lambda: ([], []))
    moved: list[int] = field(default_factory=lambda: [0, 0])
    nights: list[int] = field(default_factory=lambda: [0, 0])
    taken: tuple[Counter[dt.date], Counter[dt.date]] = field(
        default_factory=lambda: (Counter(), Counter())
    )

    def add(
        self,
        ref: str,
        old: Judgement,
        new: Judgement,
        *,
        arrival: dt.date | None,
        nights: int,
    ) -> None:
        """Count one case: in force, and by the other policy."""
        self.judged += 1
        for place, one in enumerate((old, new)):
            self.outcomes[place][one.outcome] += 1
            if one.outcome != "refuse":
                self.nights[place] += nights
                for night in range(nights if arrival else 0):
                    self.taken[place][_later(arrival, night)] += 1
        was, will = old.outcome != "refuse", new.outcome != "refuse"
        if was != will:
            self._moved(ref, gains=will, by=(old if will else new).failed)

    def _moved(self, ref: str, *, gains: bool, by: Collection[str]) -> None:
        side = 0 if gains else 1
        self.moved[side] += 1
        for clause in by:
            self.clauses.setdefault(clause, [0, 0])[side] += 1
        if len(self.changes[side]) < NAMED:
            self.changes[side].append([ref, sorted(by)])

    def as_plain(self) -> dict[str, Any]:
        """The whole as JSON may keep it. Pairs are: in force, the other policy."""
        return {
            "judged": self.judged,
            "left_out": self.left_out,
            "outcomes": [dict(one) for one in self.outcomes],
            "moved": self.moved,
            "clauses": self.clauses,
            "gained": self.changes[0],
            "lost": self.changes[1],
            "nights": self.nights,
            "busiest": [max(one.values(), default=0) for one in self.taken],
        }


def _later(day: dt.date | None, days: int) -> dt.date:
    assert day
    return day + dt.timedelta(days=days)


def judgement(facts: Facts, rules: Rules) -> Judgement:
    findings = judge(facts, rules)
    failed = frozenset(one.clause for one in findings if one.outcome == "fail")
    return Judgement(conclude(findings), failed)
