"""A new key takes over while people go on reading and writing; what is done stays done."""

import base64
import io
import os
import signal
import subprocess
import sys
import threading
import time
from itertools import count
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models import BinaryField

from bookings import rotation
from bookings.applications.models import Evidence
from bookings.core import crypto
from bookings.core.crypto import EncryptedTextField, SealedField, Undecipherable, decrypt, encrypt
from bookings.core.storage import EncryptedStorage
from bookings.desk.handover.notes import write_note
from bookings.invariants import breaches, personal_data_is_sealed
from bookings.people.models import Graduate, User
from bookings.retention.bureau import parts
from bookings.retention.bureau.models import BureauList
from bookings.rotation import Columns, count_old, places, rotate
from tests import events
from tests.factories import (
    NOW,
    TODAY,
    make_district,
    make_draft,
    make_paper,
    make_person,
    make_station,
)

pytestmark = pytest.mark.django_db(transaction=True)
NEW, OTHER = b"n" * 32, b"o" * 32
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    storage = EncryptedStorage(location=tmp_path / "evidence")
    monkeypatch.setattr(Evidence._meta.get_field("file"), "storage", storage)
    return tmp_path / "evidence"


@pytest.fixture
def lived():
    """Something sealed in many tables, in a file, in the frozen notes, in a list and in a factor."""
    station = make_station(make_district(), beds=2)
    draft = make_draft(make_person(station.district), station, evidence=())
    make_paper(draft)
    events.scan(station, events.promise(draft).short_code)
    write_note(station=station, text="示例甲丢了钥匙", by=events.reviewer(), now=NOW)
    told = {"district": station.district, "as_of": TODAY, "size": 5, "at": NOW, "moved_at": NOW}
    parts.keep(BureauList.objects.create(by=draft.user, **told), io.BytesIO(b"hello"))
    TOTP.activate(events.reviewer(), SECRET)
    RecoveryCodes.activate(events.reviewer())
    return station


@pytest.fixture
def new_key(lived, settings):
    """The new key seals from now on, and the former one still opens."""
    settings.DATA_KEYS = (NEW, *settings.DATA_KEYS)


def left():
    return {place.name: n for place in places() if (n := count_old(place))}


def run(*arguments):
    call_command("rotate_data_key", *arguments, stdout=io.StringIO(), stderr=io.StringIO())


def test_every_sealed_thing_has_the_new_key_afterwards(new_key, settings):
    assert left().keys() >= {
        *["bookings_user", "bookings_graduate", "bookings_message", "bookings_decision"],
        *["bookings_handovernote", "bookings_bureaupart", "mfa_authenticator.data"],
        "bookings_evidence.file (files)",
    }

    run()
    settings.DATA_KEYS = (NEW,)

    assert left() == {}
    assert list(breaches()) == []
    assert Graduate.objects.get().name == "测试甲"
    assert Evidence.objects.get().file.read().startswith(b"%PDF")
    assert io.BufferedReader(parts.Kept(BureauList.objects.get())).read() == b"hello"
    totp = Authenticator.objects.get(type="totp")
    assert TOTP(totp).instance.data["secret"] != SECRET
    assert len(RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).generate_codes())


def test_without_the_former_key_nothing_opens_before(new_key, settings):
    settings.DATA_KEYS = (NEW,)

    with pytest.raises(Undecipherable):
        Graduate.objects.get()


def test_what_was_sealed_before_keys_had_names_opens_and_is_sealed_anew(lived, settings):
    (person,) = Columns(Graduate, [Graduate._meta.get_field("name")])._rows()
    former = crypto.FORMER + person.raw_name[crypto.HEAD_BYTES :]
    Graduate.objects.update(name=former)

    assert Graduate.objects.get().name == "测试甲"
    assert left() == {"bookings_graduate": 1}
    run()

    assert left() == {}
    assert Graduate.objects.get().name == "测试甲"


def test_the_check_counts_and_changes_nothing(new_key):
    before = left()

    with pytest.raises(CommandError, match="former key"):
        run("--check")

    assert left() == before != {}


def test_a_second_run_has_nothing_to_do(new_key):
    run()

    assert [rotate(place).done for place in places()] == [0 for _ in places()]
    run("--check")


@pytest.mark.parametrize("after", range(0, 8, 2))
def test_killed_at_any_row_the_same_command_goes_on(new_key, monkeypatch, after):
    real, rows = Columns.reseal, count()

    def dying(self, pk):
        if next(rows) == after:
            raise KeyboardInterrupt
        return real(self, pk)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Columns, "reseal", dying)
        run()
    assert list(personal_data_is_sealed()) == []
    run()

    assert left() == {}


def test_a_write_in_between_is_never_overwritten(new_key, monkeypatch):
    real = rotation.reseal

    def slow(sealed, context):
        User.objects.filter(phone__isnull=False).update(phone="+8613900000777")
        return real(sealed, context)

    users = next(place for place in places() if place.name == "bookings_user")
    with monkeypatch.context() as patched:
        patched.setattr(rotation, "reseal", slow)
        rotate(users)

    assert set(User.objects.values_list("phone", flat=True)) <= {"+8613900000777", None}
    assert count_old(users) == 0


