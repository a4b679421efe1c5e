"""What a statistics page and its Excel file are made of: sections, each a table, perhaps drawn too."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from bookings.statistics.charts import Chart
from bookings.statistics.suppression import SMALLEST, Grid, Place, hidden, with_sums

Value = int | float | str | None
HIDDEN = "*"


@dataclass(frozen=True)
class Cell:
    """One value. `href`: the rows behind it. `is_hidden`: too few people to tell."""

    value: Value
    kind: str = "count"  # or text, share, hours
    href: str = ""
    is_hidden: bool = False

    @property
    def shown(self) -> str:
        if self.is_hidden:
            return HIDDEN
        if self.value is None:
            return "—"
        if self.kind == "share":
            return f"{self.value:.1%}"
        return f"{self.value:.1f}" if self.kind == "hours" else str(self.value)

    @property
    def is_linked(self) -> bool:
        return bool(self.href and self.value and not self.is_hidden)

    @property
    def told(self) -> Value:
        """For a sheet: the number itself."""
        return HIDDEN if self.is_hidden else self.value


@dataclass
class Table:
    """The first cell of a row names it; `footer` is the sum."""

    headings: list[str]
    rows: list[list[Cell]]
    footer: list[Cell] = field(default_factory=list)

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Each heading, and whether numbers stand below it."""
        kinds = [cell.kind for cell in self.rows[0]] if self.rows else []
        return [(name, kind != "text") for name, kind in zip(self.headings, kinds, strict=False)]


@dataclass(frozen=True)
class Bar:
    """One line of the drawn funnel: a count, of how many (the first one: of itself)."""

    label: str
    value: int
    of: int | None = None

    @property
    def scale(self) -> int:
        return max(self.value if self.of is None else self.of, 1)

    @property
    def share(self) -> str:
        return f"{self.value / self.of:.1%}" if self.of else "—"


@dataclass
class Section:
    """`lead` says in a sentence what is counted; `chart` draws it."""

    title: str
    lead: str
    table: Table
    chart: Chart | None = None
    bars: list[Bar] = field(default_factory=list)


class Grain(Enum):
    """How many months a line of a table by month has."""

    MONTH, QUARTER, YEAR = 1, 3, 12


MOST_HIDDEN = 0.4  # of a table's counts; with more hidden it is not worth reading by quarter


def quarter(month: dt.date) -> int:
    return (month.month + 2) // 3


def _hidden_part(grid: Grid, hide: frozenset[Place]) -> float:
    """How much is hidden of the counts that are not zero, but for the sums of all."""
    counted = [(r, c) for r, row in enumerate(grid[:-1]) for c, count in enumerate(row) if count]
    return sum(place in hide for place in counted) / len(counted) if counted else 0.0


def text(value: str) -> Cell:
    return Cell(value, "text")


class Shown:
    """Which counts of a table of parts may be shown; the parts of a row, each once, make its sum.
    `private`: the page leaves the district. `smallest` is 5 where a count is one of people.

    `months` says of which month each row is. Then, outside, the rows stand together by quarter, or are
    one where too many of those would be hidden; `lines` says which rows each line is made of.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[int]],
        *,
        private: bool,
        smallest: int = SMALLEST,
        months: Sequence[dt.date] = (),
    ) -> None:
        self.grid = with_sums(rows) if rows else []
        self.lines = [[number] for number in range(len(rows))]
        self.grain = Grain.MONTH
        self.hidden = frozenset[Place]()
        if private and rows and months:
            self._tell_by_quarter(months, smallest)
        elif private and rows:
            self.hidden = hidden(self.grid, smallest=smallest)

    def _tell_by_quarter(self, months: Sequence[dt.date], smallest: int) -> None:
        quarters = [(month.year, quarter(month)) for month in months]
        rows = range(len(months))
        self.lines = [[row for row in rows if quarters[row] == q] for q in dict.fromkeys(quarters)]
        self.grid, self.grain = self._summed(), Grain.QUARTER
        self.hidden = hidden(self.grid, smallest=smallest)
        if _hidden_part(self.grid, self.hidden) > MOST_HIDDEN:
            bottom = len(self.lines)
            self.hidden = frozenset((r, c) for _r, c in self.hidden if _r == bottom for r in (0, 1))
            self.grid = [self.grid[-1]] * 2
            self.lines, self.grain = [[*rows]], Grain.YEAR

    def _summed(self) -> Grid:
        together = [
            [sum(column) for column in zip(*(self.grid[row] for row in line), strict=True)]
            for line in self.lines
        ]
        return [*together, self.grid[-1]]

    def count(self, row: int, *columns: int, href: str = "") -> Cell:
        """The sum of some columns; hidden where one of them is. Row -1: the sums, column -1: the sum
        of the row."""
        if not self.grid:
            return Cell(0)
        line = self.grid[row]
        return Cell(
            sum(line[column] for column in columns),
            href=href,
            is_hidden=any(self._is_hidden(row, column) for column in columns),
        )

    def share(self, row: int, column: int) -> Cell:
        """What part of the row's sum a column is; told where all of the row is."""
        whole = self.grid[row][-1] if self.grid else 0
        part = self.grid[row][column] / whole if whole else None
        return Cell(part, "share", is_hidden=not self.whole(row))

    def hiding(self, *columns: int) -> set[int]:
        """The rows that hide one of these columns; the last is that of the sums."""
        return {
            row for row in range(len(self.grid)) if any(self._is_hidden(row, c) for c in columns)
        }

    def hide(self, rows: Iterable[int], *columns: int) -> None:
        """Hide some more."""
        self.hidden |= {(row, column) for row in rows for column in columns}

    def whole(self, row: int) -> bool:
        """Whether all of a row is shown: what is reckoned from it may be told too."""
        return not self.grid or not any(
            self._is_hidden(row, column) for column in range(len(self.grid[0]))
        )

    def _is_hidden(self, row: int, column: int) -> bool:
        place = row % len(self.grid), column % len(self.grid[0])
        return place in self.hidden
