"""How often one may knock, from an address and from its network; a normal visitor feels nothing."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client

from bookings.core.limits import count, network, wait_for
from bookings.people.models import User
from station import settings as settings_as_shipped
from tests.factories import NOW, make_district

pytestmark = pytest.mark.django_db
CHECK = "/check/?local=no&has_home=no&degree=bachelor&graduation_date=2025-07-01&purpose=interview"


def knock(address, *, now=NOW):
    return wait_for("pages", address=address, now=now)


@pytest.mark.parametrize(
    ("address", "range_"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
    ],
)
def test_a_network_is_what_an_owner_changes_at_will(address, range_):
    assert network(address) == range_


def test_beyond_the_limit_of_an_address_one_waits_until_the_window_ends(settings):
    settings.LIMITS = {"pages": (60, 2, 0)}
    late = NOW + dt.timedelta(seconds=45)

    waits = [knock("203.0.113.1", now=late) for _ in range(3)]

    assert waits == [0, 0, 15]
    assert knock("203.0.113.2", now=late) == 0
    assert knock("203.0.113.1", now=NOW + dt.timedelta(seconds=60)) == 0


def test_a_network_counts_together(settings):
    settings.LIMITS = {"pages": (60, 0, 2)}

    waits = [knock(f"203.0.113.{last}") for last in (1, 2, 3)]

    assert waits[:2] == [0, 0]
    assert waits[2] > 0
    assert knock("203.0.114.1") == 0


def test_zero_is_no_limit(settings):
    settings.LIMITS = {"pages": (60, 0, 0)}

    assert {knock("203.0.113.1") for _ in range(50)} == {0}


def test_the_cache_in_the_database_keeps_a_days_count_for_the_day(settings, noon):
    settings.CACHES = {"default": settings_as_shipped.CACHES["default"]}
    call_command("createcachetable")
    for _ in range(2):
        count("codes", seconds=24 * 3600, now=NOW)
    later = NOW + dt.timedelta(hours=2)
    noon.move_to(later)

    assert count("codes", seconds=24 * 3600, now=later) == 3


def test_a_visitor_who_tries_thirty_times_a_minute_feels_nothing():
    make_district()
    visitor = Client()

    assert {visitor.get(CHECK).status_code for _ in range(30)} == {200}


@pytest.mark.parametrize(
    ("name", "method", "address"),
    [
        ("pages", "get", CHECK),
        ("codes", "post", "/accounts/login/code/"),
        ("sign-ins", "post", "/accounts/login/"),
        ("sign-ins", "get", "/invitations/forged/"),
    ],
)
def test_beyond_the_limit_the_page_says_when_to_come_back(settings, name, method, address):
    make_district()
    settings.LIMITS = {**settings.LIMITS, name: (3600, 1, 0)}
    visitor = Client()
    getattr(visitor, method)(address)

    told = getattr(visitor, method)(address)

    assert told.status_code == 429
    assert told["Retry-After"] == "3600"
    assert "60" in told.content.decode()


def test_what_the_library_counts_is_told_by_the_same_page(settings):
    make_district()
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    visitor = Client()
    visitor.post("/accounts/login/", {})

    told = visitor.post("/accounts/login/", {})

    assert (told.status_code, told["Retry-After"]) == (429, "300")


# --- very many at once ----------------------------------------------------------------------------


@pytest.fixture
def crowd(settings):
    settings.TOGETHER = dict.fromkeys(settings.TOGETHER, 2)
    make_district()
    come = [Client().get(CHECK, REMOTE_ADDR=f"203.0.{n}.1").status_code for n in range(3)]
    assert come == [200, 200, 429]


def later(noon, seconds):
    noon.move_to(NOW + dt.timedelta(seconds=seconds))


def test_in_a_crowd_one_waits_once_and_goes_on(crowd, client, noon):
    first = client.get(CHECK)
    at_once = client.get(CHECK)
    later(noon, 6)

    assert (first.status_code, first["Refresh"], at_once.status_code) == (429, "6", 429)
    assert [client.get(CHECK).status_code for _ in range(2)] == [200, 200]


def test_who_looks_again_too_soon_does_not_wait_anew(crowd, client, noon):
    client.get(CHECK)
    later(noon, 3)
    client.get(CHECK)
    later(noon, 6)

    assert client.get(CHECK).status_code == 200


@pytest.mark.parametrize("seconds", [4, 601])
def test_a_ticket_too_new_or_too_old_does_not_count(crowd, client, noon, seconds):
    client.get(CHECK)
    ticket = client.cookies["waited"].value
    later(noon, seconds)
    for n in range(3):
        Client().get(CHECK, REMOTE_ADDR=f"203.0.{n}.1")

    assert client.get(CHECK, headers={"Cookie": f"waited={ticket}"}).status_code == 429


def test_a_ticket_is_of_one_network_and_cannot_be_made(crowd, client, noon):
    client.get(CHECK)
    later(noon, 6)

    assert client.get(CHECK, REMOTE_ADDR="198.51.100.1").status_code == 429
    client.cookies["waited"] = "made-up"
    assert client.get(CHECK).status_code == 429


def test_who_is_signed_in_never_waits(crowd, client):
    client.force_login(User.objects.sign_up("+8613900000001"))

    assert client.get(CHECK).status_code == 200


def test_a_form_hands_the_ticket_out_while_it_is_filled_in(crowd, client, noon):
    address = "/accounts/login/code/"
    for n in range(3):
        sent = Client().post(address, {"phone": f"1390000770{n}"}, REMOTE_ADDR=f"203.0.{n}.1")
    assert sent.status_code == 429

    page = client.get(address)
    later(noon, 6)

    assert (page.status_code, client.post(address, {"phone": "13900007709"}).status_code) == (
        200,
        302,
    )


def test_turning_away_asks_the_database_nothing(crowd, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get(CHECK, REMOTE_ADDR="198.51.100.1").status_code == 429
