"""Room for a guest who keeps the bed: who has not arrived moves around it. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from bookings.beds.planner import plan
from bookings.beds.values import House, NoPlan, PlanStay


def clear_bed(
    house: House, stays: Iterable[PlanStay], guest: PlanStay, *, seconds: float = 2.0
) -> dict[int, int]:
    """The moves (stay → bed) after which `guest` has its bed on its nights, a fixed stay there.

    Each plan moves whoever may be moved, so placing one after the other finds what there is. Errors:
    NoPlan (proven), Undecided (time limit, for each who is in the way).
    """
    everyone = list(stays)
    first = {stay.id: stay.bed for stay in everyone}
    waiting = [stay for stay in everyone if _in_the_way(house, stay, guest)]
    closed = any((guest.bed, night) in house.closed for night in guest.nights)
    if closed or any(stay.fixed for stay in waiting):
        raise NoPlan
    placed = [*(stay for stay in everyone if stay not in waiting), replace(guest, fixed=True)]
    for stay in waiting:
        found = plan(house, placed, replace(stay, bed=None), seconds=seconds)
        placed = [replace(one, bed=found.moves.get(one.id, one.bed)) for one in placed]
        placed.append(replace(stay, bed=found.bed))
    return {
        one.id: one.bed
        for one in placed
        if one.id in first and one.bed is not None and one.bed != first[one.id]
    }


def _in_the_way(house: House, stay: PlanStay, guest: PlanStay) -> bool:
    """In the guest's bed, or of the other sex in the guest's room, on one of the nights."""
    room_of = {bed.id: bed.room for bed in house.beds}
    if not stay.nights & guest.nights or stay.bed is None or guest.bed is None:
        return False
    other_sex = stay.sex != guest.sex and room_of[stay.bed] == room_of[guest.bed]
    return stay.bed == guest.bed or other_sex
