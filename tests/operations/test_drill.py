"""A backup that is tried: restored in a process of its own, looked through, thrown away."""

import pytest
from django.core.management import CommandError, call_command

from bookings.backup.archive import backup
from bookings.core.clock import now
from bookings.operations import scratch
from bookings.operations.backups import backups, make_backup
from bookings.operations.drill import drill
from bookings.operations.models import Run
from tests import events
from tests.factories import make_district, make_draft, make_paper, make_person, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    (tmp_path / "keys").symlink_to(settings.VAR_DIR / "keys")
    settings.VAR_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    return settings.BACKUP_DIR


def test_a_good_backup_comes_back_whole(folder):
    station = make_station(make_district())
    draft = make_draft(make_person(station.district), station, evidence=())
    make_paper(draft)
    events.scan(station, events.promise(draft).short_code)
    made = make_backup(clock=now)

    one = drill(clock=now)

    assert (one.ok, one.reason, one.error) == (True, "", "")
    assert (one.figures["rows"], one.figures["file"]) == (made.figures["rows"], backups()[0].name)
    assert one.figures["files"] == 1
    assert (one.figures["breaches"], one.figures["breaks"]) == (0, 0)
    assert not (folder.parent / "drill").exists()


def test_a_damaged_backup_makes_it_red(folder):
    make_backup(clock=now)
    file = backups()[0]
    data = file.read_bytes()
    file.write_bytes(data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])

    one = drill(clock=now)

    assert (one.ok, one.reason) == (False, "damaged")
    assert "damaged" in one.error
    assert not (folder.parent / "drill").exists()


def test_without_a_backup_there_is_nothing_to_try(capsys):
    with pytest.raises(CommandError, match="没有可演练的备份"):
        call_command("drill")

    assert Run.objects.get().reason == "no_backup"


def test_what_does_not_open_needs_no_database(tmp_path):
    (tmp_path / "b.age").write_bytes(b"hello" * 100)

    assert scratch.look_through(tmp_path / "b.age")["reason"] == "damaged"


def test_its_own_history_is_no_part_of_a_backup(tmp_path):
    Run.objects.create(kind="backup", started_at=now())

    assert "bookings_run" not in backup(tmp_path / "b.age", now="now").counts
