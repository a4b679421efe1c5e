"""No page asks the database more as its list grows."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.people.models import Role
from bookings.retention.models import FollowUp
from tests import events
from tests.factories import NOW, make_channel, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db


def one_more(station):
    """A guest in the house with a question due, one expected, one in review."""
    inside, expected, waiting = (
        make_draft(make_person(station.district), station) for _ in range(3)
    )
    code = events.promise(inside).short_code
    events.scan(station, code, nonce=code)
    FollowUp.objects.create(stay=inside.stay, horizon=30, due_on=NOW.date())
    events.promise(expected)
    events.submit(waiting)
    return inside


@pytest.fixture
def station():
    return make_station(make_district(), beds=9)


def one_more_waits(station):
    """Somebody on the waitlist."""
    draft = make_draft(make_person(station.district), station, nights=7)
    events.wait(draft)
    return draft


def test_the_waitlist_asks_as_much_for_three_as_for_one(station):
    full = make_station(station.district, slug="full", beds=1)
    manager = member(station.district, Role.MANAGER)
    events.promise(make_draft(make_person(station.district), full))
    one_more_waits(full)
    for_one = queries(manager, "/waitlist/")

    one_more_waits(full)
    one_more_waits(full)

    assert queries(manager, "/waitlist/") == for_one


def queries(user, address):
    client = Client()
    if user:
        client.force_login(user)
    client.get(address)  # what is only asked once
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    "address",
    [
        "/review/",
        "/desk/",
        "/desk/sample/",
        "/board/",
        "/board/sample/",
        "/board/sample/closures/",
        "/follow-ups/",
        "/statistics/",
        "/statistics.xlsx",
        "/statistics/retention/",
        "/statistics/retention/?by=channel",
        "/statistics/nights/",
        "/statistics/decisions/",
        "/statistics/rows/?of=applied",
    ],
)
def test_a_staff_page_asks_as_much_for_three_as_for_one(station, address):
    make_station(station.district, slug="second")
    manager = member(station.district, Role.MANAGER)
    one_more(station)
    for_one = queries(manager, address)

    one_more(station)
    one_more(station)

    assert queries(manager, address) == for_one


def test_the_partners_ask_as_much_for_three_as_for_one(station):
    manager = member(station.district, Role.MANAGER)
    make_channel(station.district)
    for_one = queries(manager, "/channels/")

    make_channel(station.district, code="TEST0002", name="样例大学")
    make_channel(station.district, code="TEST0003", name="演示大学")

    assert queries(manager, "/channels/") == for_one


@pytest.mark.parametrize("address", ["/", "/dev/outbox/"])
def test_an_open_page_asks_as_much_for_three_as_for_one(station, address):
    one_more(station)
    for_one = queries(None, address)

    one_more(station)
    make_station(station.district, slug="second")
    make_station(station.district, slug="third")

    assert queries(None, address) == for_one


def test_ones_own_list_asks_as_much_for_three_as_for_one(station):
    person = make_person(station.district)
    events.submit(make_draft(person, station, nights=1))
    for_one = queries(person.user, "/me/")

    for _ in range(2):
        events.withdraw(person.user.applications.latest("pk"))
        events.submit(make_draft(person, station, nights=1))

    assert queries(person.user, "/me/") == for_one


def test_the_nights_ask_as_much_for_three_stations_as_for_one(station):
    draft = make_draft(make_person(station.district), station)
    for_one = queries(draft.user, "/apply/stay/")

    make_station(station.district, slug="second")
    make_station(station.district, slug="third")

    assert queries(draft.user, "/apply/stay/") == for_one


def test_an_application_asks_as_much_for_three_papers_as_for_one(station):
    draft = make_draft(make_person(station.district), station)
    events.submit(draft)
    address = f"/applications/{draft.pk}/"
    for_one = queries(draft.user, address)

    for kind in ("contract", "other"):
        draft.evidence.create(kind=kind, size=1, sha256=kind, uploaded_at=NOW)

    assert queries(draft.user, address) == for_one
