"""A check-out that was none is undone whole, on its day, while the bed is free."""

import datetime as dt

import pytest

from bookings import journey
from bookings.beds.allocate import bed_of
from bookings.core.audit import AuditEntry
from bookings.desk.models import Scan
from bookings.desk.register import send
from bookings.invariants import breaches
from bookings.journey.undo_leave import DepartureInHand
from bookings.places.models import Closure
from bookings.retention.models import FollowUp, Outcome
from tests import events
from tests.events import stay_of
from tests.factories import (
    NOW,
    TODAY,
    make_district,
    make_draft,
    make_person,
    make_service,
    make_slot,
    make_station,
)

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
MORNING = NOW + DAY  # of the second day


@pytest.fixture
def station():
    return make_station(make_district(), beds=2)


def arrive(station, **wish):
    draft = make_draft(make_person(station.district), station, **wish)
    code = events.promise(draft).short_code
    events.scan(station, code, nonce=code)
    return draft


@pytest.fixture
def gone(station):
    draft = arrive(station)
    events.leave(draft, at=MORNING)
    return draft


def test_the_guest_has_the_nights_and_the_bed_of_before(station, gone):
    bed = bed_of(stay_of(gone))

    assert events.undo_leave(gone, now=MORNING + HOUR)
    assert not events.undo_leave(gone, now=MORNING + HOUR)

    stay = stay_of(gone)
    assert (stay.status, stay.left_at, stay.graduate.nights_taken) == ("arrived", None, 3)
    assert set(stay.bed_nights.values_list("bed", flat=True)) == {bed.pk}
    assert AuditEntry.objects.filter(action="undo_leave").count() == 1
    assert list(breaches()) == []


def test_the_same_code_checks_out_again(station, gone):
    events.undo_leave(gone, now=MORNING)
    code = stay_of(gone).passes.get().short_code

    told = events.scan(station, code, "leave", nonce="again", at=MORNING + HOUR)

    assert (told.result, stay_of(gone).status) == ("ok", "left")
    assert Scan.objects.filter(action="leave", result="ok").count() == 1


@pytest.mark.parametrize("hour", [NOW + HOUR * 5, NOW + 3 * DAY, NOW + 5 * DAY])
def test_whenever_it_was_pressed_nights_and_rules_are_whole(station, hour):
    draft = arrive(station)
    events.leave(draft, at=hour)

    events.undo_leave(draft, now=hour + HOUR)

    assert stay_of(draft).bed_nights.count() == 3
    assert list(breaches()) == []


def test_a_guest_moved_for_the_later_nights_is_there_again(station):
    draft = arrive(station)
    bed = bed_of(stay_of(draft))
    Closure.objects.create(bed=bed, first_night=TODAY + 3 * DAY, until=TODAY + 9 * DAY, reason="x")
    events.extend(draft, 2, move_if_needed=True)
    before = list(stay_of(draft).bed_nights.order_by("night").values_list("night", "bed"))
    events.leave(draft, at=MORNING)

    events.undo_leave(draft, now=MORNING)

    assert list(stay_of(draft).bed_nights.order_by("night").values_list("night", "bed")) == before
    assert list(breaches()) == []


def test_the_questions_of_later_and_the_answer_at_leaving_go_and_come_back(gone):
    journey.answer_leaving(stay=stay_of(gone), kind="looking", now=MORNING)

    events.undo_leave(gone, now=MORNING)
    assert (FollowUp.objects.count(), Outcome.objects.count()) == (0, 0)
    assert AuditEntry.objects.get(action="undo_leave").details["answers"] == 1

    events.leave(gone, at=MORNING + DAY)
    due = FollowUp.objects.order_by("horizon").values_list("due_on", flat=True)
    assert list(due) == [TODAY + 32 * DAY, TODAY + 92 * DAY]


def test_places_booked_stand_again(station):
    slot = make_slot(make_service(station), starts_at=MORNING + 5 * HOUR)
    draft = arrive(station)
    events.book(draft, slot)
    events.leave(draft, at=MORNING)

    events.undo_leave(draft, now=MORNING)

    assert stay_of(draft).bookings.standing().count() == 1


def test_a_departure_in_a_file_not_sent_yet_is_reported_no_more(gone):
    events.make_batch(gone, now=MORNING)

    events.undo_leave(gone, now=MORNING)

    assert events.registration_of(gone).departure_batch is None


def test_while_somebody_has_the_file_in_hand_a_departure_stands(gone):
    batch, by = events.make_batch(gone, now=MORNING), events.reviewer("clerk")
    send.download(batch=batch, by=by, now=MORNING)

    with pytest.raises(DepartureInHand):
        events.undo_leave(gone, now=MORNING)
    send.mark_sent(batch=batch, by=by, now=MORNING)
    with pytest.raises(journey.DepartureReported) as told:
        events.undo_leave(gone, now=MORNING)
    assert told.type is journey.DepartureReported
    send.undo_sent(batch=batch, by=by, now=MORNING)

    assert events.undo_leave(gone, now=MORNING)


def test_a_device_that_heard_of_it_late_checks_nobody_out(station, gone):
    events.undo_leave(gone, now=MORNING + 2 * HOUR)
    code, told = stay_of(gone).passes.get().short_code, {"offline": True, "told": "ok"}

    late = events.scan(station, code, "leave", nonce="late", at=MORNING + HOUR, **told)

    assert (late.result, late.reason, stay_of(gone).status) == (
        "refused",
        "leave_undone",
        "arrived",
    )
    assert [*late.conflict.ways] == ["noted"]


def test_a_departure_that_the_police_know_is_not_undone(gone):
    events.send_by_hand(gone, now=MORNING)

    with pytest.raises(journey.DepartureReported) as told:
        events.undo_leave(gone, now=MORNING)
    assert told.type is journey.DepartureReported
    assert stay_of(gone).status == "left"


def test_who_has_not_come_yet_moves_around_the_guest(station, gone):
    bed = bed_of(stay_of(gone))
    others = [make_draft(make_person(station.district), station, arrival=TODAY + DAY) for _ in "12"]
    for other in others:
        events.promise(other, now=MORNING)
    (planned_there,) = [one for one in others if bed_of(stay_of(one)) == bed]
    events.withdraw(next(one for one in others if one != planned_there), now=MORNING)

    events.undo_leave(gone, now=MORNING)

    assert bed_of(stay_of(planned_there)) != bed
    assert list(breaches()) == []


def test_a_bed_that_somebody_sleeps_in_now_is_named(station, gone):
    bed = bed_of(stay_of(gone))
    for _ in range(2):
        other = make_draft(make_person(station.district), station, arrival=TODAY + DAY)
        code = events.promise(other, now=MORNING).short_code
        events.scan(station, code, nonce=code, at=MORNING + 4 * HOUR)

    with pytest.raises(journey.BedTaken) as refused:
        events.undo_leave(gone, now=MORNING + 5 * HOUR)

    assert str(bed) in str(refused.value.sentence)
    assert list(breaches()) == []


def test_nights_promised_to_the_guest_again_are_not_held_twice(station, gone):
    second = make_station(station.district, slug="second")
    events.promise(make_draft(gone.graduate, second, arrival=TODAY + 2 * DAY), now=MORNING)

    with pytest.raises(journey.NightsElsewhere):
        events.undo_leave(gone, now=MORNING)


def test_the_day_after_it_is_too_late(gone):
    with pytest.raises(journey.NotToday):
        events.undo_leave(gone, now=MORNING + DAY)


def test_who_never_left_or_never_came_is_told(station, gone):
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)

    with pytest.raises(journey.StateChanged):
        events.undo_leave(draft, now=MORNING)
