"""The register's pages: what they show, what they refuse, whose they are."""

import pytest
from django.test import Client

from bookings.desk.register.models import RegisterBatch
from bookings.people.models import Role
from tests import events
from tests.desk.test_register import arrive, from_abroad, leave, refuse, state
from tests.events import make_batch, registration_of, send_by_hand
from tests.factories import make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db
PAGE = "/desk/sample/register/"


@pytest.fixture
def station():
    return make_station(make_district(), beds=4)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(station):
    return client_of(member(station.district, Role.CLERK, station))


def do(desk, act, *drafts, **more):
    chosen = [registration_of(one).pk for one in drafts]
    return desk.post(PAGE, {"act": act, "chosen": chosen, **more})


def test_the_page_shows_who_is_to_be_sent_masked(desk, station):
    guest = arrive(station)

    page = desk.get(PAGE)

    assert list(page.context["page"]) == [registration_of(guest)]
    assert guest.graduate.doc_number not in page.content.decode()
    assert guest.graduate.name not in page.content.decode()


def test_who_is_in_a_file_already_is_not_ticked_again(desk, station):
    packed, new = arrive(station), arrive(station)
    make_batch(packed)

    page = desk.get(PAGE, {"list": "to_send"}).content.decode()

    assert f'value="{registration_of(new).pk}" checked' in page
    assert f'value="{registration_of(packed).pk}">' in page


@pytest.mark.parametrize("tab", ["incomplete", "to_send", "sent", "refused", "gone", "confirmed"])
def test_every_tab_opens(desk, station, tab):
    sent, refused = arrive(station), arrive(station)
    send_by_hand(sent, refused)
    refuse(refused)
    leave(sent)
    from_abroad(station)

    counts = {name: count for name, _, count in desk.get(PAGE).context["tabs"]}

    shown = desk.get(PAGE, {"list": tab}).context["page"]
    assert counts == {
        "incomplete": 1,
        "to_send": 0,
        "sent": 1,
        "refused": 1,
        "gone": 1,
        "confirmed": 0,
    }
    assert len(shown) == counts[tab]


def test_an_unknown_tab_is_the_first(desk):
    assert desk.get(PAGE, {"list": "nonsense"}).context["shown"] == "to_send"


def test_the_most_urgent_stand_first(desk, station):
    later, sooner = from_abroad(station), arrive(station)
    registration = registration_of(later)
    type(registration).objects.filter(pk=registration.pk).update(state="to_send")

    shown = list(desk.get(PAGE).context["page"])

    assert shown == [registration_of(sooner), registration_of(later)]


def test_from_the_tick_to_the_mark(desk, station):
    guest = arrive(station)

    do(desk, "export", guest)
    address = f"{PAGE}batches/{RegisterBatch.objects.get().pk}/"
    file = desk.post(address, {"act": "download"})
    desk.post(address, {"act": "sent"})

    assert file["Content-Disposition"].endswith('.xlsx"')
    assert "no-store" in file["Cache-Control"]
    assert state(guest) == "sent"


def test_the_file_is_in_the_districts_format(desk, station):
    guest = arrive(station)
    type(station.district).objects.update(register_format="gbk_csv")

    do(desk, "export", guest)
    address = f"{PAGE}batches/{RegisterBatch.objects.get().pk}/"

    text = desk.post(address, {"act": "download"}).content.decode("gb18030")
    assert guest.graduate.doc_number in text


def test_what_was_typed_in_has_no_file(desk, station):
    guest = arrive(station)

    do(desk, "by_hand", guest)

    address = f"{PAGE}batches/{RegisterBatch.objects.get().pk}/"
    assert desk.post(address, {"act": "download"}).status_code == 400
    assert state(guest) == "sent"


def test_a_mark_without_a_download_is_refused_and_said(desk, station):
    guest = arrive(station)
    batch = make_batch(guest)

    desk.post(f"{PAGE}batches/{batch.pk}/", {"act": "sent"})

    assert state(guest) == "to_send"


def test_confirmed_with_a_receipt(desk, station):
    guest = arrive(station)
    send_by_hand(guest)

    do(desk, "confirm", guest, reference="R-1")

    assert (state(guest), registration_of(guest).reference) == ("confirmed", "R-1")


def test_not_taken_needs_a_reason_and_keeps_the_ticks(desk, station):
    guest = arrive(station)
    send_by_hand(guest)

    page = do(desk, "refuse", guest, reference="R-1")

    assert list(page.context["form"].errors) == ["reason"]
    assert page.context["ticked"] == {str(registration_of(guest).pk)}
    assert state(guest) == "sent"


@pytest.mark.parametrize("act", ["export", "by_hand", "confirm"])
def test_nobody_ticked_is_said(desk, station, act):
    arrive(station)

    assert do(desk, act).context["form"].non_field_errors()


@pytest.mark.parametrize("pk", ["999999", "x", "9" * 40])
def test_a_guest_who_is_not_there_is_said(desk, station, pk):
    arrive(station)

    page = desk.post(PAGE, {"act": "export", "chosen": [pk]})

    assert page.status_code == 200 and page.context["form"].errors


def test_another_stations_guests_cannot_be_ticked(station):
    other = make_station(station.district, slug="other")
    there = arrive(other)
    desk = client_of(member(station.district, Role.CLERK, station))

    page = do(desk, "by_hand", there)

    assert page.context["form"].non_field_errors()
    assert state(there) == "to_send"


def test_another_stations_batch_and_guest_are_not_there(station):
    other = make_station(station.district, slug="other")
    there = arrive(other)
    batch = make_batch(there)
    desk = client_of(member(station.district, Role.CLERK, station))

    for what in (f"batches/{batch.pk}/", f"{registration_of(there).pk}/"):
        assert desk.post(PAGE + what, {"act": "download"}).status_code == 404


def test_the_desk_fills_in_a_nationality(desk, station):
    guest = from_abroad(station)

    desk.post(f"{PAGE}{registration_of(guest).pk}/", {"nationality": "rus"})

    assert registration_of(guest).stay.graduate.nationality == "RUS"
    assert state(guest) == "to_send"


@pytest.mark.parametrize("told", ["", "R1", "RU", "俄罗斯"])
def test_a_nationality_is_three_letters(desk, station, told):
    guest = from_abroad(station)

    page = desk.post(f"{PAGE}{registration_of(guest).pk}/", {"nationality": told, "address": "x"})

    assert list(page.context["form"].errors) == ["nationality"]
    assert state(guest) == "incomplete"


def test_what_was_sent_meanwhile_is_said(desk, station):
    guest = arrive(station)
    send_by_hand(guest)

    page = desk.post(f"{PAGE}{registration_of(guest).pk}/", {"address": "示例路1号"})

    assert page.status_code == 200 and state(guest) == "sent"


def test_the_day_links_to_the_register(desk, station):
    arrive(station)

    page = desk.get("/desk/sample/")

    assert page.context["register"] == {"to_do": 1, "overdue": 0}
    assert PAGE in page.content.decode()


def test_who_was_forgotten_stands_in_no_list(desk, station):
    guest = arrive(station)
    leave(guest)
    events.forget(guest.graduate)

    assert list(desk.get(PAGE).context["page"]) == []


def test_who_has_not_come_is_not_in_it(desk, station):
    events.promise(make_draft(make_person(station.district), station))

    assert list(desk.get(PAGE).context["page"]) == []


def test_it_opens_where_something_is_to_be_done(desk, station):
    assert desk.get(PAGE).context["shown"] == "to_send"

    from_abroad(station)

    assert desk.get(PAGE).context["shown"] == "incomplete"
