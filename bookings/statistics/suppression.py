"""Which counts of a table may leave the district: none of one to four people, and none from which
such a one could be reckoned by subtraction. Pure.

A table of counts with its sums is a grid whose last row and last column are the sums of the others.
Think of rows and columns as places, and of each hidden count as a way between its row and its column:
a hidden count can be reckoned from the shown ones exactly where its way is the only one between two
parts (D. Gusfield, 1988). So ways are added, the count that costs least first, until none is the only
one. No count of zero is added: it would leave its neighbours too little room.

Lines may be told by the month and by the quarter. Then a quarter's count is a way too, from the sums of
its months to the sum of its column; what is hidden in either table cannot be reckoned from both.

Other tables tell the same sums: the same people by month and by station, after 30 days and after 90.
So which sums are hidden is decided from the sums alone, the same in each table, and no other sum is
taken to hide a count. Where that leaves a count that could be reckoned, only the sums are told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

SMALLEST = 5  # people; fewer are not told
Grid = list[list[int]]
Place = tuple[int, int]  # row, column
Node = tuple[str, int, int]


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


def hidden_in_groups(
    grid: Grid, groups: Sequence[int], *, smallest: int = SMALLEST
) -> tuple[frozenset[Place], frozenset[Place]]:
    """The same of a grid whose rows are told one by one or group by group; `groups` names that of each
    row, 0 and up, in order. Hidden places of the grid, and of the groups' own grid with sums."""
    *rows, bottom = grid
    if not any(groups):  # the one group is the sum
        alone = hidden(grid, smallest=smallest)
        whole = {(n, c) for r, c in alone if r == len(rows) for n in (0, 1)}
        return alone, frozenset(whole)
    summed = [[0] * len(bottom) for _ in range(max(groups) + 1)]
    for row, group in zip(rows, groups, strict=True):
        summed[group] = [a + b for a, b in zip(summed[group], row, strict=True)]
    hide = _hidden(_Net([*rows, *summed, bottom], list(groups)), smallest)
    first, last = len(rows), len(rows) + len(summed)
    fine = {(r, c) for r, c in hide if r < first}
    coarse = {(r - first, c) for r, c in hide if r >= first}
    return frozenset(fine | {(first, c) for r, c in hide if r == last}), frozenset(coarse)


@dataclass
class _Net:
    """A grid as places and ways: its rows, the sums of groups of them if there are any, its sums."""

    grid: Grid
    groups: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bottom, self.right = len(self.grid) - 1, len(self.grid[0]) - 1
        self.places = [(r, c) for r, row in enumerate(self.grid) for c in range(len(row))]
        self.ends = {place: self._ends(place) for place in self.places}

    def at(self, place: Place) -> int:
        return self.grid[place[0]][place[1]]

    def is_sum(self, place: Place) -> bool:
        """Whether other tables may tell it too."""
        return place[0] == self.bottom or place[1] == self.right

    def _ends(self, place: Place) -> tuple[Node, Node]:
        """The two sums that a count is a part of."""
        row, column = place
        whole: Node = ("column", column, 0)
        if not self.groups or row == self.bottom:
            return ("row", row, 0), whole
        if row < len(self.groups):
            return ("row", row, 0), ("group", self.groups[row], column)
        return ("group", row - len(self.groups), column), whole

    def lines_of_sums(self) -> Iterator[list[Place]]:
        """The sums that make another sum together."""
        yield [(self.bottom, column) for column in range(self.right)]
        of_rows = [(row, self.right) for row in range(self.bottom)]
        if not self.groups:
            yield of_rows
            return
        for group in range(max(self.groups) + 1):
            yield [one for one in of_rows[: len(self.groups)] if self.groups[one[0]] == group]
        yield of_rows[len(self.groups) :]


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
    """The small sums, and where there is one alone the next larger one too: it would be the rest. Of a
    group whose sum is hidden so are those of its rows."""
    hide = set[Place]()
    for line in net.lines_of_sums():
        counted = sorted((net.at(place), place) for place in line if net.at(place))
        small = [place for count, place in counted if is_small(count, smallest)]
        hide |= {place for _count, place in counted[:2]} if len(small) == 1 else set(small)
    for row, group in enumerate(net.groups):
        if (len(net.groups) + group, net.right) in hide and net.grid[row][net.right]:
            hide.add((row, net.right))
    total = (net.bottom, net.right)
    return hide | ({total} if is_small(net.at(total), smallest) else set())


def _reckonable(net: _Net, hide: set[Place]) -> Place | None:
    """A hidden place that the shown ones give away, the first in order: whose way is the only one
    between two parts (found by R. Tarjan's numbering, 1974)."""
    ways: dict[Node, list[tuple[Node, Place]]] = {}
    for place in sorted(hide):
        one, other = net.ends[place]
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
            one, other = net.ends[place]
            ways.setdefault(one, []).append((other, place))
            ways.setdefault(other, []).append((one, place))
    start, goal = net.ends[bare]
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
