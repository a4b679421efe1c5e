"""The guest's own page: stay longer, leave earlier."""

import datetime as dt

import pytest
from django.test import Client

from bookings.places.models import Closure
from tests import events
from tests.events import stay_of
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def draft():
    station = make_station(make_district())
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)
    return draft


@pytest.fixture
def guest(draft):
    client = Client()
    client.force_login(draft.user)
    return client


def page(guest, draft):
    return guest.get(f"/applications/{draft.pk}/")


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_the_page_offers_the_nights_that_are_left_and_the_days_before(guest, draft):
    room = page(guest, draft).context["room"]

    assert [nights for nights, _ in room.longer] == [1, 2, 3, 4]
    assert room.earlier == [TODAY + DAY, TODAY + 2 * DAY]


def test_a_stay_longer_is_answered_at_once(guest, draft):
    sent = {"nights": 2, "seen": TODAY + 3 * DAY}

    for _ in range(2):
        answer = guest.post(f"/applications/{draft.pk}/extend/", sent, follow=True)

    assert said(answer) == ["已更改。您的住宿到2026年11月28日为止。"]
    assert stay_of(draft).nights == 5


def test_why_not_is_told(guest, draft):
    room = draft.station.rooms.get()
    Closure.objects.create(
        room=room, first_night=TODAY + 3 * DAY, until=TODAY + 9 * DAY, reason="x"
    )
    sent = {"nights": 2, "seen": TODAY + 3 * DAY}

    answer = guest.post(f"/applications/{draft.pk}/extend/", sent, follow=True)

    assert said(answer) == ["驿站自2026年11月26日起没有空床位。"]


def test_a_guest_moves_to_no_other_bed_by_a_forged_field(guest, draft):
    events.scan(draft.station, stay_of(draft).passes.get().short_code)
    room = draft.station.rooms.get()
    room.beds.create(name="other")
    Closure.objects.create(
        bed=room.beds.order_by("pk")[0],
        first_night=TODAY + 3 * DAY,
        until=TODAY + 9 * DAY,
        reason="x",
    )
    sent = {"nights": 2, "seen": TODAY + 3 * DAY, "move_if_needed": "on"}

    answer = guest.post(f"/applications/{draft.pk}/extend/", sent, follow=True)

    assert draft.station.phone in said(answer)[0]
    assert stay_of(draft).nights == 3


def test_the_last_nights_are_given_back(guest, draft):
    sent = {"departure": TODAY + DAY}

    guest.post(f"/applications/{draft.pk}/shorten/", sent)

    assert stay_of(draft).nights == 1


@pytest.mark.parametrize("act", ["extend", "shorten"])
def test_nonsense_changes_nothing(guest, draft, act):
    answer = guest.post(f"/applications/{draft.pk}/{act}/", {"nights": "many"}, follow=True)

    assert said(answer) == ["请选择本页列出的日期。"]
    assert stay_of(draft).nights == 3


def test_a_stay_that_is_over_offers_nothing(guest, draft):
    events.give_up(draft, now=NOW + DAY)

    assert page(guest, draft).context["room"] is None
