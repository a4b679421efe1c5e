"""A cell of a table: words to the left, numbers to the right, the rows behind it where there are some."""

import pytest

from bookings.statistics.tables import Cell
from bookings.templatetags.figures import as_cells


@pytest.mark.parametrize(
    ("cell", "drawn"),
    [
        (Cell("甲 & 乙", "text"), "<td>甲 &amp; 乙</td>"),
        (Cell("<b>", "text", "/x?a=1&b=2"), '<td><a href="/x?a=1&amp;b=2">&lt;b&gt;</a></td>'),
        (Cell(7), '<td class="num">7</td>'),
        (Cell(7, href="/x"), '<td class="num"><a href="/x">7</a></td>'),
        (Cell(0, href="/x"), '<td class="num">0</td>'),
        (Cell(3, href="/x", is_hidden=True), '<td class="num">*</td>'),
        (Cell(None, "share"), '<td class="num">—</td>'),
    ],
)
def test_it_is_drawn_as_what_it_is(cell, drawn):
    assert as_cells([cell]) == drawn
