"""The register: written down on arrival, completed, sent in batches, answered, undone."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from bookings.core.audit import AuditEntry
from bookings.core.transitions import StateChanged
from bookings.desk.register import lists, send
from bookings.desk.register.keep import complete
from bookings.desk.register.models import Registration
from bookings.invariants import each_guest_is_in_the_register
from bookings.people.models import Graduate
from tests import events
from tests.events import make_batch, registration_of, reviewer, send_by_hand
from tests.factories import NOW, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR
LATER = NOW + 5 * HOUR
SAME = ["stay", "state", "missing", "room", "due_at"]


@pytest.fixture
def station():
    return make_station(make_district(), beds=4)


def arrive(station, **person):
    """Somebody who has come; `person` is changed before."""
    draft = make_draft(make_person(station.district), station)
    Graduate.objects.filter(pk=draft.graduate_id).update(**person)
    code = events.promise(draft).short_code
    events.scan(station, code, nonce=code)
    return draft


def leave(draft, *, now=NOW + DAY):
    stay = events.stay_of(draft)
    code = stay.passes.get().short_code
    events.scan(stay.station, code, "leave", nonce=f"{code}-left", at=now)


def from_abroad(station):
    return arrive(station, doc_type="passport", doc_number="TEST00001")


def state(draft):
    return registration_of(draft).state


def downloaded(*drafts):
    batch = make_batch(*drafts)
    send.download(batch=batch, by=reviewer("clerk"), now=LATER)
    return batch


def mark(batch, *, by="clerk"):
    return send.mark_sent(batch=batch, by=reviewer(by), now=LATER)


def undo(batch):
    return send.undo_sent(batch=batch, by=reviewer("clerk"), now=LATER)


def confirm(*drafts, reference=""):
    return send.confirm(
        station=drafts[0].station,
        chosen=[registration_of(one).pk for one in drafts],
        reference=reference,
        by=reviewer("clerk"),
        now=LATER,
    )


def refuse(*drafts, reason="姓名有误"):
    chosen = [registration_of(one).pk for one in drafts]
    station = drafts[0].station
    return send.refuse(
        station=station, chosen=chosen, reason=reason, by=reviewer("clerk"), now=LATER
    )


def fill_in(draft, *, nationality="", address=""):
    registration = registration_of(draft)
    told = {"nationality": nationality, "address": address}
    complete(registration=registration, told=told, by=reviewer("clerk"), now=LATER)


def given(batch):
    return send.download(batch=batch, by=reviewer("clerk"), now=LATER)


# --- written down -----------------------------------------------------------------------------------


def test_who_arrives_is_written_down_with_the_room(station):
    row = registration_of(arrive(station))

    assert (row.state, row.missing, row.room) == ("to_send", [], "101")
    assert row.due_at == dt.datetime(2026, 11, 23, 16, tzinfo=dt.UTC)  # midnight in Shanghai


def test_a_guest_from_abroad_lacks_a_nationality_and_has_a_day(station):
    row = registration_of(from_abroad(station))

    assert (row.state, row.missing) == ("incomplete", ["nationality"])
    assert row.due_at == events.AFTERNOON + DAY


def test_the_same_arrival_scanned_twice_is_one_registration(station):
    draft = make_draft(make_person(station.district), station)
    code = events.promise(draft).short_code

    for _ in range(2):
        events.scan(station, code)

    assert Registration.objects.count() == 1


# --- completed --------------------------------------------------------------------------------------


def test_what_was_missing_is_filled_in(station):
    guest = from_abroad(station)

    fill_in(guest, nationality="RUS")

    row = registration_of(guest)
    assert (row.state, row.missing) == ("to_send", [])
    assert row.stay.graduate.nationality == "RUS"


def test_a_minor_lacks_a_guardian_who_is_shown_masked_once_written_down(station):
    guest = make_draft(make_person(station.district), station)
    code = events.promise(guest).short_code
    Graduate.objects.update(birth_date=dt.date(2009, 5, 1))
    events.scan(station, code)
    registration = registration_of(guest)
    assert (registration.state, registration.missing) == ("incomplete", ["guardian"])

    told = {"guardian_name": "示例家长", "guardian_phone": "+8613911112222"}
    complete(registration=registration, told=told, by=reviewer("clerk"), now=LATER)

    row = registration_of(guest)
    assert (row.state, row.missing) == ("to_send", [])
    assert row.stay.graduate.masked_guardian == "示*** ****2222"


def test_something_else_filled_in_leaves_it_incomplete(station):
    guest = from_abroad(station)

    fill_in(guest, address="示例路1号")

    assert (state(guest), registration_of(guest).missing) == ("incomplete", ["nationality"])


def test_an_empty_field_keeps_what_is_known(station):
    guest = arrive(station, address="示例路1号")

    fill_in(guest)

    assert registration_of(guest).stay.graduate.address == "示例路1号"


def test_what_was_sent_is_not_changed(station):
    guest = arrive(station)
    send_by_hand(guest)

    with pytest.raises(StateChanged):
        fill_in(guest, address="示例路2号")

    assert registration_of(guest).stay.graduate.address is None


# --- sent -------------------------------------------------------------------------------------------


def test_a_batch_is_downloaded_then_marked(station):
    one, other = arrive(station), arrive(station)
    batch = downloaded(one, other)
    assert (state(one), state(other)) == ("to_send", "to_send")

    assert mark(batch) == 2

    row = registration_of(one)
    assert (row.state, row.sent_at, row.sent_by) == ("sent", LATER, reviewer("clerk"))


def test_nothing_is_marked_that_was_not_downloaded(station):
    with pytest.raises(send.NotDownloaded) as refused:
        mark(make_batch(arrive(station)))

    assert refused.value.code == "not_downloaded"


def test_the_same_mark_twice_is_one(station):
    guest = arrive(station)
    batch = downloaded(guest)

    assert [mark(batch), mark(batch, by="colleague")] == [1, 0]
    assert registration_of(guest).sent_by == reviewer("clerk")


def test_each_guest_of_a_file_is_a_look_in_the_log(station):
    guests = [arrive(station), arrive(station)]

    downloaded(*guests)

    looks = AuditEntry.objects.filter(action="look at guest register").values_list("subject", "by")
    expected = {(f"graduate:{one.graduate_id}", reviewer("clerk").pk) for one in guests}
    assert set(looks) == expected


def test_a_guest_put_into_a_newer_file_belongs_to_that_one(station):
    one, other = arrive(station), arrive(station)
    former = downloaded(one, other)
    newer = downloaded(other)

    assert (mark(former), mark(newer)) == (1, 1)
    assert registration_of(other).batch == newer


def test_a_file_of_which_nobody_is_left_is_not_marked(station):
    guest = arrive(station)
    former = downloaded(guest)
    downloaded(guest)

    with pytest.raises(send.BatchReplaced) as refused:
        mark(former)

    assert (refused.value.code, state(guest)) == ("batch_replaced", "to_send")


def test_who_is_incomplete_is_put_into_no_file(station):
    with pytest.raises(send.NobodyChosen) as refused:
        make_batch(from_abroad(station))

    assert refused.value.code == "nobody_chosen"


def test_another_stations_guest_is_put_into_no_file(station):
    other = make_station(station.district, slug="other")
    chosen = [registration_of(arrive(station)).pk]

    with pytest.raises(send.NobodyChosen):
        send.export(station=other, chosen=chosen, by=reviewer(), now=LATER)


def test_guests_typed_in_at_the_terminal_need_no_file(station):
    guest = arrive(station)

    assert send_by_hand(guest) == 1
    assert state(guest) == "sent"


def test_a_mark_is_undone_and_set_again(station):
    guest = arrive(station)
    batch = downloaded(guest)
    mark(batch)

    assert (undo(batch), undo(batch), state(guest)) == (1, 0, "to_send")
    with pytest.raises(send.NotDownloaded):
        mark(batch)
    send.download(batch=batch, by=reviewer("clerk"), now=LATER)
    assert (mark(batch), state(guest)) == (1, "sent")


def test_what_the_police_answered_is_not_undone(station):
    one, other = arrive(station), arrive(station)
    batch = downloaded(one, other)
    mark(batch)
    confirm(one)

    with pytest.raises(send.AnsweredAlready) as refused:
        undo(batch)

    assert (refused.value.code, state(other)) == ("answered_already", "sent")


# --- answered ---------------------------------------------------------------------------------------


def test_the_police_have_taken_them_under_a_reference(station):
    one, other = arrive(station), arrive(station)
    send_by_hand(one, other)

    assert confirm(one, other, reference="R-1") == 2

    row = registration_of(one)
    assert (row.state, row.reference, row.confirmed_at) == ("confirmed", "R-1", LATER)


def test_nobody_is_confirmed_who_was_not_sent(station):
    guest = arrive(station)

    with pytest.raises(StateChanged):
        confirm(guest)

    assert state(guest) == "to_send"


def test_the_same_answer_twice_is_one(station):
    guest = arrive(station)
    send_by_hand(guest)
    refuse(guest)

    with pytest.raises(StateChanged):
        confirm(guest)

    assert (state(guest), registration_of(guest).refusal) == ("refused", "姓名有误")


def test_who_was_not_taken_is_corrected_and_sent_again(station):
    guest = arrive(station)
    send_by_hand(guest)
    refuse(guest)

    fill_in(guest, address="示例路1号")

    row = registration_of(guest)
    assert (row.state, row.refusal, row.sent_at, row.batch) == ("to_send", None, None, None)
    assert send_by_hand(guest) == 1


# --- departures -------------------------------------------------------------------------------------


def test_who_leaves_after_being_sent_is_to_be_reported(station):
    guest = arrive(station)
    send_by_hand(guest)

    leave(guest)
    assert [row.pk for row in lists.rows(station, "gone")] == [registration_of(guest).pk]
    batch = make_batch(guest)
    (told,) = given(batch)
    mark(batch)

    assert told.left_at == NOW + DAY
    assert registration_of(guest).departure_sent_at == LATER
    assert list(lists.rows(station, "gone")) == []


def test_who_has_left_before_being_sent_is_told_of_once(station):
    guest = arrive(station)
    leave(guest)
    batch = downloaded(guest)

    mark(batch)

    row = registration_of(guest)
    assert (row.state, row.departure_sent_at) == ("sent", LATER)


def test_who_leaves_between_the_file_and_the_mark_is_reported_later(station):
    guest = arrive(station)
    batch = downloaded(guest)
    leave(guest)

    (told,) = given(batch)
    mark(batch)

    assert told.left_at is None
    assert lists.counts(station)["gone"] == 1


def test_a_departure_is_undone_with_its_batch(station):
    guest = arrive(station)
    send_by_hand(guest)
    leave(guest)
    batch = downloaded(guest)
    mark(batch)

    undo(batch)

    assert (state(guest), registration_of(guest).departure_sent_at) == ("sent", None)


# --- what the day's page counts ---------------------------------------------------------------------


def test_the_day_counts_who_is_due_and_overdue(station):
    arrive(station)
    from_abroad(station)

    tomorrow = NOW + 20 * HOUR  # the mainland guest's day is over, the other's hours are not
    assert lists.due(station, now=NOW) == {"to_do": 2, "overdue": 0}
    assert lists.due(station, now=tomorrow) == {"to_do": 2, "overdue": 1}


def test_a_guest_whose_facts_change_leaves_the_file_that_was_made_before(station):
    one, other = arrive(station), arrive(station)
    batch = downloaded(one, other)

    fill_in(one, address="示例路1号")

    assert mark(batch) == 1
    assert (state(one), state(other)) == ("to_send", "sent")


# --- the house of before ----------------------------------------------------------------------------


def test_who_is_here_when_the_register_begins_is_written_down(station):
    here, abroad, gone = arrive(station), from_abroad(station), arrive(station)
    leave(gone)
    before = list(Registration.objects.exclude(stay=gone.stay).order_by("stay").values(*SAME))
    Registration.objects.all().delete()

    import_module("bookings.migrations.0018_register").write_down(apps, None)

    rows = Registration.objects.exclude(stay=gone.stay).order_by("stay")
    assert list(rows.values(*SAME)) == before
    assert [state(one) for one in (here, abroad, gone)] == ["to_send", "incomplete", "earlier"]
    assert list(each_guest_is_in_the_register()) == []
