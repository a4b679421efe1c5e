"""Which counts of a table may leave the district: none of one to four people, and none from which
such a one could be reckoned by subtraction. Pure.

A table of counts with its sums is a grid whose last row and last column are the sums of the others.
Think of rows and columns as places, and of each hidden count as a way between its row and its column:
a hidden count can be reckoned from the shown ones exactly where its way is the only one between two
parts (D. Gusfield, 1988). So ways are added, the count that costs least first, until none is the only
one. No count of zero is added: it would leave its neighbours too little room.

Other tables tell the same sums: the same people by quarter and by station, after 30 days and after 90.
So which sums are hidden is decided from the sums alone, the same in each table, and no other sum is
taken to hide a count. Where that leaves a count that could be reckoned, only the sums are told.
"""

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush

SMALLEST = 5  # people; fewer are not told
Grid = list[list[int]]
Place = tuple[int, int]  # row, column
Node = tuple[str, int]


def with_sums(rows: Sequence[Sequence[int]]) -> Grid:
    """The grid with a column of the rows' sums and a row of the columns' sums."""
    across = [[*row, sum(row)] for row in rows]
    return [*across, [sum(column) for column in zip(*across, strict=True)]]


def is_small(count: int, smallest: int = SMALLEST) -> bool:
    """Nobody is not somebody: a zero may be told."""
    return 0 < count < smallest


def hidden(grid: Grid, *, smallest: int = SMALLEST) -> frozenset[Place]:
    """The places of a grid with sums (`with_sums`) that must not be shown. `smallest` is another one
    where a person counts for more than one, as in nights."""
    return _hidden(_Net(grid), smallest)


class _Net:
    """A grid as places and ways."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.bottom, self.right = len(grid) - 1, len(grid[0]) - 1
        self.places = [(r, c) for r, row in enumerate(grid) for c in range(len(row))]

    def at(self, place: Place) -> int:
        return self.grid[place[0]][place[1]]

    def is_sum(self, place: Place) -> bool:
        """Whether other tables may tell it too."""
        return place[0] == self.bottom or place[1] == self.right

    def ends(self, place: Place) -> tuple[Node, Node]:
        """The two sums that a count is a part of."""
        return ("row", place[0]), ("column", place[1])

    def lines_of_sums(self) -> Iterator[list[Place]]:
        """The sums that make another sum together."""
        yield [(self.bottom, column) for column in range(self.right)]
        yield [(row, self.right) for row in range(self.bottom)]


def _hidden(net: _Net, smallest: int) -> frozenset[Place]:
    sums = _hidden_sums(net, smallest)
    inner = {place for place in net.places if not net.is_sum(place)}
    hide = sums | {place for place in inner if is_small(net.at(place), smallest)}
    while bare := _reckonable(net, hide):
        more = _way_round(net, hide, bare)
        if not more:
            return frozenset(sums | inner)
        hide |= more
    return frozenset(hide)


def _hidden_sums(net: _Net, smallest: int) -> set[Place]:
    """The small sums, and where there is one alone the next larger one too: it would be the rest."""
    hide = set[Place]()
    for line in net.lines_of_sums():
        counted = sorted((net.at(place), place) for place in line if net.at(place))
        small = [place for count, place in counted if is_small(count, smallest)]
        hide |= {place for _count, place in counted[:2]} if len(small) == 1 else set(small)
    total = (net.bottom, net.right)
    return hide | ({total} if is_small(net.at(total), smallest) else set())


def _reckonable(net: _Net, hide: set[Place]) -> Place | None:
    """A hidden place that the shown ones give away, the first in order: whose way is the only one
    between two parts (found by R. Tarjan's numbering, 1974)."""
    ways: dict[Node, list[tuple[Node, Place]]] = {}
    for place in sorted(hide):
        one, other = net.ends(place)
        ways.setdefault(one, []).append((other, place))
        ways.setdefault(other, []).append((one, place))
    number: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    bare = set[Place]()
    for start in ways:
        if start in number:
            continue
        number[start] = lowest[start] = len(number)
        path: list[tuple[Node, Place | None, Iterator[tuple[Node, Place]]]] = [
            (start, None, iter(ways[start]))
        ]
        while path:
            here, came, left = path[-1]
            step = next(left, None)
            if step is None:
                path.pop()
                if path and came:
                    before = path[-1][0]
                    lowest[before] = min(lowest[before], lowest[here])
                    if lowest[here] > number[before]:
                        bare.add(came)
            elif step[0] not in number:
                number[step[0]] = lowest[step[0]] = len(number)
                path.append((*step, iter(ways[step[0]])))
            elif step[1] != came:
                lowest[here] = min(lowest[here], number[step[0]])
    return min(bare, default=None)


def _way_round(net: _Net, hide: set[Place], bare: Place) -> set[Place]:
    """The places to hide besides, so that `bare` lies on a ring of hidden ones, with as few people
    as can be; one hidden already costs nothing, and a sum that is not hidden is none. Nothing where
    there is no such ring. (The shortest way, by E. Dijkstra.)"""
    ways: dict[Node, list[tuple[Node, Place]]] = {}
    for place in net.places:
        if place != bare and net.at(place) and (place in hide or not net.is_sum(place)):
            one, other = net.ends(place)
            ways.setdefault(one, []).append((other, place))
            ways.setdefault(other, []).append((one, place))
    start, goal = net.ends(bare)
    known: set[Node] = set()
    ahead: list[tuple[int, Node, tuple[Place, ...]]] = [(0, start, ())]
    while ahead:
        spent, here, way = heappop(ahead)
        if here == goal:
            return set(way) - hide
        if here in known:
            continue
        known.add(here)
        for there, place in ways.get(here, ()):
            if there not in known:
                cost = 0 if place in hide else net.at(place)
                heappush(ahead, (spent + cost, there, (*way, place)))
    return set()
