"""Who steals the database, the papers' folder or the log finds no number, no name, no address."""

import base64
import csv
import datetime as dt
import io
import json
import logging
import re
import zlib
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django_q.models import OrmQ

from bookings import journey, tasks
from bookings.applications.models import Application, Evidence
from bookings.core.storage import EncryptedStorage
from bookings.desk.handover.models import HandoverNote
from bookings.desk.incidents.models import Complaint
from bookings.messages.models import Message
from bookings.people.models import Graduate, Role, User
from bookings.retention.bureau.models import BureauPart
from bookings.retention.models import FollowUp
from tests import events
from tests.factories import NOW, TODAY, make_district, make_station, pdf, resident_number
from tests.people import wechat
from tests.people.world import it_is_me, member
from tests.typed import says_who

pytestmark = pytest.mark.django_db(transaction=True)
NAME, OTHER_NAME = "示例壬癸", "示例子丑"
PHONE, NEW_PHONE, AT_THE_DESK = "13900007701", "13900007702", "13900007703"
ADDRESS, EMPLOYER, WORDS = "示例路壬癸巷77号", "示例壬癸公司", "壬癸说的话"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def kept_like_in_production(settings, monkeypatch, tmp_path):
    """Cache and papers where they lie in production; no outbox that writes texts into the log."""
    database = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    settings.CACHES = {"default": database}
    settings.SMS_CARRIER = "none"
    call_command("createcachetable", verbosity=0)
    storage = EncryptedStorage(location=tmp_path / "evidence")
    monkeypatch.setattr(Evidence._meta.get_field("file"), "storage", storage)
    yield tmp_path / "evidence"
    cache.clear()


def newest_code():
    return re.search(r"\d{6}", Message.objects.latest("pk").text).group()


def signs_in(phone):
    client = Client()
    client.post("/accounts/login/code/", {"phone": phone})
    client.post("/accounts/login/code/confirm/", {"code": newest_code()})
    return client


def binds_wechat(client):
    """And signs in through it: both leave their traces in sessions too."""
    it_is_me(client)
    wechat.comes_back(client, "/accounts/wechat/bind/")
    assert wechat.comes_back(Client()).url == "/after-login/"


def applies(client, station, number):
    """By the pages: all steps, a paper whose file is called after the person, the commitment."""
    client.get("/apply/")
    says_who(client, name=NAME, doc_number=number)
    client.post("/apply/purpose/", {"purpose": "job_seeking"})
    client.post("/apply/stay/", {"station": station.pk, "arrival": str(TODAY), "nights": "3"})
    paper = SimpleUploadedFile(f"{NAME}{number}.pdf", pdf())
    client.post("/apply/papers/", {"kind": "degree", "file": [paper]})
    client.post("/apply/check/", {"signature": NAME, "committed": "on", "follow_up_consent": "yes"})
    return Application.objects.exclude(status="draft").get()


def lives(station, client, draft):
    """Approved, in house, registered, in trouble, gone, asked; what people write names the guest."""
    events.scan(station, events.approve(draft).short_code)
    clerk = Client()
    clerk.force_login(member(station.district, Role.CLERK, station))
    stay = draft.stay
    clerk.post(f"/desk/{station.slug}/register/{stay.registration.pk}/", {"address": ADDRESS})
    why = {"reason": "other", "words": f"{NAME} {WORDS}"}
    clerk.post(f"/desk/{station.slug}/number/{stay.pk}/", why)
    clerk.post(f"/desk/{station.slug}/handover/", {"text": f"{NAME} {PHONE} {WORDS}"})
    notice = events.incident(draft, "warning", what=WORDS)
    events.complain(notice, reason=WORDS)
    it_is_me(client)
    client.post("/accounts/phone/change/", {"phone": NEW_PHONE})
    client.post("/accounts/phone/verify/", {"code": newest_code()})
    events.leave(draft, at=NOW + DAY)
    question = FollowUp.objects.earliest("horizon")
    told = {"kind": "employed_here", "source": "self", "by": None, "employer": EMPLOYER}
    journey.answer(follow_up=question, now=NOW + 32 * DAY, **told)


def lists_come_in(station, number):
    """The bureau's list about the guest, received and being read; a walk-in who is refused."""
    rows = [["身份证号", "单位名称", "参保开始日期"], [number, EMPLOYER, "2026-01-01"]]
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    manager = Client()
    manager.force_login(member(station.district, Role.MANAGER))
    content = SimpleUploadedFile("list.csv", file.getvalue().encode())
    manager.post("/bureau/", {"file": content, "as_of": str(TODAY)})


