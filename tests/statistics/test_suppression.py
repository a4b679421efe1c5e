"""What is hidden cannot be got back: not by subtraction, not by trying what would fit."""

import datetime as dt
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.statistics.suppression import SMALLEST, hidden, is_small, with_sums
from bookings.statistics.tables import HIDDEN, Grain, Shown

COUNT = st.one_of(st.integers(0, 6), st.integers(0, 60))
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(COUNT, min_size=width, max_size=width), min_size=1, max_size=4)
)


def equations(grid, hide):
    """What the shown counts say of the hidden ones: each row and each column has its sum."""
    order = sorted(hide)
    height, width = len(grid), len(grid[0])
    lines = [[(r, c) for c in range(width)] for r in range(height)]
    lines += [[(r, c) for r in range(height)] for c in range(width)]
    for line in lines:
        *parts, total = line
        signs = {**dict.fromkeys(parts, 1), total: -1}
        known = sum(sign * grid[r][c] for (r, c), sign in signs.items() if (r, c) not in hide)
        yield [Fraction(signs.get(place, 0)) for place in order] + [Fraction(-known)]


def solved(rows):
    """Gauss and Jordan: the equations with each leading unknown alone in its column."""
    rows, done = list(rows), 0
    for column in range(len(rows[0]) - 1):
        pivot = next((row for row in rows[done:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(done, pivot)
        pivot[:] = [value / pivot[column] for value in pivot]
        for row in rows:
            if row is not pivot and row[column]:
                row[:] = [a - row[column] * b for a, b in zip(row, pivot, strict=True)]
        done += 1
    return rows[:done]


@given(TABLES)
def test_no_hidden_count_can_be_reckoned_by_subtraction(table):
    grid = with_sums(table)
    hide = hidden(grid)

    if hide:
        for row in solved(list(equations(grid, hide))):
            assert (
                sum(1 for value in row[:-1] if value) != 1
            )  # an unknown that stands alone is known


@given(TABLES)
def test_every_hidden_count_could_be_another_one(table):
    grid = with_sums(table)
    hide = hidden(grid)

    if not all(place in hide for place in product(range(len(table)), range(len(table[0])))):
        assert_each_could_be_another(grid, hide)


def assert_each_could_be_another(grid, hide):
    for place in hide:
        assert any(moved(grid, hide, place, by) for by in (-1, 1))


def moved(grid, hide, place, by):
    """Whether the place could hold one more (or less) with all shown counts as they are, none below
    zero: a ring of hidden places that takes turns up and down, found depth first."""
    start_row, start_column = place

    def ring(column, sign, used):
        """From a column on: leave by another place of it, in whose row to go on."""
        for r, c in hide - used:
            if c != column or not fits(grid, (r, c), -sign * ties(grid, place, (r, c)), by):
                continue
            if r == start_row:
                return True
            for r2, c2 in hide - used - {(r, c)}:
                here = r2 == r and fits(grid, (r2, c2), sign * ties(grid, place, (r2, c2)), by)
                if here and ring(c2, sign, used | {(r, c), (r2, c2)}):
                    return True
        return False

    return fits(grid, place, 1, by) and ring(start_column, 1, frozenset([place]))


def ties(grid, one, other):
    """In the sums a count goes the other way: adding to a part adds to its sum."""
    return edge(grid, one) * edge(grid, other)


def edge(grid, place):
    last_row, last_column = len(grid) - 1, len(grid[0]) - 1
    return (-1 if place[0] == last_row else 1) * (-1 if place[1] == last_column else 1)


def fits(grid, place, sign, by):
    return grid[place[0]][place[1]] + sign * by >= 0


@given(TABLES)
def test_all_small_counts_are_hidden_and_zeros_only_where_the_sums_alone_are_told(table):
    grid = with_sums(table)
    hide = hidden(grid)
    inner = {(r, c) for r in range(len(table)) for c in range(len(table[0]))}

    for r, row in enumerate(grid):
        for c, count in enumerate(row):
            assert not is_small(count) or (r, c) in hide
            assert count or (r, c) not in hide or inner <= hide


@given(TABLES, st.data())
def test_another_table_of_the_same_people_hides_the_same_sums(table, data):
    """By other lines: here by lines between which some have changed places."""
    grid = with_sums(table)
    places = st.tuples(st.integers(0, len(table) - 1), st.integers(0, len(table[0]) - 1))
    for (r, c), (s, d) in data.draw(st.lists(st.tuples(places, places), max_size=9)):
        if r != s and c != d and table[r][c] and table[s][d]:
            table[r][c] -= 1
            table[s][d] -= 1
            table[r][d] += 1
            table[s][c] += 1
    other = with_sums(table)

    assert other[-1] == grid[-1]
    assert sums(hidden(other), grid) == sums(hidden(grid), grid)


def sums(hide, grid):
    return {(r, c) for r, c in hide if r == len(grid) - 1 or c == len(grid[0]) - 1}


def test_where_a_sum_would_give_a_small_count_away_the_sums_alone_are_told():
    grid = with_sums([[0, 0, 25, 0], [0, 6, 0, 4], [10, 6, 3, 6], [0, 14, 0, 12]])

    assert hidden(grid) == {(r, c) for r in range(4) for c in range(4)}


@given(st.lists(st.lists(st.integers(SMALLEST, 60), min_size=2, max_size=2), min_size=1))
def test_a_table_without_small_counts_is_told_whole(table):
    assert hidden(with_sums(table)) == frozenset()


def test_beside_a_small_count_the_smallest_fitting_ones_are_hidden_too():
    grid = with_sums([[3, 20, 30], [10, 7, 40], [50, 60, 70]])

    assert hidden(grid) == {(0, 0), (0, 1), (1, 0), (1, 1)}


# --- by quarter or by year ---------------------------------------------------------------------------

MONTHS = [dt.date(2026, number, 1) for number in range(1, 13)]


@pytest.mark.parametrize(
    ("row", "grain", "lines"),
    [([20, 30], Grain.QUARTER, 4), ([2, 30], Grain.QUARTER, 4), ([1, 1], Grain.YEAR, 1)],
)
def test_outside_lines_are_quarters_unless_too_many_of_those_are_hidden(row, grain, lines):
    shown = Shown([row] * 12, private=True, months=MONTHS)

    assert (shown.grain, len(shown.lines)) == (grain, lines)
    assert all(shown.count(number, 1).shown != HIDDEN for number in range(lines))
    assert shown.count(-1, 0).value == 12 * row[0]


@given(st.lists(st.lists(COUNT, min_size=3, max_size=3), min_size=1, max_size=12))
def test_the_lines_make_the_sums_and_none_tells_a_small_count(rows):
    shown = Shown(rows, private=True, months=MONTHS[: len(rows)])

    *lines, sums = shown.grid
    assert sums == with_sums(rows)[-1] == with_sums(lines)[-1][:-1]
    cells = [shown.count(r, c) for r in range(len(lines) + 1) for c in range(len(sums))]
    assert [cell.value for cell in cells if is_small(cell.value) and not cell.is_hidden] == []


def test_a_line_of_the_year_hides_what_its_sum_hides():
    shown = Shown([[int(n == 0), 30] for n in range(12)], private=True, months=MONTHS)
    year = Shown([[1, 0, 1]] + [[0, 0, 0]] * 11, private=True, months=MONTHS)

    assert shown.count(-1, 0).shown == HIDDEN
    assert (year.grain, year.count(0, 0).shown, year.count(-1, 0).shown) == (
        Grain.YEAR,
        HIDDEN,
        HIDDEN,
    )


def test_in_the_district_all_is_told_by_month():
    shown = Shown([[1, 1]] * 12, private=False, months=MONTHS)

    assert (shown.grain, shown.count(3, 0).shown) == (Grain.MONTH, "1")
