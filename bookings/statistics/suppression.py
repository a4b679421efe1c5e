"""Which counts of a table may leave the district: none of one to four people, and none from which
such a one could be reckoned by subtraction. Pure.

A table of counts with its sums is a grid whose last row and last column are the sums of the others.
Think of rows and columns as places, and of each hidden count as a way between its row and its column:
a hidden count can be reckoned from the shown ones exactly where its way is the only one between two
parts (D. Gusfield, 1988). So ways are added, the count that costs least first, until none is the only
one. No count of zero is added: it would leave its neighbours too little room.

Other tables tell the same sums: the same people by month and by station, after 30 days and after 90.
So which sums are hidden is decided from the sums alone, the same in each table, and no other sum is
taken to hide a count. Where that leaves a count that could be reckoned, only the sums are told.
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
    sums = _hidden_sums(grid, smallest)
    inner = {place for place in _places(grid) if not _is_sum(grid, place)}
    hide = sums | {place for place in inner if is_small(_at(grid, place), smallest)}
    while bare := _reckonable(hide):
        more = _way_round(grid, hide, bare)
        if not more:
            return frozenset(sums | inner)
        hide |= more
    return frozenset(hide)


def _hidden_sums(grid: Grid, smallest: int) -> set[Place]:
    """The small sums, and where there is one alone the next larger one too: it would be the rest."""
    hide = set[Place]()
    last_row, last_column = len(grid) - 1, len(grid[0]) - 1
    bottom = [(last_row, column) for column in range(last_column)]
    right = [(row, last_column) for row in range(last_row)]
    for line in (bottom, right):
        counted = sorted((_at(grid, place), place) for place in line if _at(grid, place))
        small = [place for count, place in counted if is_small(count, smallest)]
        hide |= {place for _count, place in counted[:2]} if len(small) == 1 else set(small)
    total = (last_row, last_column)
    return hide | ({total} if is_small(_at(grid, total), smallest) else set())


def _is_sum(grid: Grid, place: Place) -> bool:
    return place[0] == len(grid) - 1 or place[1] == len(grid[0]) - 1


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
    as can be; one hidden already costs nothing, and a sum that is not hidden is none. Nothing where
    there is no such ring."""
    ways = [
        p
        for p in _places(grid)
        if p != bare and _at(grid, p) and (p in hide or not _is_sum(grid, p))
    ]
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
    return set(known[goal][1]) - hide if goal in known else set()
