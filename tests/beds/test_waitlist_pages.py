"""The waitlist's pages: joining where one signs, answering an offer, being told when."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client

from bookings import journey, tasks
from bookings.applications.models import Application
from bookings.beds.waitlist.models import Alert, Wait
from bookings.messages.models import Message
from bookings.people.models import Role
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SOON = TODAY + 5 * DAY
SIGNED = {"committed": "on", "signature": "测试甲"}


def in_english():
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def station():
    return make_station(make_district())


@pytest.fixture
def guest(station):
    """Has the only bed."""
    draft = make_draft(make_person(station.district), station, arrival=SOON)
    events.submit(draft)
    return draft


@pytest.fixture
def draft(station, guest):
    return make_draft(make_person(station.district), station, arrival=SOON)


@pytest.fixture
def theirs(draft):
    client = in_english()
    client.force_login(draft.user)
    return client


def wait_fields(station, *, until=SOON):
    return {"wait": "1", "wait-last_arrival": until.isoformat(), "wait-stations": [station.pk]}


def body(response):
    return response.content.decode()


def test_a_full_house_offers_to_wait_and_one_more_press_does(theirs, station, draft):
    full = theirs.post("/apply/check/", SIGNED)
    assert "Sign and join the waitlist" in body(full)

    joined = theirs.post("/apply/check/", {**SIGNED, **wait_fields(station)}, follow=True)

    assert "You are on the waitlist" in body(joined)
    assert "Place <b>1</b>" in body(joined)
    assert events.own(draft).stay.status == "waitlisted"


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (SOON - DAY, "This is before the day of arrival you chose."),
        (TODAY + 90 * DAY, "Nobody can book that far ahead."),
    ],
)
def test_a_day_that_cannot_be_is_told_and_nothing_typed_is_lost(
    theirs, station, draft, until, sentence
):
    answer = theirs.post("/apply/check/", {**SIGNED, **wait_fields(station, until=until)})

    assert sentence in body(answer)
    assert 'value="测试甲"' in body(answer)
    assert events.own(draft).status == "draft"


def test_a_station_of_another_district_is_no_choice(theirs, draft):
    far = make_station(make_district("370829"), slug="far")

    answer = theirs.post("/apply/check/", {**SIGNED, **wait_fields(far)})

    assert answer.status_code == 200
    assert not Wait.objects.exists()


def offered(draft, guest, station):
    events.wait(draft)
    events.withdraw(guest)
    journey.serve(station=station, now=NOW)


def test_an_offer_is_taken_with_one_press_and_the_second_press_is_told(
    theirs, station, draft, guest
):
    offered(draft, guest, station)
    page = f"/applications/{draft.pk}/"
    assert "A bed is free for you" in body(theirs.get(page))
    shown = {"offer": events.offer_of(draft).pk}

    first, second = (theirs.post(f"{page}offer/take/", shown, follow=True) for _ in range(2))

    assert "The bed is yours." in body(first)
    assert "changed a moment ago" in body(second)
    assert events.own(draft).stay.status == "requested"


def test_a_declined_offer_asks_whether_one_waits_on(theirs, station, draft, guest):
    offered(draft, guest, station)
    page = f"/applications/{draft.pk}/"

    declined = theirs.post(
        f"{page}offer/decline/", {"offer": events.offer_of(draft).pk}, follow=True
    )
    assert "Do you still want to wait?" in body(declined)
    again = theirs.post(f"{page}wait-on/", follow=True)

    assert "You are on the waitlist again." in body(again)


def test_an_offer_that_has_ended_says_what_to_do(theirs, station, draft, guest, noon):
    offered(draft, guest, station)
    noon.move_to(events.offer_of(draft).expires_at)

    late = theirs.post(
        f"/applications/{draft.pk}/offer/take/", {"offer": events.offer_of(draft).pk}, follow=True
    )

    assert "press “Wait on”" in body(late)


def test_nobody_answers_anothers_offer(station, draft, guest):
    offered(draft, guest, station)
    stranger = Client()
    stranger.force_login(guest.user)

    for act in ("offer/take/", "offer/decline/", "wait-on/"):
        assert stranger.post(f"/applications/{draft.pk}/{act}").status_code == 404


def test_one_leaves_the_waitlist(theirs, draft):
    events.wait(draft)

    theirs.post(f"/applications/{draft.pk}/withdraw/")

    assert Wait.objects.get().status == "left"


def test_staff_see_who_waits_in_their_district_only(station, draft):
    events.wait(draft)
    other = make_district("370829")
    make_station(other, slug="far")
    seen = []
    for district in (station.district, other):
        client = in_english()
        client.force_login(member(district, Role.MANAGER))
        seen.append(draft.reference in body(client.get("/waitlist/")))

    assert seen == [True, False]


# --- tell me when --------------------------------------------------------------------------------


def ask(theirs, station, *, nights=2, first=SOON, last=SOON + DAY):
    return theirs.post(
        "/alerts/",
        {
            "nights": nights,
            "first_arrival": first.isoformat(),
            "last_arrival": last.isoformat(),
            "stations": [station.pk],
        },
        follow=True,
    )


def test_who_asked_is_told_once_when_nights_come_free(theirs, station, guest):
    ask(theirs, station)
    tasks.run_waitlist()
    assert not Message.objects.filter(key__startswith="alert:").exists()

    events.withdraw(guest)
    tasks.run_waitlist()
    tasks.run_waitlist()

    assert Message.objects.filter(key__startswith="alert:").count() == 1
    assert Alert.objects.get().told_at is not None


def test_asking_again_replaces_what_was_asked(theirs, station):
    ask(theirs, station, nights=2)
    ask(theirs, station, nights=3)

    assert Alert.objects.get().nights == 3


def test_an_alert_is_shown_and_forgotten(theirs, station):
    assert "We tell you when nights are free" in body(ask(theirs, station))

    theirs.post(f"/alerts/{Alert.objects.get().pk}/forget/")

    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"first": TODAY - DAY}, "This day is over."),
        ({"last": TODAY + 90 * DAY}, "Nobody can book that far ahead."),
        ({"first": SOON + DAY, "last": SOON}, "The last day is before the first."),
        ({"nights": 0}, "greater than or equal to 1"),
    ],
)
def test_days_that_cannot_be_are_told(theirs, station, change, sentence):
    assert sentence in body(ask(theirs, station, **change))
    assert not Alert.objects.exists()


def test_a_draft_without_a_person_cannot_ask_yet(station):
    client = Client()
    client.force_login(make_person(station.district).user)
    Application.objects.all().delete()

    assert client.get("/alerts/").status_code == 200
