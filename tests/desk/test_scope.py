"""A desk works with its own station's guests, by page and by program, whatever it sends."""

import json
from copy import deepcopy

import pytest
from django.test import Client

from bookings.desk.models import Scan, Service
from tests.factories import NOW
from tests.people.houses import ask, client, three_houses

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(once):
    return once(three_houses)


@pytest.fixture
def houses(made):
    return deepcopy(made)


SCANS = [
    # who, station named, whose code: status, reason, whether the stay is shown
    ("clerk", "", "mine", 200, "too_early_today", True),
    ("clerk", "", "next", 200, "wrong_station", False),
    ("clerk", "", "far", 200, "wrong_station", False),
    ("clerk", "next", "next", 404, None, False),
    ("clerk of two", "next", "mine", 200, "wrong_station", False),
    ("clerk of two", "next", "next", 200, "too_early_today", True),
    ("clerk sent too far", "far", "far", 404, None, False),
    ("clerk of none", "", "mine", 404, None, False),
    ("manager", "next", "next", 200, "too_early_today", True),
    ("manager far away", "mine", "mine", 404, None, False),
    ("manager far away", "", "mine", 200, "wrong_station", False),
    ("reviewer", "mine", "mine", 403, None, False),
    ("observer", "mine", "mine", 403, None, False),
    ("deactivated", "mine", "mine", 403, None, False),
    ("guest", "mine", "mine", 403, None, False),
]


def send(user, code, **more):
    sent = {"code": code, "nonce": "n-1", "action": "arrive", "at": NOW.isoformat(), **more}
    return client(user).post("/api/desk/scans", json.dumps(sent), "application/json")


@pytest.mark.parametrize(("who", "station", "whose", "status", "reason", "shown"), SCANS)
def test_a_program_arrives_guests_of_its_own_station(
    houses, who, station, whose, status, reason, shown
):
    house = getattr(houses, whose)

    answer = send(houses.who[who], house.code, station=station)

    assert answer.status_code == status
    assert answer.json().get("reason") == reason
    assert bool(answer.json().get("stay")) == shown
    house.coming.refresh_from_db()
    assert house.coming.status == ("arrived" if shown else "promised")


def test_a_number_of_another_device_does_not_open_what_it_got(houses):
    mine = houses.mine
    send(houses.who["clerk"], mine.code)

    again = send(houses.who["clerk"], mine.code).json()
    other = send(houses.who["manager"], mine.code, station="mine").json()
    elsewhere = send(houses.who["clerk next door"], mine.code).json()

    reasons = [answer["reason"] for answer in (again, other, elsewhere)]
    assert reasons == ["too_early_today", "already_arrived", "wrong_station"]


def test_a_number_of_another_clerks_page_does_not_open_what_it_got(houses):
    sent = {"code": houses.mine.code, "nonce": "n-1"}

    here = ask(houses, "clerk", "post", "/desk/mine/scan/", sent)
    elsewhere = ask(houses, "clerk next door", "post", "/desk/next/scan/", sent)

    reasons = [page.context["scan"].reason for page in (here, elsewhere)]
    assert reasons == ["too_early_today", "wrong_station"]


def test_a_session_alone_sends_no_scan_from_another_site(houses):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(houses.who["clerk"])

    answer = strict.post("/api/desk/scans", "{}", "application/json")

    assert answer.status_code == 403


def test_a_number_sent_again_from_a_second_station_shows_no_stay_of_the_first(houses):
    two = houses.who["clerk of two"]
    first = send(two, houses.mine.code, station="mine").json()

    second = send(two, houses.mine.code, station="next").json()

    shown = first["stay"]
    assert (shown["reference"], shown["guest"]) == (houses.mine.expected.reference, "测**")
    assert second["stay"] is None


def test_the_desk_offers_the_services_of_its_own_station(houses):
    own, _other = (
        Service.objects.create(station=house.station, code="breakfast")
        for house in (houses.mine, houses.next)
    )

    page = ask(houses, "clerk", "post", "/desk/mine/scan/", {"code": houses.mine.inside_code})

    assert [one.service for one in page.context["services"]] == [own]


def test_whoever_has_a_code_shown_is_named_in_the_scan(houses):
    clerk, manager = houses.who["clerk"], houses.who["manager"]

    ask(houses, "clerk", "post", "/desk/mine/scan/", {"code": houses.mine.inside_code})
    send(manager, houses.mine.inside_code, station="mine")

    newest = Scan.objects.order_by("-pk").values_list("by", "stay", "station")[:2]
    stay = houses.mine.stay
    assert list(newest) == [(one.pk, stay.pk, stay.station_id) for one in (manager, clerk)]
