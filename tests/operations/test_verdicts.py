"""What the figures mean: well, look here, act now; and what is to be done about it."""

import datetime as dt
from dataclasses import replace

import pytest

from bookings.operations.checks import House, Latest, Site
from bookings.operations.models import Run
from bookings.operations.verdicts import FREE_BYTES, of_house, of_site
from tests.factories import NOW

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def ran(kind, ago, ok=True, **more):
    return Run(kind=kind, started_at=NOW - ago, ok=ok, **more)


def latest(kind, ago=HOUR):
    return Latest(run=ran(kind, ago), good=ran(kind, ago))


WELL = Site(
    workers=1,
    late=0,
    waiting_tasks=0,
    queue_age=0,
    free=10 * FREE_BYTES,
    unsent=0,
    failed=0,
    unsealed=0,
    codes_spent=[],
    runs={kind: latest(kind) for kind in Run.Kind.values},
)
QUIET = House(
    reviews_overdue=0,
    register_overdue=0,
    follow_ups_overdue=0,
    undecided=0,
    conflicts=0,
    oldest_conflict=None,
    devices=2,
    unseen=0,
)


def bad(verdicts):
    """Those that are not well, each with something to do."""
    assert all(bool(one.todo) == (one.state != "ok") for one in verdicts)
    return {one.code: one.state for one in verdicts if one.state != "ok"}


def test_nothing_is_to_be_done_where_all_is_well():
    assert bad(of_site(WELL, NOW)) == {}
    assert bad(of_house(QUIET, NOW)) == {}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"workers": 0}, {"worker": "fail"}),
        ({"late": 901.0}, {"queue": "fail"}),
        ({"queue_age": 901.0}, {"queue": "fail"}),
        ({"unsent": 1}, {"messages": "warn"}),
        ({"failed": 1}, {"messages": "fail"}),
        ({"unsealed": 1}, {"seals": "warn"}),
        ({"codes_spent": ["new"]}, {"codes": "warn"}),
        ({"codes_spent": ["known"]}, {"codes": "fail"}),
        ({"codes_spent": ["new", "known"]}, {"codes": "fail"}),
        ({"free": 2 * FREE_BYTES}, {"disk": "warn"}),
        ({"free": FREE_BYTES - 1}, {"disk": "fail"}),
    ],
)
def test_a_part_of_the_site_that_is_not_well(changed, found):
    assert bad(of_site(replace(WELL, **changed), NOW)) == found


def test_each_budget_of_codes_that_is_spent_is_told_by_itself():
    def told(*spent):
        verdicts = of_site(replace(WELL, codes_spent=spent), NOW)
        return next(one.says for one in verdicts if one.code == "codes")

    assert told("new") != told("known")
    assert told("new", "known") == told("new") + told("known")


@pytest.mark.parametrize(
    ("kind", "run", "good", "state"),
    [
        ("backup", None, None, "warn"),
        ("backup", ran("backup", 27 * HOUR), ran("backup", 27 * HOUR), "warn"),
        ("backup", ran("backup", 4 * DAY), ran("backup", 4 * DAY), "fail"),
        ("drill", ran("drill", HOUR, False, reason="damaged"), ran("drill", 7 * DAY), "fail"),
        ("drill", ran("drill", HOUR / 2, None), ran("drill", 7 * DAY), None),  # goes on
        ("drill", ran("drill", 2 * HOUR, None), ran("drill", 7 * DAY), "fail"),  # was killed
        ("audit", ran("audit", HOUR, False, reason="chain"), ran("audit", DAY), "fail"),
    ],
)
def test_a_run_is_judged_by_its_end_and_its_age(kind, run, good, state):
    site = replace(WELL, runs={**WELL.runs, kind: Latest(run, good)})

    assert bad(of_site(site, NOW)) == ({kind: state} if state else {})


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"reviews_overdue": 2}, {"reviews": "fail"}),
        ({"register_overdue": 1}, {"register": "fail"}),
        ({"follow_ups_overdue": 1}, {"follow_ups": "warn"}),
        ({"undecided": 1}, {"waitlist": "warn"}),
        ({"unseen": 1}, {"devices": "warn"}),
        ({"conflicts": 1, "oldest_conflict": NOW - HOUR}, {"conflicts": "warn"}),
        ({"conflicts": 1, "oldest_conflict": NOW - 2 * DAY}, {"conflicts": "fail"}),
    ],
)
def test_work_of_the_house_that_is_late(changed, found):
    assert bad(of_house(replace(QUIET, **changed), NOW)) == found
