"""Two desks at once: a batch is marked by one of them, a key is with one guest, a note is one."""

from functools import partial

import pytest
from django.db import connection

from bookings.desk.handover.models import HandoverNote
from bookings.desk.handover.notes import write_note
from bookings.desk.keys.loans import KeyIsOut
from bookings.desk.keys.models import KeyLoan
from bookings.desk.register import send
from bookings.journey.correct import NothingToCorrect
from tests import racing
from tests.desk.test_register import arrive, confirm, downloaded, mark, state, undo
from tests.events import correct, give_key, make_batch, registration_of, reviewer
from tests.factories import NOW, make_district, make_station
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
DESKS = ("clerk", "colleague")
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="a row lock")


@pytest.fixture
def station():
    for name in DESKS:
        reviewer(name)
    return make_station(make_district(), beds=3)


def test_two_clerks_mark_the_same_batch(station):
    guest = arrive(station)
    batch = downloaded(guest)

    counts = race(partial(mark, batch), partial(mark, batch, by="colleague"))

    assert sorted(counts) == [0, 1]
    assert state(guest) == "sent"


@on_postgres
def test_without_the_lock_both_marks_begin(station, monkeypatch):
    batch = downloaded(arrive(station))
    bare = racing.meeting(lambda one: type(one).objects.select_related("station").get(pk=one.pk))
    monkeypatch.setattr(send, "_locked", bare)

    counts = race(partial(mark, batch), partial(mark, batch, by="colleague"))

    assert sorted(map(str, counts)) != ["0", "1"]


def test_a_guest_is_sent_in_one_batch_while_another_is_made(station):
    guest = arrive(station)
    batch = downloaded(guest)

    marked, other = race(partial(mark, batch), partial(make_batch, guest, by="colleague"))

    row = registration_of(guest)
    if marked == 1:
        assert (row.state, row.batch, type(other)) == ("sent", batch, send.NobodyChosen)
    else:
        assert (row.state, row.batch, type(marked)) == ("to_send", other, send.BatchReplaced)


def test_a_batch_is_undone_or_answered(station):
    guest = arrive(station)
    batch = downloaded(guest)
    mark(batch)

    race(partial(undo, batch), partial(confirm, guest))

    batch.refresh_from_db()
    assert (state(guest), batch.sent_at is None) in {("to_send", True), ("confirmed", False)}


def test_two_desks_correct_a_name_at_once(station):
    guest = arrive(station)

    results = race(*(partial(correct, guest, name="测试乙", by=reviewer(by)) for by in DESKS))

    assert racing.errors(results) == [NothingToCorrect]


def test_a_file_is_marked_while_a_guest_in_it_is_corrected(station):
    guest = arrive(station)
    batch = downloaded(guest)

    race(partial(mark, batch), partial(correct, guest, name="测试乙", by=reviewer("colleague")))

    row = registration_of(guest)
    assert (row.state, row.batch, row.stay.graduate.name) == ("to_send", None, "测试乙")


def test_two_guests_are_given_the_same_key(station):
    one, other = arrive(station), arrive(station)

    results = race(partial(give_key, one), partial(give_key, other, by="colleague"))

    assert racing.errors(results) == [KeyIsOut]
    assert KeyLoan.objects.count() == 1


def test_one_press_at_two_threads_is_one_note(station):
    write = partial(write_note, station=station, text="报修", by=reviewer("clerk"), now=NOW)

    race(write, write)

    assert HandoverNote.objects.count() == 1
