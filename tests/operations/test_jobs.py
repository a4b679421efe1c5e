"""Every scheduled job may run twice: the second time it finds nothing to do."""

import hashlib

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from bookings.backup.rows import read, tables
from bookings.core.audit import AuditEntry, AuditSeal
from bookings.operations.models import Run
from bookings.tasks import JOBS, TIMEOUTS
from tests import events
from tests.factories import make_district, make_draft, make_paper, make_person, make_station

pytestmark = pytest.mark.django_db
HEAVY = {"restore drill"}  # in test_drill.py: it restores into a process of its own
KEPT = set(TIMEOUTS) - HEAVY - {"count"}  # each go of which is a Run


@pytest.fixture(scope="module")
def lived(once):
    def build():
        station = make_station(make_district(), beds=2)
        inside, waiting, late, queued = (
            make_draft(make_person(station.district), station, evidence=()) for _ in range(4)
        )
        for draft in (inside, waiting, late, queued):
            make_paper(draft)
        events.scan(station, events.promise(inside).short_code)
        events.submit(waiting)
        events.wait(late)
        events.wait(queued)
        return station

    return once(build)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.VAR_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"


def state():
    """The hash of each table; a Run is kept of each go, and is not part of this."""
    hashed = {}
    for model in tables():
        digest = hashlib.sha256("\n".join(read(model)).encode())
        hashed[model._meta.db_table] = digest.hexdigest()
    return hashed


@pytest.mark.parametrize("name", sorted(set(JOBS) - HEAVY))
def test_a_job_run_again_changes_nothing(name, lived, noon):
    noon.shift(30 * 3600)  # a day later there is something to lapse, to give up, to ask
    job = import_string(JOBS[name][0])
    job()
    import_string(JOBS["seal the audit log"][0])()
    after_one = state()

    job()

    assert state() == after_one


def test_each_go_of_a_long_job_is_kept(lived):
    for name in KEPT:
        job = import_string(JOBS[name][0])
        assert (job(), job()) == ("ok", "ok")

    assert Run.objects.filter(ok=True).count() == 2 * len(KEPT)


def test_what_may_take_long_is_a_job():
    assert set(TIMEOUTS) <= set(JOBS)
    assert settings.Q_CLUSTER["retry"] > settings.Q_CLUSTER["timeout"]


def test_a_sealed_log_stays_as_it_is(lived):
    seal = import_string(JOBS["seal the audit log"][0])
    seal()
    before = AuditSeal.objects.count()

    assert (seal(), AuditSeal.objects.count()) == (0, before)
    assert not AuditEntry.objects.filter(seal=None).exists()
