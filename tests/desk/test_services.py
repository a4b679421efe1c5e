"""Services at the desk: open hours, free uses, and the places that are booked."""

import datetime as dt

import pytest
from django.utils import translation
from django.utils.timezone import localtime

from bookings import journey
from bookings.desk.models import Redemption
from bookings.desk.services.models import Booking
from bookings.desk.services.shown import bookings_of_day, given_at, services_at_desk
from bookings.desk.wording import sentence
from bookings.journey.services import TakenUp
from tests import events
from tests.events import AFTERNOON, redeem
from tests.factories import (
    TODAY,
    make_district,
    make_draft,
    make_person,
    make_service,
    make_slot,
    make_station,
)

pytestmark = pytest.mark.django_db
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LATER = AFTERNOON + HOUR
FOUR = localtime(AFTERNOON).time()


@pytest.fixture
def station():
    return make_station(make_district(), beds=3)


def guest(station, **more):
    """Somebody in house."""
    draft = make_draft(make_person(station.district), station, **more)
    shown = events.promise(draft)
    events.scan(station, shown.short_code, nonce=shown.short_code)
    return draft


def reasons(draft, service, *moments):
    return [redeem(draft, service, at=at).reason for at in moments]


def test_a_service_is_given_in_its_hours(station):
    service = make_service(station, opens=FOUR, closes=dt.time(17))

    assert reasons(guest(station), service, AFTERNOON) == ["fine"]


@pytest.mark.parametrize(("opens", "closes"), [(dt.time(7), FOUR), (dt.time(17), dt.time(19))])
def test_a_service_is_closed_at_other_hours(station, opens, closes):
    service = make_service(station, opens=opens, closes=closes)

    assert reasons(guest(station), service, AFTERNOON) == ["service_closed"]
    assert not Redemption.objects.exists()


def test_free_uses_of_a_stay_are_counted_over_its_days(station):
    service = make_service(station, uses_per_stay=2)
    moments = [AFTERNOON, AFTERNOON + DAY, AFTERNOON + 2 * DAY]

    assert reasons(guest(station), service, *moments) == ["fine", "fine", "used_up"]


def test_what_is_not_given_at_present_is_no_service(station):
    service = make_service(station, is_active=False)

    assert reasons(guest(station), service, AFTERNOON) == ["no_such_service"]


def test_a_use_takes_up_the_place_that_was_booked(station):
    service = make_service(station, by_appointment=True)
    draft, slot = guest(station), make_slot(service, starts_at=LATER)
    booking = events.book(draft, slot)

    redeem(draft, service, at=LATER)

    assert Redemption.objects.get().booking == booking


def test_who_has_booked_for_later_today_may_use_it_before(station):
    service = make_service(station, by_appointment=True)
    draft = guest(station)
    events.book(draft, make_slot(service, starts_at=LATER))

    assert reasons(draft, service, AFTERNOON) == ["fine"]


def test_a_booked_slot_goes_before_the_hours_of_the_service(station):
    service = make_service(station, opens=dt.time(7), closes=dt.time(9))
    draft = guest(station)
    events.book(draft, make_slot(service, starts_at=LATER))

    assert reasons(draft, service, AFTERNOON, LATER) == ["service_closed", "fine"]


def test_without_a_booking_one_takes_a_place_that_is_free(station):
    service = make_service(station, by_appointment=True)
    draft, slot = guest(station), make_slot(service, starts_at=AFTERNOON, capacity=1)

    assert reasons(draft, service, AFTERNOON) == ["fine"]
    assert Redemption.objects.get().booking == slot.bookings.get(stay=draft.stay)


def test_without_a_booking_a_full_slot_is_refused(station):
    service = make_service(station, by_appointment=True)
    booked, other = guest(station), guest(station)
    events.book(booked, make_slot(service, starts_at=LATER, capacity=1))

    assert reasons(other, service, LATER) == ["fully_booked"]
    assert reasons(booked, service, LATER) == ["fine"]


def test_by_appointment_there_is_nothing_while_no_slot_runs(station):
    service = make_service(station, by_appointment=True)
    make_slot(service, starts_at=LATER)

    assert reasons(guest(station), service, AFTERNOON) == ["service_closed"]