def test_a_row_that_no_key_opens_is_told_and_the_others_go_on(new_key, settings):
    strange = settings.DATA_KEYS
    settings.DATA_KEYS = (OTHER,)
    lost = encrypt(b"lost", "bookings_user.phone")
    settings.DATA_KEYS = strange
    User.objects.create(phone=lost, phone_hash="x")
    users = next(place for place in places() if place.name == "bookings_user")

    report = rotate(users)

    assert (report.unreadable, count_old(users)) == (1, 1)
    assert report.done >= 1


def test_a_paper_removed_meanwhile_does_not_come_back(new_key, folder):
    files = next(place for place in places() if place.name.endswith("(files)"))
    paper = Evidence.objects.get()
    (pk,) = files.old()
    paper.file.storage.delete(paper.file.name)
    paper.delete()

    assert files.reseal(pk) is False
    assert [one for one in folder.rglob("*") if one.is_file()] == []


def test_what_a_dead_process_left_beside_a_file_is_swept_up(new_key, folder, monkeypatch):
    def dies(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("os.replace", dies)
        run()
    part = folder / ".left.part"
    part.write_bytes(b"")
    os.utime(part, (0, 0))
    run()

    assert not part.exists()
    assert len([one for one in folder.rglob("*") if one.is_file()]) == 1


def test_people_go_on_reading_and_writing_meanwhile(new_key, settings):
    district = Graduate.objects.get().district
    former, settings.DATA_KEYS = settings.DATA_KEYS, settings.DATA_KEYS[1:]
    people = [make_person(district) for _ in range(30)]
    settings.DATA_KEYS = former
    stop, failed, written = threading.Event(), [], {}

    def busy(mine):
        for number in count():
            person = mine[number % len(mine)]
            try:
                assert Graduate.objects.get(pk=person.pk).doc_number == person.doc_number
                written[person.pk] = f"示例{number}"
                Graduate.objects.filter(pk=person.pk).update(name=written[person.pk])
                User.objects.get(pk=person.user_id).save()
            except Exception as error:
                failed.append(error)
            if stop.is_set():
                break
        connections.close_all()

    threads = [threading.Thread(target=busy, args=[people[n::4]]) for n in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    run()
    stop.set()
    for thread in threads:
        thread.join()

    assert failed == []
    assert left() == {}
    assert dict(Graduate.objects.filter(pk__in=written).values_list("pk", "name")) == written


def test_no_column_of_bytes_is_unknown_to_the_rotation():
    every = [field for model in apps.get_models() for field in model._meta.concrete_fields]

    unknown = [
        field
        for field in every
        if isinstance(field, BinaryField)
        and not isinstance(field, EncryptedTextField | SealedField)
    ]

    assert unknown == []


def test_a_value_names_its_key_and_no_other_opens_it(settings):
    settings.DATA_KEYS = (NEW, OTHER)
    sealed = encrypt(b"x", "place")

    assert sealed[1:5] == crypto.key_id(NEW)
    assert decrypt(sealed, "place") == b"x"
    with pytest.raises(Undecipherable):
        decrypt(sealed[:1] + crypto.key_id(OTHER) + sealed[5:], "place")
    with pytest.raises(Undecipherable):
        decrypt(sealed, "another place")


def test_a_row_written_in_its_one_column_meanwhile_is_gone_through_again(new_key, monkeypatch):
    person = Graduate.objects.get()
    reseal, written = Columns.reseal, []

    def interrupted(self, pk):
        if self.model is Graduate and not written:
            written.append(Graduate.objects.filter(pk=person.pk).update(name="示例"))
            return False  # as where the row was compared and found changed
        return reseal(self, pk)

    monkeypatch.setattr(Columns, "reseal", interrupted)
    run()

    assert written and left() == {}


# --- a process that is really killed --------------------------------------------------------------


def rotating():
    """The command in a process of its own, on the tests' database."""
    database, env = connection.settings_dict, dict(os.environ)
    if connection.vendor == "sqlite":
        env["DATABASE_URL"] = f"sqlite:///{database['NAME']}"
    else:
        env["DATABASE_URL"] = urlsplit(env["DATABASE_URL"])._replace(path=database["NAME"]).geturl()
    keys = [base64.urlsafe_b64encode(key).decode() for key in settings.DATA_KEYS]
    env |= {"DATA_KEY": "", "DATA_KEYS": ",".join(keys)}
    command = [sys.executable, "manage.py", "rotate_data_key"]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=subprocess.DEVNULL)


def test_a_process_killed_in_the_middle_leaves_nothing_half_done(lived, settings):
    numbers = [User(phone=f"+86139{n:08}", phone_hash=str(n), password="!") for n in range(600)]
    User.objects.bulk_create(numbers)
    settings.DATA_KEYS = (NEW, *settings.DATA_KEYS)
    people = next(place for place in places() if place.name == "bookings_user")
    before = count_old(people)

    with rotating() as process:
        while process.poll() is None and count_old(people) == before:
            time.sleep(0.01)
        process.kill()
    half = count_old(people)
    run()

    assert process.returncode == -signal.SIGKILL
    assert 0 < half < before
    assert left() == {}
    assert User.objects.get(phone_hash="7").phone == "+8613900000007"
