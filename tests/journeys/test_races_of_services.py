"""Many press for the last place at once: one gets it. Each control takes the guard away."""

import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError, OperationalError, connection

from bookings import journey
from bookings.desk.models import Redemption
from bookings.desk.services.models import Booking
from bookings.desk.services.places import BookedEnough, SlotFull, SlotGone
from bookings.journey import services
from tests import events
from tests.factories import (
    NOW,
    make_district,
    make_draft,
    make_person,
    make_service,
    make_slot,
    make_station,
)
from tests.racing import errors, meeting, race

pytestmark = pytest.mark.django_db(transaction=True)
GUESTS = 30
HOUR = dt.timedelta(hours=1)
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="a row lock")
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="a transaction mode")


@pytest.fixture
def station():
    return make_station(make_district(), beds=GUESTS)


@pytest.fixture
def service(station):
    return make_service(station, by_appointment=True)


def guests(station, count):
    events.reviewer()
    drafts = [make_draft(make_person(station.district), station) for _ in range(count)]
    for draft in drafts:
        events.promise(draft)
    return drafts


def test_of_thirty_guests_after_the_last_place_one_gets_it(station, service):
    slot = make_slot(service, capacity=1)

    results = race(*(partial(events.book, one, slot) for one in guests(station, GUESTS)))

    assert errors(results) == [SlotFull] * (GUESTS - 1)
    assert Booking.objects.count() == 1


def test_a_guest_who_presses_twice_at_once_has_one_place(station, service):
    slot = make_slot(service, capacity=2)
    (draft,) = guests(station, 1)

    first, second = race(*[partial(events.book, draft, slot)] * 2)

    assert first == second == Booking.objects.get()


def test_a_guest_who_presses_for_two_slots_at_once_has_as_many_as_are_free(station, service):
    slots = [make_slot(service, starts_at=NOW + HOUR * n) for n in (1, 2)]
    (draft,) = guests(station, 1)

    results = race(*(partial(events.book, draft, slot) for slot in slots))

    assert errors(results) == [BookedEnough]
    assert Booking.objects.count() == 1


def test_two_desks_give_the_last_place_to_one(station, service):
    make_slot(service, starts_at=events.AFTERNOON, capacity=1)
    inside = guests(station, 2)
    for draft in inside:
        code = draft.stay.passes.get().short_code
        events.scan(station, code, nonce=code)

    results = race(*(partial(events.redeem, draft, service) for draft in inside))

    assert sorted(scan.reason for scan in results) == ["fine", "fully_booked"]
    assert Redemption.objects.count() == Booking.objects.count() == 1


def test_who_books_a_slot_that_is_called_off_at_that_moment_is_refused_or_told(station, service):
    slot = make_slot(service)
    (draft,) = guests(station, 1)
    end = partial(journey.end_slot, slot=slot, by=events.reviewer(), now=NOW)

    booking, told = race(partial(events.book, draft, slot), end)

    assert errors([booking]) == ([] if told else [SlotGone])
    assert not Booking.objects.standing().exists()


@on_postgres
def test_control_without_the_slots_lock_the_database_refuses_the_second(
    station, service, monkeypatch
):
    slot = make_slot(service, capacity=1)
    monkeypatch.setattr(services, "lock_slot", lambda pk: slot)
    monkeypatch.setattr(services, "_is_enough", meeting(services._is_enough))  # both look first

    results = race(*(partial(events.book, one, slot) for one in guests(station, 2)))

    assert errors(results) == [IntegrityError]
    assert Booking.objects.count() == 1


@on_sqlite
def test_control_without_immediate_transactions_the_second_gets_an_error_page(
    station, service, monkeypatch
):
    slot, drafts = make_slot(service, capacity=1), guests(station, 2)
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    monkeypatch.setattr(services, "_is_enough", meeting(services._is_enough))

    results = race(*(partial(events.book, one, slot) for one in drafts))

    assert errors(results) == [OperationalError]
    assert Booking.objects.count() == 1