def test_a_place_that_a_guest_who_left_had_booked_is_free_again(station):
    service = make_service(station, by_appointment=True)
    gone, other = guest(station), guest(station)
    first = events.book(gone, make_slot(service, starts_at=LATER, capacity=1))
    events.leave(gone, at=AFTERNOON)

    assert reasons(other, service, LATER) == ["fine"]
    first.refresh_from_db()
    assert first.cancelled_at == LATER


def test_the_same_use_sent_twice_takes_one_place(station):
    service = make_service(station, by_appointment=True, uses_per_day=2)
    draft = guest(station)
    make_slot(service, starts_at=AFTERNOON)

    for _ in range(2):
        redeem(draft, service, at=AFTERNOON, nonce="n-2")

    assert (Redemption.objects.count(), Booking.objects.count()) == (1, 1)


def test_fewer_uses_in_the_catalogue_leave_what_was_counted(station):
    service = make_service(station, uses_per_day=2)
    reasons(guest(station), service, AFTERNOON, LATER)

    service.uses_per_day = 1
    service.save()

    assert list(Redemption.objects.values_list("number", "allowed")) == [(1, 2), (2, 2)]


def test_what_has_been_used_cannot_be_cancelled(station):
    service = make_service(station)
    draft, slot = guest(station), make_slot(service, starts_at=LATER)
    events.book(draft, slot)
    redeem(draft, service, at=AFTERNOON)

    with pytest.raises(TakenUp):
        journey.cancel_booking(stay=draft.stay, slot=slot, by=draft.user, now=AFTERNOON)


def test_the_desk_sees_who_has_booked_today_and_who_has_come(station):
    service = make_service(station)
    came, expected = guest(station), guest(station)
    for draft, at in ((came, LATER), (expected, LATER + HOUR), (expected, LATER + DAY)):
        events.book(draft, make_slot(service, starts_at=at))
    redeem(came, service, at=LATER)

    day = bookings_of_day(station=station, day=TODAY)

    assert [(one.stay, hasattr(one, "redemption")) for one in day] == [
        (came.stay, True),
        (expected.stay, False),
    ]


def test_a_scanned_guest_is_shown_with_what_is_due(station):
    service, other = make_service(station), make_service(station, code="laundry")
    draft, slot = guest(station), make_slot(service, starts_at=LATER)
    events.book(draft, slot)

    shown = services_at_desk(stay=draft.stay, now=AFTERNOON)

    assert [(one.service, one.due) for one in shown] == [(service, [slot]), (other, [])]


def why_not(draft, now):
    with translation.override("en"):
        return [one.why_not for one in services_at_desk(stay=draft.stay, now=now)]


def test_what_will_be_refused_says_why_and_when_it_is_given(station):
    make_service(station, opens=dt.time(7), closes=dt.time(9))
    used = make_service(station, code="laundry", uses_per_stay=1)
    talk = make_service(station, code="talk", by_appointment=True)
    draft, slot = guest(station), make_slot(talk, starts_at=LATER, capacity=1)
    redeem(draft, used, at=AFTERNOON)
    events.book(guest(station), slot)

    assert why_not(draft, AFTERNOON) == [
        "Not now; given at 07:00–09:00",
        "Used up for today",
        "Not now; given at 17:00–18:00",
    ]
    assert why_not(draft, LATER)[2] == "Every place of this hour is booked"
    assert why_not(draft, AFTERNOON + DAY)[1:] == ["Used up for this stay", "Not given now"]


def test_what_is_offered_is_counted(station):
    make_service(station, opens=FOUR, closes=dt.time(17))
    talk = make_service(station, code="talk", by_appointment=True)
    draft = guest(station)
    events.book(draft, make_slot(talk, starts_at=LATER))

    assert why_not(draft, AFTERNOON) == ["", ""]
    assert [redeem(draft, one, at=AFTERNOON).reason for one in station.services.all()] == [
        "fine"
    ] * 2


def test_a_refusal_names_the_hours(station):
    service = make_service(station, opens=dt.time(7), closes=dt.time(9))

    taken = redeem(guest(station), service, at=AFTERNOON)

    assert "07:00–09:00" in sentence(taken, hours=given_at(scan=taken, code=service.code))
