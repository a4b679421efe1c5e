"""The quick ways: the gap that wastes least, then a few stays moved elsewhere. Pure."""

import datetime as dt
from collections.abc import Iterator
from itertools import permutations

from bookings.beds.board import Board
from bookings.beds.values import Plan, PlanBed, PlanStay

DAY = dt.timedelta(days=1)
MOST_TRIES = 300  # second moves looked for, before the solver is asked
MOST_MOVED = 6  # who may go at once from one bed's nights or one room's
FEW = 800  # stays times beds up to which the solver chooses bed by bed, with the fewest moves

Way = tuple[PlanBed, tuple[PlanStay, ...]]  # a bed, and who is in the way there


def best_gap(board: Board, wish: PlanStay) -> int | None:
    """The bed that wastes least, or None where today's plan has no gap for the wish."""
    best: tuple[int, ...] | None = None
    ends = (min(wish.nights) - DAY, max(wish.nights) + DAY)
    for room, beds in board.rooms.items():
        waste = _waste(board, room, wish)
        if waste is None or (best and waste > best[:3]):
            continue
        for bed in beds:
            if wish.needs <= bed.offers and not any(board.taken(bed.id, n) for n in wish.nights):
                spared = len(bed.offers - wish.needs)
                loose = sum(not board.taken(bed.id, night) for night in ends)
                found = (*waste, spared, loose, bed.id)
                best = found if best is None else min(best, found)
    return best[-1] if best else None


def _waste(board: Board, room: int, wish: PlanStay) -> tuple[int, int, int] | None:
    """Less is better: nights that lock an empty flexible room, flexible rather than own room, friends
    elsewhere. Among a room's beds then: what the bed offers in vain, open ends beside the stay (a
    night before or after left free), the bed's number. None where the room is not for the wish's sex."""
    whose = board.house.rooms[room]
    if whose not in ("flexible", wish.sex):
        return None
    opened = 0
    for night in wish.nights:
        sex = board.sex(room, night)
        if sex is None:
            opened += 1
        elif sex != wish.sex:
            return None
    flexible = whose == "flexible"
    return (opened if flexible else 0, int(flexible), -board.friends_in(room, wish))


def shuffle(board: Board, wish: PlanStay) -> Plan | None:
    """Place the wish by moving few others; None where that is not enough or too many ways would have
    to be tried. The board is left as it was."""
    few = len(board.stays) * len(board.house.beds) <= FEW
    ways = sorted(_ways(board, wish, 2 if few else MOST_MOVED), key=lambda way: len(way[1]))
    return (
        _cleared(board, wish, [way for way in ways if len(way[1]) <= 2])
        or _in_turn(board, wish, [way for way in ways if len(way[1]) == 1])
        or _cleared(board, wish, [way for way in ways if len(way[1]) > 2])
    )


def _cleared(board: Board, wish: PlanStay, ways: list[Way]) -> Plan | None:
    """All who are in the way go to gaps."""
    for bed, others in ways:
        orders = permutations(others) if len(others) <= 2 else [sorted(others, key=_longest)]
        for order in orders:
            if plan := _after(board, wish, bed, tuple(order)):
                return plan
    return None


def _longest(stay: PlanStay) -> tuple[int, int]:
    return -len(stay.nights), stay.id


def _in_turn(board: Board, wish: PlanStay, ways: list[Way]) -> Plan | None:
    """The one who is in the way takes a bed from which another one goes to a gap."""
    tries = MOST_TRIES
    for bed, others in ways:
        for second in _seconds(board, wish, bed, others[0]):
            if second is not None:
                return second
            tries -= 1
            if not tries:
                return None
    return None


def _ways(board: Board, wish: PlanStay, most: int) -> Iterator[Way]:
    """The beds in which some movable stays, `most` at most, are in the way of the wish."""
    for bed in board.house.beds:
        way = board.in_the_way(bed, wish)
        if way is not None and not way.fixed and 1 <= len(way.stays) <= most:
            yield bed, tuple(board.stays[one] for one in way.stays)


def _after(board: Board, wish: PlanStay, bed: PlanBed, others: tuple[PlanStay, ...]) -> Plan | None:
    """The plan with the wish in this bed and the others, in this order, in gaps."""
    mark = board.now()
    moves: dict[int, int] = {}
    for other in others:
        board.leave(other)
    board.enter(wish, bed.id)
    for other in others:
        gap = best_gap(board, other)
        if gap is None:
            board.back(mark)
            return None
        board.enter(other, gap)
        moves[other.id] = gap
    board.back(mark)
    return Plan(bed.id, moves)


def _seconds(board: Board, wish: PlanStay, bed: PlanBed, other: PlanStay) -> Iterator[Plan | None]:
    """Ways in which the other takes a third one's bed: a plan, or None for each that leads nowhere."""
    mark = board.now()
    board.leave(other)
    board.enter(wish, bed.id)
    try:
        for there, thirds in list(_ways(board, other, 1)):
            if thirds[0].id == wish.id:
                continue
            found = _after(board, other, there, thirds)
            yield found and Plan(bed.id, {other.id: found.bed, **found.moves})
    finally:
        board.back(mark)
