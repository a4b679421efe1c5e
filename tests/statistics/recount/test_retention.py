"""The published rate of a season, counted again in plain Python."""

import pytest

from bookings.statistics.retention import BY
from tests.statistics.test_retention import published, recounted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("district")]


@pytest.mark.parametrize("by", BY)
def test_every_figure_equals_a_recount_over_the_rows(by, capsys):
    rows = published(capsys, by=by)["rows"]

    names = ["numerator", "denominator", "silent", "declined"]
    found = {(row["key"], row["horizon"]): [row[name] for name in names] for row in rows}
    counted = recounted(by)
    assert found == {key: [count[name] for name in names] for key, count in counted.items()}
    assert sum(count["numerator"] for count in counted.values()) > 20


def test_the_rows_are_counted_in_two_queries(django_assert_num_queries, capsys):
    with django_assert_num_queries(2):
        published(capsys)
