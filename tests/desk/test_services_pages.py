"""The pages of services: a manager's catalogue, the clerk's day, the guest's stay."""

import datetime as dt

import pytest
from django.test import Client

from bookings.desk.models import Service
from bookings.desk.services.models import Booking, Slot
from bookings.people.models import Role
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
from tests.people.world import it_is_me, member

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SERVICE = {"name_zh": "早餐", "name_en": "Breakfast", "uses_per_day": 1, "order": 0}
SERIES = {"first_day": TODAY + DAY, "every": 1, "times": 14, "starts": "07:00", "ends": "09:00"}


@pytest.fixture
def station():
    return make_station(make_district(), beds=3)


@pytest.fixture
def service(station):
    return make_service(station, code="laundry")


@pytest.fixture
def draft(station):
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)
    return draft


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(station):
    return signed_in(member(station.district, Role.MANAGER))


@pytest.fixture
def guest(draft):
    return signed_in(draft.user)


def test_a_manager_adds_a_service(manager, station):
    manager.post("/desk/sample/services/new/", {**SERVICE, "opens": "07:00", "closes": "09:00"})

    made = Service.objects.get(code="breakfast")
    assert (made.station, made.hours, made.is_active) == (station, "07:00–09:00", False)


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        ({"opens": "07:00"}, "closes"),
        ({"closes": "07:00"}, "opens"),
        ({"opens": "09:00", "closes": "07:00"}, "closes"),
        ({"name_en": "早餐"}, "name_en"),
        ({"uses_per_day": 0}, "uses_per_day"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(manager, station, hours, field):
    page = manager.post("/desk/sample/services/new/", {**SERVICE, **hours})

    assert list(page.context["form"].errors) == [field]
    assert not Service.objects.exists()


def test_a_change_of_what_a_colleague_has_changed_is_refused(manager, service):
    address = f"/desk/sample/services/{service.pk}/"
    sent = {**SERVICE, "seen": service.version}
    manager.post(address, sent)

    page = manager.post(address, {**sent, "uses_per_day": 3})

    assert page.context["form"].non_field_errors()
    service.refresh_from_db()
    assert (service.uses_per_day, service.code) == (1, "laundry")


def test_a_manager_makes_a_series(manager, service):
    address = f"/desk/sample/services/{service.pk}/slots/"

    for _ in range(2):
        manager.post(address, {**SERIES, "capacity": 20})

    assert Slot.objects.filter(service=service, capacity=20).count() == 14


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_day": TODAY - DAY}, "first_day"),
        ({"ends": "07:00"}, "ends"),
        ({"times": 61}, "times"),
        ({"title_zh": "讲座"}, "title_en"),
        ({"capacity": 0}, "capacity"),
    ],
)
def test_a_series_that_cannot_be_is_said_beside_its_field(manager, service, wrong, field):
    sent = {**SERIES, "capacity": 20, **wrong}

    page = manager.post(f"/desk/sample/services/{service.pk}/slots/", sent)

    assert list(page.context["slots_form"].errors) == [field]
    assert not Slot.objects.exists()


