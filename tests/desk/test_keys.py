"""Keys: given once, to one guest, taken back, and looked for when a guest has left with one."""

import pytest
from django.test import Client

from bookings.core.transitions import StateChanged
from bookings.desk.keys.loans import KeyIsOut, NotInHouse, take_key_back
from bookings.desk.keys.models import KeyLoan
from bookings.people.models import Role
from tests import events
from tests.desk.offline import Desk, scan_of
from tests.desk.test_register import arrive, leave
from tests.events import give_key, reviewer, stay_of
from tests.factories import NOW, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return make_station(make_district(), beds=3)


@pytest.fixture
def desk(station):
    client = Client()
    client.force_login(member(station.district, Role.CLERK, station))
    return client


def back(draft, loan):
    return take_key_back(stay=stay_of(draft), loan=loan.pk, by=reviewer("clerk"), now=NOW)


def test_the_same_press_twice_gives_one_key(station):
    guest = arrive(station)

    assert give_key(guest, "a1") == give_key(guest, " A1 ")


def test_a_key_is_with_one_guest(station):
    give_key(arrive(station))

    with pytest.raises(KeyIsOut) as refused:
        give_key(arrive(station))

    assert refused.value.code == "key_is_out"


def test_another_station_has_a_key_of_the_same_number(station):
    give_key(arrive(station))

    give_key(arrive(make_station(station.district, slug="other")))

    assert KeyLoan.objects.count() == 2


def test_nobody_has_a_key_who_has_not_come(station):
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)

    with pytest.raises(NotInHouse) as refused:
        give_key(draft)

    assert refused.value.code == "not_in_house"


def test_a_key_comes_back_once_and_is_given_again(station):
    guest = arrive(station)
    loan = give_key(guest)

    assert (back(guest, loan), back(guest, loan)) == (True, False)
    assert give_key(arrive(station)) != loan


def test_another_guests_key_is_not_taken_back(station):
    loan = give_key(arrive(station))

    with pytest.raises(StateChanged):
        back(arrive(station), loan)


def test_a_key_does_not_keep_a_guest_from_leaving(station):
    guest = arrive(station)
    give_key(guest)

    leave(guest)

    assert stay_of(guest).status == "left"


def test_the_day_lists_keys_of_those_who_have_left(desk, station):
    here, gone = arrive(station), arrive(station)
    give_key(here, "A1")
    loan = give_key(gone, "A2")
    leave(gone)
    assert list(desk.get("/desk/sample/").context["keys"]) == [loan]

    back(gone, loan)

    assert list(desk.get("/desk/sample/").context["keys"]) == []


def test_the_page_of_a_stay_gives_a_key_and_takes_it_back(desk, station):
    address = f"/desk/sample/stays/{stay_of(arrive(station)).pk}/"
    desk.post(address, {"act": "key", "label": "A1"})
    (loan,) = desk.get(address).context["keys"]

    desk.post(address, {"act": "key_back", "loan": loan.pk})

    assert list(desk.get(address).context["keys"]) == []


def test_a_key_that_is_out_keeps_what_was_typed(desk, station):
    give_key(arrive(station))
    address = f"/desk/sample/stays/{stay_of(arrive(station)).pk}/"

    page = desk.post(address, {"act": "key", "label": "A1"})

    assert page.context["typed"] == "A1"


@pytest.mark.parametrize("sent", [{"act": "key"}, {"act": "key_back", "loan": "9" * 30}])
def test_what_cannot_be_read_is_said(desk, station, sent):
    address = f"/desk/sample/stays/{stay_of(arrive(station)).pk}/"

    assert desk.post(address, sent).status_code == 200


def test_a_scan_before_check_out_says_which_key_to_take_back(desk, station):
    guest = arrive(station)
    give_key(guest, "A1")

    page = desk.post("/desk/sample/scan/", {"code": guest.reference})
    answer = Desk(Client(), station).send(
        "looks", scan_of(stay_of(guest).passes.get().short_code, at=NOW)
    )

    assert "A1" in page.content.decode()
    assert answer.json()["stay"]["keys"] == ["A1"]


def test_a_desk_without_the_network_knows_which_key_to_take_back(station):
    give_key(arrive(station), "A1")

    (stay,) = Desk(Client(), station).get("snapshot").json()["stays"]

    assert stay["keys"] == ["A1"]
