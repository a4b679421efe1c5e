"""Notes from shift to shift: written, read, ticked off, and nobody else's."""

import datetime as dt

import pytest
from django.db import connection

from bookings import journey
from bookings.desk.handover.models import HandoverNote, HandoverRead
from bookings.desk.handover.notes import finish_note, read_note, write_note
from tests.events import reviewer
from tests.factories import NOW, make_district, make_station

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
PAGE = "/desk/sample/handover/"


@pytest.fixture
def station():
    return make_station(make_district())


def write(station, text="三楼热水器要报修", *, by="early", now=NOW):
    return write_note(station=station, text=text, by=reviewer(by), now=now)


def test_a_note_is_ciphertext_in_the_database(station):
    write(station)

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM bookings_handovernote")
        (stored,) = cursor.fetchone()
    assert "热水器".encode() not in bytes(stored)


def test_the_same_press_twice_is_one_note(station):
    assert write(station) == write(station, now=NOW + MINUTE)


def test_the_same_words_on_another_day_are_another_note(station):
    assert write(station) != write(station, now=NOW + 60 * MINUTE)


def test_the_same_words_of_a_colleague_are_another_note(station):
    assert write(station) != write(station, by="late")


def test_the_next_shift_has_read_it_once(station):
    note = write(station)

    assert read_note(note=note, by=reviewer("late"), now=NOW)
    assert not read_note(note=note, by=reviewer("late"), now=NOW + MINUTE)
    assert HandoverRead.objects.get().at == NOW


def test_ones_own_note_is_not_read(station):
    assert not read_note(note=write(station), by=reviewer("early"), now=NOW)


def test_a_note_is_ticked_off_once(station):
    note = write(station)

    assert finish_note(note=note, by=reviewer("late"), now=NOW)
    assert not finish_note(note=note, by=reviewer("early"), now=NOW + MINUTE)
    assert HandoverNote.objects.get().done_by == reviewer("late")


def test_the_day_shows_the_newest_unread_note_until_it_is_read(desk, station):
    write(station, "旧的事", now=NOW - MINUTE)
    note = write(station)
    assert desk.get("/desk/sample/").context["note"] == note

    for one in HandoverNote.objects.all():
        answer = desk.post(f"{PAGE}{one.pk}/", {"act": "read", "next": "day"})

    assert answer.url == "/desk/sample/"
    assert desk.get("/desk/sample/").context["note"] is None


def test_the_day_shows_no_note_of_ones_own_nor_what_is_done(desk, station, clerk):
    write_note(station=station, text="我写的", by=clerk, now=NOW)
    finish_note(note=write(station), by=reviewer("late"), now=NOW)

    assert desk.get("/desk/sample/").context["note"] is None


def test_open_notes_stand_first_the_newest_above(desk, station):
    done = write(station, "一", now=NOW)
    older, newer = (
        write(station, "二", now=NOW + MINUTE),
        write(station, "三", now=NOW + 2 * MINUTE),
    )
    finish_note(note=done, by=reviewer("late"), now=NOW + 3 * MINUTE)

    assert list(desk.get(PAGE).context["page"]) == [newer, older, done]


def test_the_page_writes_a_note(desk, station, clerk):
    desk.post(PAGE, {"text": "钥匙 A1 未还"})

    note = HandoverNote.objects.get()
    assert (note.text, note.by, note.station) == ("钥匙 A1 未还", clerk, station)


def test_an_empty_note_is_refused(desk):
    assert "text" in desk.post(PAGE, {"text": " "}).context["form"].errors


def test_another_stations_notes_are_not_there(desk, station):
    elsewhere = write(make_station(station.district, slug="other"))

    assert desk.post(f"{PAGE}{elsewhere.pk}/", {"act": "done"}).status_code == 404
    assert list(desk.get(PAGE).context["page"]) == []
    assert desk.get("/desk/sample/").context["note"] is None


def test_old_notes_are_forgotten(station):
    note = write(station)
    read_note(note=note, by=reviewer("late"), now=NOW)

    journey.forget_due(now=NOW + dt.timedelta(days=91))

    assert not HandoverNote.objects.exists()
