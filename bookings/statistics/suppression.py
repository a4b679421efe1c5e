"""Which counts of a table may leave the district: none of one to four people, and none from which
such a one could be reckoned by subtraction. Pure.

A table of counts with its sums is a grid whose last row and last column are the sums of the others.
Think of rows and columns as places, and of each hidden count as a way between its row and its column:
a hidden count can be reckoned from the shown ones exactly where its way is the only one between two
parts (D. Gusfield, 1988). So ways are added, the count that costs least first, until none is the only
one. No count of zero is added: it would leave its neighbours too little room.
"""

from collections.abc import Iterator, Sequence

SMALLEST = 5  # people; fewer are not told
Grid = list[list[int]]
Place = tuple[int, int]  # row, column


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
    hide = {place for place in _places(grid) if is_small(_at(grid, place), smallest)}
    while bare := _reckonable(hide):
        hide |= _way_round(grid, hide, bare)
    return frozenset(hide)


def _places(grid: Grid) -> Iterator[Place]:
    return ((r, c) for r, row in enumerate(grid) for c in range(len(row)))


def _at(grid: Grid, place: Place) -> int:
    return grid[place[0]][place[1]]


def _reckonable(hide: set[Place]) -> Place | None:
    """A hidden place that the shown ones give away, the first in order."""
    return next((p for p in sorted(hide) if not _joined(hide - {p}, p)), None)


def _joined(hide: set[Place], ends: Place) -> bool:
    """Whether there is a way from a row to a column over hidden places."""
    rows, columns = {ends[0]}, set[int]()
    while True:
        new_columns = {c for r, c in hide if r in rows} - columns
        columns |= new_columns
        if ends[1] in columns:
            return True
        new_rows = {r for r, c in hide if c in columns} - rows
        if not new_rows:
            return False
        rows |= new_rows


def _way_round(grid: Grid, hide: set[Place], bare: Place) -> set[Place]:
    """The places to hide besides, so that `bare` lies on a ring of hidden ones, with as few people
    as can be; one hidden already costs nothing. There is one: each count that is not zero lies on a
    ring with its sums, or with counts that they are the sums of."""
    ways = [p for p in _places(grid) if p != bare and _at(grid, p)]
    start, goal = ("row", bare[0]), ("column", bare[1])
    known: dict[tuple[str, int], tuple[int, frozenset[Place]]] = {start: (0, frozenset())}
    changed = True
    while changed:  # Bellman and Ford; a table has few rows
        changed = False
        for place in ways:
            cost = 0 if place in hide else _at(grid, place)
            ends = ("row", place[0]), ("column", place[1])
            for here, there in (ends, ends[::-1]):
                if here not in known:
                    continue
                spent = known[here][0] + cost
                if there not in known or spent < known[there][0]:
                    known[there] = spent, known[here][1] | {place}
                    changed = True
    return set(known[goal][1]) - hide
