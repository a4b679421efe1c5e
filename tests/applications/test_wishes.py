"""What a bed must have, a friend's room, and the day for which somebody comes."""

import datetime as dt

import pytest
from django.test import Client

from bookings.applications.models import Application
from bookings.core.short_code import in_two
from tests import events
from tests.events import own
from tests.factories import TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return make_station(make_district(), beds=4)


@pytest.fixture
def draft(station):
    return make_draft(make_person(station.district), station)


def sent(station, **who):
    """A friend's application, sent. Its code."""
    friend = make_draft(make_person(station.district, **who), station)
    events.submit(friend)
    return own(friend)


def wishes(draft, **fields):
    client = Client()
    client.force_login(draft.user)
    wish = {"station": draft.station_id, "arrival": TODAY, "nights": 3, **fields}
    return client.post("/apply/stay/", wish)


def purpose(draft, **fields):
    client = Client()
    client.force_login(draft.user)
    return client.post("/apply/purpose/", {"purpose": "interview", **fields})


def test_what_a_bed_must_have_is_kept_and_shown_before_one_signs(draft):
    wishes(draft, needs=["lower_bunk", "accessible"])

    client = Client()
    client.force_login(draft.user)
    assert own(draft).needs == ["lower_bunk", "accessible"]
    assert "能坐轮椅" in client.get("/apply/check/").content.decode()


@pytest.mark.parametrize(("days", "hinted"), [(0, False), (3, False), (4, True), (None, False)])
def test_a_day_one_comes_for_outside_the_nights_is_a_hint_and_no_error(draft, days, hinted):
    day = None if days is None else TODAY + dt.timedelta(days=days)
    purpose(draft, needed_on=day or "")
    client = Client()
    client.force_login(draft.user)

    onward = wishes(draft)

    assert onward.url == "/apply/papers/"
    for step in ("papers", "check"):
        page = client.get(f"/apply/{step}/").content.decode()
        assert ("不在所选入住日期内" in page) == hinted


def test_a_need_that_we_do_not_know_is_told(draft):
    page = wishes(draft, needs=["sea_view"])

    assert list(page.context["form"].errors) == ["needs"]


def test_a_code_is_given_once_an_application_is_sent_and_shown_on_its_page(station):
    friend = sent(station)

    client = Client()
    client.force_login(friend.user)
    page = client.get(f"/applications/{friend.pk}/").content.decode()
    assert in_two(friend.friend_code) in page


def test_a_friend_is_found_by_the_code_as_people_type_it(draft, station):
    friend = sent(station)

    wishes(draft, friend=in_two(friend.friend_code).lower())

    assert own(draft).friend == friend


def test_without_a_code_there_is_no_friend_any_more(draft, station):
    Application.objects.filter(pk=draft.pk).update(friend=sent(station))

    wishes(draft, friend="")

    assert own(draft).friend is None


def elsewhere():
    return sent(make_station(make_district("370829"), slug="far")).friend_code


CODES = {
    "nobody's": lambda station: "ABCD-EFGH",
    "no code at all": lambda station: "室友",
    "another district's": lambda station: elsewhere(),
    "another sex's": lambda station: sent(station, sex="men").friend_code,
    "withdrawn": lambda station: withdrawn(station),
    "gone": lambda station: gone(station),
}


def withdrawn(station):
    friend = sent(station)
    events.withdraw(friend)
    return friend.friend_code


def gone(station):
    friend = sent(station)
    code = events.approve(friend).short_code
    events.scan(station, code)
    events.scan(station, code, "leave", nonce="nonce-2")
    return friend.friend_code


@pytest.mark.parametrize("whose", CODES)
def test_codes_that_do_not_help_all_read_alike_and_what_was_typed_stays(draft, station, whose):
    code = CODES[whose](station)

    page = wishes(draft, friend=code, needs=["lower_bunk"])

    form = page.context["form"]
    assert [error.code for error in form.errors.as_data()["friend"]] == [None]
    assert form.errors["friend"][0].startswith("目前没有可与您同住的人使用该口令")
    assert (form["friend"].value(), own(draft).friend) == (code, None)


def test_ones_own_code_is_told_apart(draft, station):
    events.submit(draft)
    again = make_draft(draft.graduate, station)

    page = wishes(again, friend=own(draft).friend_code)

    assert page.context["form"].errors["friend"][0].startswith("这是您自己的口令")


def test_the_day_one_comes_for_is_kept(draft):
    purpose(draft, needed_on="2026-11-25")

    assert str(own(draft).needed_on) == "2026-11-25"


def test_a_day_that_is_over_is_told(draft):
    page = purpose(draft, needed_on="2026-11-22")

    assert list(page.context["form"].errors) == ["needed_on"]


def test_who_is_forgotten_has_no_needs_and_no_code_left(draft, station):
    friend = sent(station)
    Application.objects.filter(pk=friend.pk).update(needs=["accessible"])
    Application.objects.filter(pk=draft.pk).update(friend=friend)
    events.withdraw(friend)

    events.forget(friend.graduate)

    assert (own(friend).needs, own(friend).friend_code, own(draft).friend) == ([], None, None)
