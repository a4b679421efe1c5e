"""What closing beds would do: who moves where, who is in house there, who finds no bed. Pure."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bookings.beds.planner import plan
from bookings.beds.values import House, Night, NoPlan, PlanStay


@dataclass(frozen=True)
class Closing:
    """`moves`: stay → bed; `lost`: stays that no plan can place; `here`: guests in house on those beds
    and nights, who are never moved by a plan. Only where nobody is `here` can it be done."""

    moves: Mapping[int, int] = field(default_factory=dict)
    lost: tuple[int, ...] = ()
    here: tuple[int, ...] = ()


def close(
    house: House,
    stays: Iterable[PlanStay],
    closed: frozenset[tuple[int, Night]],
    *,
    seconds: float = 8.0,
) -> Closing:
    """Close (bed, night) pairs. Who is not touched keeps the bed if that leaves room; those whose bed is
    closed are placed one after the other, the earliest arrival first; `seconds` for all of them.

    Errors: Undecided, where neither a plan nor a proof was found for one of them in time.
    """
    end = time.monotonic() + seconds
    everyone = list(stays)
    touched = [s for s in everyone if any((s.bed, night) in closed for night in s.nights)]
    here = tuple(s.id for s in touched if s.fixed)
    if here:
        return Closing(here=here)
    then = replace(house, closed=house.closed | closed)
    placed = [s for s in everyone if s not in touched]
    lost = []
    for stay in sorted(touched, key=lambda s: (min(s.nights), s.id)):
        try:
            left = min(2.0, max(0.05, end - time.monotonic()))
            found = plan(then, placed, replace(stay, bed=None), seconds=left)
        except NoPlan:
            lost.append(stay.id)
            continue
        placed = [replace(one, bed=found.moves.get(one.id, one.bed)) for one in placed]
        placed.append(replace(stay, bed=found.bed))
    first = {s.id: s.bed for s in everyone}
    moves = {s.id: s.bed for s in placed if s.bed is not None and s.bed != first[s.id]}
    return Closing(moves, tuple(lost))
