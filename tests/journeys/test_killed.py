"""The process is killed in the middle of its acts: nothing is half done, nothing acknowledged lost.
(bench_kill.py kills it two hundred times.)"""

import pytest

from bookings.beds.models import BedNight
from bookings.core.clock import local_date, now
from tests.benchmarks.killed import kill_many, wrong
from tests.benchmarks.site import make_draft, make_house
from tests.events import own, submit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def first():
    """What is loaded once has been loaded."""
    draft = make_draft(make_house([4] * 10), sex="women", arrival=local_date(now()), nights=2)
    submit(draft, now=now())
    return draft


def test_eight_kills_leave_the_house_whole(first):
    told = kill_many(8, seed=1)

    assert told["wrong"] == []
    assert told["acknowledged"] > 0


def test_what_is_half_written_or_lost_would_be_found(first):
    assert list(wrong([("submit", first.pk)])) == []

    BedNight.objects.first().delete()
    lost = own(first).pk + 1

    assert len(list(wrong([("submit", lost)]))) == 4
