"""A backup each night: how many are kept, and which files are nobody else's."""

import pytest

from bookings.core.clock import now
from bookings.operations.backups import backups, make_backup
from bookings.operations.models import Run
from tests.factories import make_district

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.VAR_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    settings.KEEP_BACKUPS, settings.KEEP_BACKUPS_DAYS = 2, 30
    settings.BACKUP_DIR.mkdir()
    return settings.BACKUP_DIR


def old(folder, *days):
    for day in days:
        (folder / f"station-{day}-023000.age").write_text("old")


def test_it_says_what_is_in_it(folder):
    make_district()

    one = make_backup(clock=now)

    [file] = backups()
    assert (one.ok, one.figures["file"], one.figures["bytes"]) == (
        True,
        file.name,
        file.stat().st_size,
    )
    assert one.figures["rows"] == 2  # the district and its policy


def test_what_is_older_than_the_keeping_time_goes(folder):
    old(folder, "20261001", "20261025", "20261122")

    assert make_backup(clock=now).figures["deleted"] == 1
    assert [path.name[8:16] for path in backups()] == ["20261123", "20261122", "20261025"]


def test_the_newest_stay_however_old(folder):
    old(folder, "20260101", "20260102", "20260103")

    make_backup(clock=now)

    assert [path.name[8:16] for path in backups()] == ["20261123", "20260103"]


def test_files_of_others_stay(folder):
    for name in ("before-update.age", "station-20200101.age", "notes.txt"):
        (folder / name).write_text("not ours")

    make_backup(clock=now)

    assert len(list(folder.iterdir())) == 4


def test_a_folder_that_cannot_be_had_is_told(settings, folder):
    (folder / "file").write_text("")
    settings.BACKUP_DIR = folder / "file"

    one = make_backup(clock=now)

    assert (one.ok, one.reason) == (False, "no_room")
    assert Run.objects.filter(kind="backup", ok=False).exists()