def walks_in(station):
    number, clerk = resident_number(), Client()
    clerk.force_login(member(station.district, Role.CLERK, station))
    typed = {"name": OTHER_NAME, "doc_type": "resident_id", "doc_number": number}
    typed |= {"doc_until": "2036-05-01", "degree": "bachelor", "university": "示例大学"}
    typed |= {"graduation_date": "2025-07-01", "hukou_code": "110101", "has_home": "no"}
    typed |= {"purpose": "job_seeking", "nights": "1", "seen": ["degree"], "committed": "on"}
    typed |= {"phone": AT_THE_DESK, "language": "zh-hans", "nonce": "n-9"}
    page = clerk.post(f"/desk/{station.slug}/walk-in/", typed)
    assert page.status_code == 302, page.context["form"].errors
    return number


@pytest.fixture
def personal(kept_like_in_production, caplog, settings, monkeypatch):
    """Somebody's whole way by the pages, with everything that can be written about them."""
    caplog.set_level(logging.INFO)
    station = make_station(make_district(), beds=4)
    number = resident_number()
    client = signs_in(PHONE)
    wechat.set_up(settings, monkeypatch)
    binds_wechat(client)
    draft = applies(client, station, number)
    lives(station, client, draft)
    lists_come_in(station, number)
    other = walks_in(station)
    signs_in("13900007704")  # waits in the middle of something
    Client().post("/accounts/login/code/", {"phone": "13900007705"})
    tasks.deliver_messages()
    assert set(Graduate.objects.values_list("name", flat=True)) == {NAME, OTHER_NAME}
    assert Graduate.objects.get(address__isnull=False).address == ADDRESS
    assert User.objects.by_phone(f"+86{NEW_PHONE}") and BureauPart.objects.exists()
    assert HandoverNote.objects.exists() and Complaint.objects.exists()
    return [
        *[number, other, NAME, OTHER_NAME, PHONE, NEW_PHONE, AT_THE_DESK],
        *["13900007704", "13900007705", ADDRESS, EMPLOYER, WORDS],
        *wechat.ANSWER.values(),
    ]


def ways_to_write(text):
    """The bytes by which somebody may find a text in a dump."""
    for plain in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")):
        yield plain
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for shift in range(3):  # where it may begin in what is written as base64
            whole = base64.b64encode(b"\0" * shift + plain)
            yield whole[-(-shift * 4 // 3) : len(whole) // 4 * 4 - 4]
    yield text.encode("gb18030")
    yield json.dumps(text).strip('"').encode()


def found(texts, dump):
    return {text for text in texts for written in ways_to_write(text) if written in dump}


def dumped():
    """The whole database: the file's bytes and the rows as text, or each table as COPY gives it; and
    what is packed in sessions and in the worker's queue."""
    for data in Session.objects.values_list("session_data", flat=True):
        packed = signing.b64_decode(data.removeprefix(".").split(":")[0].encode())
        yield zlib.decompress(packed) if data.startswith(".") else packed
    for payload in OrmQ.objects.values_list("payload", flat=True):
        yield base64.urlsafe_b64decode(payload.split(":")[0] + "===")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in connection.introspection.table_names(cursor):
                with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:  # type: ignore
                    yield from (bytes(part) for part in rows)
            return
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield Path(connection.settings_dict["NAME"]).read_bytes()
        yield "\n".join(connection.connection.iterdump()).encode()


def test_the_search_finds_what_is_not_sealed(personal):
    station, words = Graduate.objects.first().district.stations.get(), "示例寅卯"
    station.rooms.create(name="x")
    type(station).objects.update(rules_zh=words, rules_en=base64.b64encode(f"-{words}".encode()))

    assert found([words], b"".join(dumped())) == {words}


@pytest.mark.parametrize(
    "written", [str.encode, lambda text: base64.b64encode(f"+86{text},".encode()), ascii]
)
def test_the_search_knows_how_texts_are_written(written):
    dump = written("示例壬癸370811")

    assert found(["示例壬癸"], dump if isinstance(dump, bytes) else dump.encode()) == {"示例壬癸"}


def test_nothing_personal_is_in_the_database(personal):
    dump = b"".join(dumped())

    assert b"look at document number" in dump  # it is the whole one
    assert found(personal, dump) == set()


def test_sessions_not_sealed_would_be_found(personal, settings):
    settings.SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
    signs_in(PHONE)

    assert found([PHONE], b"".join(dumped())) == {PHONE}


def test_nothing_personal_is_in_the_papers_nor_in_their_names(personal, kept_like_in_production):
    files = [one for one in kept_like_in_production.rglob("*") if one.is_file()]
    dump = b"".join(one.read_bytes() + str(one).encode() for one in files)

    assert len(files) == 1
    assert b"PDF" not in dump
    assert found(personal, dump) == set()


def test_nothing_personal_is_in_the_log(personal, caplog):
    assert found(personal, caplog.text.encode()) == set()
