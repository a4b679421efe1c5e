"""A guest takes a place in a slot, and gives it back."""

import datetime as dt

import pytest

from bookings import journey
from bookings.desk.services.models import Booking
from bookings.desk.services.places import (
    BookedEnough,
    NoGuest,
    NotOnYourDays,
    SlotBegun,
    SlotFull,
    SlotGone,
)
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

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def station():
    return make_station(make_district(), beds=3)


@pytest.fixture
def service(station):
    return make_service(station, by_appointment=True, uses_per_day=2)


@pytest.fixture
def draft(station):
    return promised(station)


def promised(station):
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)
    return draft


def cancel(draft, slot, *, now=NOW):
    return journey.cancel_booking(stay=events.stay_of(draft), slot=slot, by=draft.user, now=now)


def test_pressed_twice_a_place_is_taken_once(draft, service):
    slot = make_slot(service)

    assert events.book(draft, slot) == events.book(draft, slot)
    assert Booking.objects.get().number == 1


@pytest.mark.parametrize(("days", "booked"), [(0, True), (3, True), (-1, False), (4, False)])
def test_a_slot_is_on_a_day_of_the_stay_its_last_day_included(station, service, days, booked):
    draft = make_draft(make_person(station.district), station, arrival=NOW.date() + DAY)
    events.promise(draft)
    slot = make_slot(service, starts_at=NOW + DAY + days * DAY + HOUR)

    if booked:
        assert events.book(draft, slot)
    else:
        with pytest.raises(NotOnYourDays):
            events.book(draft, slot)


def test_a_full_slot_names_the_others(station, draft, service):
    slot = make_slot(service, capacity=1)
    make_slot(service, starts_at=NOW + 2 * HOUR)
    events.book(promised(station), slot)

    with pytest.raises(SlotFull) as full:
        events.book(draft, slot)

    assert "14:00–15:00" in str(full.value.sentence)


def test_where_all_are_full_the_desk_is_named(station, draft, service):
    slot = make_slot(service, capacity=1)
    events.book(promised(station), slot)

    with pytest.raises(SlotFull) as full:
        events.book(draft, slot)

    assert full.value.sentence == SlotFull.sentence


def test_a_slot_that_has_begun_is_closed(draft, service):
    with pytest.raises(SlotBegun):
        events.book(draft, make_slot(service, starts_at=NOW))


def test_a_slot_of_another_station_is_not_there(draft, station):
    other = make_station(station.district, slug="other")

    with pytest.raises(SlotGone):
        events.book(draft, make_slot(make_service(other)))


def test_a_slot_called_off_is_not_there(draft, service):
    with pytest.raises(SlotGone):
        events.book(draft, make_slot(service, cancelled_at=NOW))


def test_a_service_that_is_paused_takes_no_booking(draft, station):
    with pytest.raises(SlotGone):
        events.book(draft, make_slot(make_service(station, is_active=False)))


def test_who_is_not_approved_books_nothing(station, service):
    draft = make_draft(make_person(station.district), station)
    events.submit(draft)

    with pytest.raises(NoGuest):
        events.book(draft, make_slot(service))


def test_nobody_books_more_of_a_day_than_is_free(draft, service):
    slots = [make_slot(service, starts_at=NOW + n * HOUR) for n in (1, 2, 3)]
    for slot in slots[:2]:
        events.book(draft, slot)

    with pytest.raises(BookedEnough):
        events.book(draft, slots[2])


def test_nobody_books_more_of_a_stay_than_is_free(draft, station):
    service = make_service(station, uses_per_stay=1)
    events.book(draft, make_slot(service))

    with pytest.raises(BookedEnough):
        events.book(draft, make_slot(service, starts_at=NOW + DAY))


def test_a_missed_slot_uses_nothing_up(draft, station):
    service = make_service(station, uses_per_stay=1)
    events.book(draft, make_slot(service))

    assert events.book(draft, make_slot(service, starts_at=NOW + DAY), now=NOW + 4 * HOUR)


def test_a_place_given_back_is_somebody_elses(station, draft, service):
    slot = make_slot(service, capacity=1)
    events.book(draft, slot)

    assert [cancel(draft, slot), cancel(draft, slot)] == [True, False]
    assert events.book(promised(station), slot).number == 1


def test_a_place_is_not_given_back_once_the_slot_has_begun(draft, service):
    slot = make_slot(service)
    events.book(draft, slot)

    with pytest.raises(SlotBegun):
        cancel(draft, slot, now=slot.starts_at)


def test_a_stay_that_is_withdrawn_holds_no_place(station, draft, service):
    slot = make_slot(service, capacity=1)
    events.book(draft, slot)

    events.withdraw(draft)

    assert not Booking.objects.standing().exists()
    assert events.book(promised(station), slot)


def test_a_stay_that_is_shortened_holds_no_place_after_it(draft, service):
    for days in (1, 2):
        events.book(draft, make_slot(service, starts_at=NOW + days * DAY))

    events.shorten(draft, NOW.date() + DAY)

    assert [one.slot.starts_at for one in Booking.objects.standing()] == [NOW + DAY]


def test_a_no_show_holds_no_place_until_it_is_undone(draft, service):
    booking = events.book(draft, make_slot(service, starts_at=NOW + 2 * DAY))
    evening = events.stay_of(draft).cutoff_at
    events.give_up(draft, now=evening)
    assert not Booking.objects.standing().exists()

    events.undo_no_show(draft, now=evening)

    assert Booking.objects.standing().get() == booking
