"""What is against guests sleeping in the beds that somebody wants for them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bookings.beds.values import House, PlanStay

Kind = Literal["closed", "room", "need", "taken", "other_sex"]


@dataclass(frozen=True)
class Obstacle:
    """`guest` cannot have the bed: it is out of use, the room is for the other sex, it lacks what the
    guest needs, or `others` sleep in it, or in its room and are of the other sex."""

    kind: Kind
    guest: int
    others: tuple[int, ...] = ()
    lacking: tuple[str, ...] = ()


def obstacle(house: House, stays: Iterable[PlanStay], wanted: Mapping[int, int]) -> Obstacle | None:
    """The first thing that is against moving these guests (id → bed) all at once; None where all is
    well. The others stay where they are."""
    everyone = list(stays)
    there = [stay for stay in everyone if stay.id not in wanted]
    for mover in (stay for stay in everyone if stay.id in wanted):
        moved = replace(mover, bed=wanted[mover.id])
        found = _against(house, there, moved)
        if found:
            return found
        there.append(moved)
    return None


def _against(house: House, there: list[PlanStay], guest: PlanStay) -> Obstacle | None:
    beds = {bed.id: bed for bed in house.beds}
    assert guest.bed is not None
    bed = beds[guest.bed]
    if any((bed.id, night) in house.closed for night in guest.nights):
        return Obstacle("closed", guest.id)
    if house.rooms[bed.room] not in ("flexible", guest.sex):
        return Obstacle("room", guest.id)
    lacking = guest.needs - bed.offers
    if lacking:
        return Obstacle("need", guest.id, lacking=tuple(sorted(lacking)))
    near = [s for s in there if s.bed is not None and s.nights & guest.nights]
    in_it = [s.id for s in near if s.bed == bed.id]
    if in_it:
        return Obstacle("taken", guest.id, tuple(in_it))
    strangers = [s.id for s in near if s.sex != guest.sex and beds[s.bed or 0].room == bed.room]
    return Obstacle("other_sex", guest.id, tuple(strangers)) if strangers else None
