"""A slot does not take place: nobody booked it, or its guests are told."""

import datetime as dt

import pytest

from bookings import journey
from bookings.core.audit import AuditEntry
from bookings.desk.services.catalogue import (
    NoCode,
    SameService,
    Series,
    add_service,
    change_service,
    make_slots,
)
from bookings.desk.services.models import Booking, Slot
from bookings.desk.services.places import SlotBegun
from bookings.journey import StateChanged
from bookings.messages.models import Message
from tests import events
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
DAY = dt.timedelta(days=1)
DAILY = Series(TODAY, 14, 1, dt.time(7), dt.time(9), 20)
VALUES = {"name_zh": "简历打印", "name_en": "Résumé printing", "uses_per_day": 2}


@pytest.fixture
def service():
    return make_service(make_station(make_district(), beds=3))


def end(slot, *, now=NOW):
    return journey.end_slot(slot=slot, by=events.reviewer("manager"), now=now)


def booked(slot):
    station = slot.service.station
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)
    events.book(draft, slot)
    return draft


def make(service, series, *, now=NOW):
    return make_slots(service=service, series=series, by=events.reviewer("manager"), now=now)


def test_a_slot_that_nobody_booked_is_deleted_once(service):
    slot = make_slot(service)

    assert [end(slot), end(Slot(pk=slot.pk))] == [0, 0]
    assert not Slot.objects.exists()


def test_a_booked_slot_is_called_off_and_its_guests_are_told_once(service):
    slot = make_slot(service)
    for _ in range(2):
        booked(slot)

    assert [end(slot), end(slot)] == [2, 0]
    told = Message.objects.filter(key__startswith="slot_ended")
    assert (told.count(), Slot.objects.standing().count()) == (2, 0)
    assert not Booking.objects.standing().exists()


def test_who_has_given_the_place_back_is_told_nothing(service):
    slot = make_slot(service)
    draft = booked(slot)
    journey.cancel_booking(stay=draft.stay, slot=slot, by=draft.user, now=NOW)

    assert end(slot) == 0
    assert Slot.objects.get().cancelled_at == NOW


def test_a_slot_that_runs_is_not_called_off(service):
    with pytest.raises(SlotBegun):
        end(make_slot(service, starts_at=NOW))


def test_another_slot_may_take_the_hour_of_one_called_off(service):
    slot = make_slot(service)
    booked(slot)
    end(slot)

    assert make_slot(service, starts_at=slot.starts_at)


def test_a_series_is_made_once_and_not_in_the_past(service):
    made = [make(service, DAILY) for _ in range(2)]

    assert made == [13, 0]  # this morning's has begun
    assert set(Slot.objects.values_list("capacity", flat=True)) == {20}


def test_a_weekly_series_is_seven_days_apart(service):
    make(service, Series(TODAY + DAY, 2, 7, dt.time(19), dt.time(20), 30, "讲座", "Talk"))

    first, second = Slot.objects.standing()
    assert second.starts_at - first.starts_at == 7 * DAY


def test_a_service_gets_its_code_from_its_english_name(service):
    manager, station = events.reviewer("manager"), service.station

    made = add_service(station=station, values=VALUES, by=manager, now=NOW)

    assert (made.code, made.uses_per_day) == ("resume-printing", 2)
    assert AuditEntry.objects.filter(action="add service").count() == 1
    with pytest.raises(SameService):
        add_service(station=station, values=VALUES, by=manager, now=NOW)


def test_a_name_without_letters_gives_no_code(service):
    with pytest.raises(NoCode):
        values = {**VALUES, "name_en": "早餐"}
        add_service(station=service.station, values=values, by=events.reviewer(), now=NOW)


def test_of_two_who_change_a_service_the_second_is_told(service):
    told = {"service": service, "seen": service.version, "by": events.reviewer(), "now": NOW}
    change_service(values=VALUES, **told)

    with pytest.raises(StateChanged):
        change_service(values={**VALUES, "uses_per_day": 9}, **told)