def test_a_manager_calls_a_slot_off_and_pressing_again_does_nothing(manager, service, draft):
    slot = make_slot(service)
    events.book(draft, slot)
    address = f"/desk/sample/services/{service.pk}/slots/end/"

    answers = [manager.post(address, {"slot": slot.pk}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert not Slot.objects.standing().exists()


def test_a_slot_of_another_service_is_not_called_off(manager, service, station):
    other = make_slot(make_service(station, code="talk"))

    manager.post(f"/desk/sample/services/{service.pk}/slots/end/", {"slot": other.pk})

    assert Slot.objects.standing().get() == other


def test_a_service_of_another_station_is_not_under_this_ones_address(manager, station):
    other = make_service(make_station(station.district, slug="other"))

    assert manager.get(f"/desk/sample/services/{other.pk}/").status_code == 404


def test_a_clerk_sees_todays_bookings_and_no_way_to_change(station, service, draft):
    booking = events.book(draft, make_slot(service))
    clerk = signed_in(member(station.district, Role.CLERK, station))

    page = clerk.get("/desk/sample/services/")

    assert list(page.context["bookings"]) == [booking]
    assert not page.context["may_change"]


def test_a_guest_books_and_cancels_on_the_page_of_the_stay(guest, draft, service):
    slot = make_slot(service)

    def shown():
        (offer,) = guest.get(f"/applications/{draft.pk}/").context["services"]
        return len(offer.booked), len(offer.slots)

    before = shown()
    guest.post(f"/applications/{draft.pk}/services/book/", {"slot": slot.pk})
    booked = shown()
    guest.post(f"/applications/{draft.pk}/services/cancel/", {"slot": slot.pk})

    assert [before, booked, shown()] == [(0, 1), (1, 0), (0, 1)]


def test_only_the_slots_of_ones_days_are_offered(guest, draft, service):
    mine = [make_slot(service, starts_at=NOW + n * DAY) for n in (1, 3, 4)][:2]
    make_slot(service, starts_at=NOW - DAY)

    (offer,) = guest.get(f"/applications/{draft.pk}/").context["services"]

    assert offer.slots == mine


def test_what_cannot_be_booked_any_more_is_not_offered(guest, draft, service, station):
    Service.objects.update(uses_per_stay=1)
    events.book(draft, make_slot(service))
    make_slot(service, starts_at=NOW + DAY)

    (offer,) = guest.get(f"/applications/{draft.pk}/").context["services"]

    assert (len(offer.booked), offer.slots) == (1, [])


def test_a_guest_in_house_reads_what_is_not_to_be_had_now(guest, draft, service, station):
    Service.objects.update(opens=dt.time(7), closes=dt.time(9))
    before = guest.get(f"/applications/{draft.pk}/").context["services"]
    events.scan(station, draft.stay.passes.get().short_code)

    page = guest.get(f"/applications/{draft.pk}/")

    assert [one.why_not for one in before] == [""]
    assert page.context["services"][0].why_not in page.content.decode()


def test_a_desk_reads_at_which_hours_a_refused_service_is_given(draft, service, station):
    Service.objects.update(opens=dt.time(7), closes=dt.time(9))
    events.scan(station, draft.stay.passes.get().short_code)
    clerk = signed_in(member(station.district, Role.CLERK, station))
    sent = {"code": draft.reference, "action": "redeem", "service": service.code}

    page = clerk.post("/desk/sample/act/", sent)

    assert "07:00–09:00" in page.context["sentence"]
    assert page.context["services"][0].why_not


def test_before_the_approval_no_service_is_shown(station, service):
    draft = make_draft(make_person(station.district), station)
    events.submit(draft)

    page = signed_in(draft.user).get(f"/applications/{draft.pk}/")

    assert page.context["services"] == []


def test_a_refusal_is_told_and_nothing_is_booked(guest, draft, service):
    slot = make_slot(service, starts_at=NOW + 9 * DAY)
    address = f"/applications/{draft.pk}/services/book/"

    answers = [
        guest.post(address, sent, follow=True) for sent in ({"slot": slot.pk}, {"slot": "x"})
    ]

    assert [len(list(answer.context["messages"])) for answer in answers] == [1, 1]
    assert not Booking.objects.exists()


def test_ones_own_data_has_what_was_booked(guest, draft, service):
    events.book(draft, make_slot(service))

    it_is_me(guest)

    data = guest.get("/me/data.json").json()["services"]

    assert (data["used"], [one["service"] for one in data["booked"]]) == ([], ["示例"])


def test_nobody_books_for_somebody_else(station, service, draft):
    other = signed_in(make_person(station.district).user)
    slot = make_slot(service)
    events.book(draft, slot)

    for act in ("book", "cancel"):
        answer = other.post(f"/applications/{draft.pk}/services/{act}/", {"slot": slot.pk})
        assert answer.status_code == 404

    assert Booking.objects.standing().count() == 1
