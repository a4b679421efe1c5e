"""A page's sections as plain values and back; the digest of all figures; what two versions differ in.
Pure."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from bookings.statistics.charts import Chart
from bookings.statistics.suppression import is_small
from bookings.statistics.tables import Bar, Cell, Section, Table

Plain = dict[str, Any]


def plain(section: Section) -> Plain:
    """What is shown, and nothing of what is hidden."""
    table, chart = section.table, section.chart
    return {
        "title": str(section.title),
        "lead": str(section.lead),
        "headings": [str(one) for one in table.headings],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "footer": [_cell(cell) for cell in table.footer],
        "bars": [[str(bar.label), bar.value, bar.of] for bar in section.bars],
        "chart": [chart.kind, chart.data, str(chart.title)] if chart else None,
    }


def _cell(cell: Cell) -> list[Any]:
    if cell.is_hidden:
        return [cell.kind, None, True]
    value = round(cell.value, 6) if isinstance(cell.value, float) else cell.value
    return [cell.kind, value, False]


def opened(kept: Plain) -> Section:
    table = Table(
        kept["headings"],
        [[_opened(cell) for cell in row] for row in kept["rows"]],
        [_opened(cell) for cell in kept["footer"]],
    )
    chart = Chart(*kept["chart"]) if kept["chart"] else None
    bars = [Bar(*bar) for bar in kept["bars"]]
    return Section(kept["title"], kept["lead"], table, chart, bars)


def _opened(cell: list[Any]) -> Cell:
    kind, value, is_hidden = cell
    return Cell(value, kind, is_hidden=is_hidden)


def digest_of(figures: Plain) -> str:
    """SHA-256 over the figures in one way of writing them: equal figures, equal digests."""
    written = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


class Change(NamedTuple):
    """A number that differs between two versions, as each shows it; a dash where it was not there."""

    section: str
    row: str
    column: str
    old: str
    new: str


ABSENT = "—"


def changes(old: Plain, new: Plain) -> list[Change]:
    """Number by number, in the order of the new version; `old` and `new` are of one language."""
    found = [
        Change(*place, before.shown if before else ABSENT, after.shown if after else ABSENT)
        for place, before, after in _side_by_side(old, new)
    ]
    return [one for one in found if one.old != one.new]


def tells_of_few(old: Plain, new: Plain) -> bool:
    """Whether who has both versions learns of one to four people: a count moved by so many, or only one
    of them tells it."""
    return any(_differ_by_few(before, after) for _place, before, after in _side_by_side(old, new))


def _differ_by_few(before: Cell | None, after: Cell | None) -> bool:
    told = [one for one in (before, after) if one and one.kind == "count"]
    if not told or all(one.is_hidden for one in told):
        return False
    if any(one.is_hidden for one in told):
        return True
    first, last = ((one.value or 0) if one else 0 for one in (before, after))
    return is_small(abs(int(last) - int(first)))


Place = tuple[str, str, str]  # section, row, column


def _side_by_side(old: Plain, new: Plain) -> Iterator[tuple[Place, Cell | None, Cell | None]]:
    """Each number of either version, in the order of the new one."""
    before, after = dict(_numbers(old)), dict(_numbers(new))
    for place in [*after, *(place for place in before if place not in after)]:
        yield place, before.get(place), after.get(place)


def _numbers(figures: Plain) -> Iterator[tuple[Place, Cell]]:
    for kept in figures["sections"]:
        table = opened(kept).table
        for row in [*table.rows, *([table.footer] if table.footer else [])]:
            name = " · ".join(cell.shown for cell in row if cell.kind == "text" and cell.value)
            for heading, cell in zip(table.headings, row, strict=False):
                if cell.kind != "text":
                    yield (kept["title"], name, heading), cell
