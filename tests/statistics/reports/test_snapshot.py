"""What two versions tell who has both."""

import pytest

from bookings.statistics.reports.snapshot import changes, tells_of_few

HIDDEN = ["count", None, True]


def version(*cells):
    row = [["text", "示例大学", False], *cells]
    headings = ["University", *map(str, range(len(cells)))]
    bare = {"lead": "", "footer": [], "bars": [], "chart": None}
    return {"sections": [{"title": "Who", "headings": headings, "rows": [row], **bare}]}


def count(value):
    return ["count", value, False]


@pytest.mark.parametrize(
    ("before", "after", "tells"),
    [
        ([count(13)], [count(12)], True),
        ([count(13)], [count(17)], True),
        ([count(13)], [count(18)], False),
        ([count(13)], [count(13)], False),
        ([HIDDEN], [count(8)], True),
        ([count(8)], [HIDDEN], True),
        ([HIDDEN], [HIDDEN], False),
        ([count(13)], [count(13), count(3)], True),
        ([count(13)], [count(13), count(9)], False),
        ([["share", 0.5, False]], [["share", 0.6, False]], False),
    ],
)
def test_a_few_people_are_told_by_a_count_that_moves_by_so_many(before, after, tells):
    assert tells_of_few(version(*before), version(*after)) is tells


def test_what_changed_is_told_number_by_number():
    [change] = changes(version(count(13), count(7)), version(count(12), count(7)))

    assert change == ("Who", "示例大学", "0", "13", "12")
