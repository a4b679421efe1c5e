"""What a statistics page and its Excel file are made of: sections, each a table, perhaps drawn too."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bookings.statistics.charts import Chart
from bookings.statistics.suppression import SMALLEST, hidden, with_sums

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


def text(value: str) -> Cell:
    return Cell(value, "text")


class Shown:
    """Which counts of a table of parts may be shown; the parts of a row, each once, make its sum.
    `private`: the page leaves the district. `smallest` is 5 where a count is one of people."""

    def __init__(
        self, rows: Sequence[Sequence[int]], *, private: bool, smallest: int = SMALLEST
    ) -> None:
        self.grid = with_sums(rows) if rows else []
        is_told = not private or not rows
        self.hidden = frozenset() if is_told else hidden(self.grid, smallest=smallest)

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

    def whole(self, row: int) -> bool:
        """Whether all of a row is shown: what is reckoned from it may be told too."""
        return not self.grid or not any(
            self._is_hidden(row, column) for column in range(len(self.grid[0]))
        )

    def _is_hidden(self, row: int, column: int) -> bool:
        place = row % len(self.grid), column % len(self.grid[0])
        return place in self.hidden
