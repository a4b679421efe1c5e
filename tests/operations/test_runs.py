"""One go at a time, and what came of it is kept: well, badly, or killed."""

import fcntl

import pytest

from bookings.core.clock import now
from bookings.operations.models import Run
from bookings.operations.runs import Failed, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_what_was_found_is_kept():
    one = run(Run.Kind.BACKUP, lambda: {"rows": 3}, clock=now)

    assert (one.ok, one.reason, one.figures) == (True, "", {"rows": 3})
    assert Run.objects.get() == one


def broken(error):
    def act():
        raise error

    return act


@pytest.mark.parametrize(
    ("error", "reason", "told"),
    [
        (Failed(Run.Reason.CHAIN, "seal 2"), "chain", "seal 2"),
        (OSError(28, "No space left on device"), "no_room", "No space left on device"),
        (ValueError("13900000000"), "other", "ValueError"),  # its words may name somebody
    ],
)
def test_what_went_wrong_is_kept(error, reason, told):
    one = run(Run.Kind.DRILL, broken(error), clock=now)

    assert (one.ok, one.reason, one.error) == (False, reason, told)
    assert one.ended_at


def test_of_two_at_once_one_runs(folder):
    with (folder / "drill.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        assert run(Run.Kind.DRILL, dict, clock=now) is None
        assert run(Run.Kind.BACKUP, dict, clock=now).ok

    assert run(Run.Kind.DRILL, dict, clock=now).ok


def test_one_that_was_killed_is_seen_by_the_next():
    killed = Run.objects.create(kind="drill", started_at=now())
    other = Run.objects.create(kind="audit", started_at=now())

    run(Run.Kind.DRILL, dict, clock=now)

    killed.refresh_from_db()
    other.refresh_from_db()
    assert (killed.ok, killed.reason, other.ok) == (False, "killed", None)
