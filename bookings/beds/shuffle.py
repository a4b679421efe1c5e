"""The quick ways: the gap that wastes least, then one or two stays moved elsewhere. Pure."""

import datetime as dt
from collections.abc import Iterator
from itertools import permutations

from bookings.beds.board import Board
from bookings.beds.values import Plan, PlanBed, PlanStay

DAY = dt.timedelta(days=1)
MOST_TRIES = 300  # second moves looked for, before the solver is asked


def best_gap(board: Board, wish: PlanStay) -> int | None:
    """The bed that wastes least, or None where today's plan has no gap for the wish."""
    candidates = [bed for bed in board.house.beds if board.fits(bed, wish)]
    return min(candidates, key=lambda bed: _waste(board, bed, wish)).id if candidates else None


def _waste(board: Board, bed: PlanBed, wish: PlanStay) -> tuple[bool, int, int, int, int, int]:
    """Less is better: away from friends, nights that lock an empty flexible room, flexible rather than own room,
    open ends beside the stay (a night before or after left free), what the bed offers beyond the need,
    then the bed's number."""
    opened = sum(board.sex(bed.room, night) is None for night in wish.nights)
    flexible = board.house.rooms[bed.room] == "flexible"
    ends = (min(wish.nights) - DAY, max(wish.nights) + DAY)
    loose = sum(not board.taken(bed.id, night) for night in ends)
    spare = len(bed.offers - wish.needs)  # what somebody else may need more
    away = bool(wish.friends) and not board.with_friends(bed.room, wish)
    return (away, opened if flexible else 0, int(flexible), loose, spare, bed.id)


def shuffle(board: Board, wish: PlanStay) -> Plan | None:
    """Place the wish by moving as few others as will do, two at most; None where two are not enough
    or too many ways would have to be tried. The board is left as it was."""
    ways = list(_ways(board, wish))
    for bed, others in ways:
        if len(others) == 1 and (plan := _after(board, wish, bed, others)):
            return plan
    for bed, others in ways:
        if len(others) == 2:
            for order in permutations(others):
                if plan := _after(board, wish, bed, order):
                    return plan
    tries = MOST_TRIES
    for bed, others in ways:
        if len(others) != 1:
            continue
        for second in _seconds(board, wish, bed, others[0]):
            if second is not None:
                return second
            tries -= 1
            if not tries:
                return None
    return None


def _ways(board: Board, wish: PlanStay) -> Iterator[tuple[PlanBed, tuple[PlanStay, ...]]]:
    """The beds in which one or two movable stays are in the way of the wish."""
    for bed in board.house.beds:
        way = board.in_the_way(bed, wish)
        if way is not None and not way.fixed and 1 <= len(way.stays) <= 2:
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
        for there, thirds in list(_ways(board, other)):
            if len(thirds) != 1 or thirds[0].id == wish.id:
                continue
            found = _after(board, other, there, thirds)
            yield found and Plan(bed.id, {other.id: found.bed, **found.moves})
    finally:
        board.back(mark)
