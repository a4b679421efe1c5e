"""Until when an applicant is answered: no later than the day of arrival."""

import datetime as dt

import pytest

from bookings.applications.models import Application
from tests.factories import TODAY

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("due", "arrival", "by"),
    [
        (TODAY + 3 * DAY, TODAY + 9 * DAY, TODAY + 3 * DAY),
        (TODAY + 3 * DAY, TODAY + DAY, TODAY + DAY),
        (TODAY + 3 * DAY, TODAY, TODAY),
        (TODAY + 3 * DAY, TODAY - DAY, TODAY + 3 * DAY),  # an appeal after the nights
        (None, TODAY, None),
    ],
)
def test_the_answer_comes_by_the_promised_day_or_by_the_arrival(due, arrival, by):
    assert Application(review_due=due, arrival=arrival).answer_by == by
