"""One file brings everything back, as of one moment; what is damaged or not ours changes nothing."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connections

from bookings.applications.evidence import add_evidence
from bookings.applications.models import Evidence
from bookings.backup import archive
from bookings.backup.archive import BadBackup, backup, restore
from bookings.backup.rows import read, tables
from bookings.core import audit
from bookings.core.storage import EncryptedStorage
from bookings.invariants import breaches
from bookings.people.models import Graduate, User
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, make_station, pdf

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    storage = EncryptedStorage(location=tmp_path / "evidence")
    monkeypatch.setattr(Evidence._meta.get_field("file"), "storage", storage)
    return tmp_path


@pytest.fixture
def lived():
    """A station in which something has happened."""
    station = make_station(make_district(), beds=3)
    draft = make_draft(make_person(station.district), station, evidence=())
    paper = SimpleUploadedFile("degree.pdf", pdf())
    add_evidence(application=draft, kind="degree", upload=paper, now=NOW)
    code = events.promise(draft).short_code
    events.scan(station, code)
    return station


def everything():
    return {model._meta.db_table: list(read(model)) for model in tables()}


def emptied():
    call_command("flush", interactive=False, verbosity=0)


def written(folder):
    backup(folder / "b.age", now="now")
    return folder / "b.age"


def test_all_comes_back_into_an_empty_database(lived, folder):
    before, file = everything(), written(folder)
    emptied()
    (folder / "evidence").rename(folder / "lost")

    report = restore(file)

    assert everything() == before
    assert sum(report.counts.values()) == sum(len(lines) for lines in before.values()) >= 30
    assert Evidence.objects.get().file.read().startswith(b"%PDF")
    assert Graduate.objects.get().name == "测试甲"
    assert list(breaches()) == []
    assert list(audit.verify()) == []


def test_life_goes_on_after_a_restore(lived, folder):
    file = written(folder)
    emptied()
    restore(file)

    station = type(lived).objects.get()
    events.promise(make_draft(make_person(station.district), station))

    assert list(breaches()) == []


def test_nothing_personal_can_be_read_in_the_file(lived, folder):
    data = written(folder).read_bytes()

    assert data.startswith(b"age-encryption.org/v1")
    assert b"2002-05-01" not in data
    assert (folder / "b.age").stat().st_mode & 0o077 == 0


def test_it_is_of_one_moment_though_others_go_on(lived, folder, monkeypatch):
    def meanwhile():
        User.objects.sign_up("+8613900000999")
        connections.close_all()

    people, real = User.objects.count(), archive.read

    def slow(model):
        if model is User:
            other = threading.Thread(target=meanwhile)
            other.start()
            other.join()
        return real(model)

    with monkeypatch.context() as patched:
        patched.setattr(archive, "read", slow)
        report = backup(folder / "b.age", now="now")

    assert report.counts["bookings_user"] == people
    assert User.objects.count() == people + 1


def spoilt(data, kind):
    return {
        "cut off": data[: len(data) // 2],
        "changed": data[:400] + bytes([data[400] ^ 1]) + data[401:],
        "no backup": b"hello" * 100,
        "empty": b"",
    }[kind]


@pytest.mark.parametrize("kind", ["cut off", "changed", "no backup", "empty"])
def test_a_damaged_file_changes_nothing(kind, lived, folder):
    file = written(folder)
    file.write_bytes(spoilt(file.read_bytes(), kind))
    emptied()

    with pytest.raises(BadBackup, match="damaged"):
        restore(file)

    assert not User.objects.exists()


def test_another_key_does_not_open_it(lived, folder, settings):
    file = written(folder)
    emptied()
    settings.DATA_KEYS = (b"x" * 32,)

    with pytest.raises(BadBackup, match="DATA_KEYS"):
        restore(file)


def test_a_backup_of_before_a_new_key_comes_back(lived, folder, settings):
    before, file = everything(), written(folder)
    emptied()
    settings.DATA_KEYS = (b"x" * 32, *settings.DATA_KEYS)

    restore(file)

    assert everything() == before
    assert list(breaches()) == []


def test_it_does_not_go_over_what_is_there(lived, folder):
    before, file = everything(), written(folder)

    with pytest.raises(BadBackup, match="not empty"):
        restore(file)

    assert everything() == before


def test_a_backup_of_another_migration_says_what_to_do(lived, folder, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(archive, "_migration", lambda: "0001_initial")
        file = written(folder)
    emptied()

    with pytest.raises(BadBackup, match="0001_initial.*migrate"):
        restore(file)


def test_a_backup_that_fails_leaves_no_file(lived, folder, monkeypatch):
    def broken(archive, report):
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(archive, "_add_evidence", broken)

    with pytest.raises(RuntimeError):
        backup(folder / "b.age", now="now")

    assert not list(folder.glob("*b.age*"))
