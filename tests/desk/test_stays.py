"""One stay at the desk: longer, shorter, later, and a no-show undone."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from bookings.people.models import Role
from bookings.places.models import Closure
from tests import events
from tests.events import stay_of
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
EVENING = NOW + dt.timedelta(hours=11)


@pytest.fixture
def station():
    return make_station(make_district(), beds=2)


@pytest.fixture
def desk(station):
    client = Client()
    client.force_login(member(station.district, Role.CLERK, station))
    return client


@pytest.fixture
def draft(station):
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)
    return draft


@pytest.fixture
def here(draft, station):
    events.scan(station, stay_of(draft).passes.get().short_code)
    return draft


def do(desk, draft, act, **sent):
    address = f"/desk/sample/stays/{stay_of(draft).pk}/"
    return desk.post(address, {"act": act, **sent})


def last_bed(draft):
    return stay_of(draft).bed_nights.latest("night").bed


def test_the_desk_extends_a_stay(desk, here):
    answer = do(desk, here, "extend", nights=2, seen=TODAY + 3 * DAY)

    assert (answer.status_code, stay_of(here).nights) == (302, 5)


def test_where_the_bed_is_gone_the_desk_may_move_the_guest(desk, here):
    bed = last_bed(here)
    Closure.objects.create(bed=bed, first_night=TODAY + 3 * DAY, until=TODAY + 9 * DAY, reason="x")

    page = do(desk, here, "extend", nights=2, seen=TODAY + 3 * DAY)
    sent = page.context["offer"]["sent"]
    desk.post(f"/desk/sample/stays/{stay_of(here).pk}/", sent)

    assert stay_of(here).nights == 5
    assert last_bed(here) != bed


def test_the_desk_shortens_a_stay(desk, here):
    do(desk, here, "shorten", departure=TODAY + DAY)

    assert stay_of(here).nights == 1


def test_the_desk_keeps_a_bed_until_later(desk, draft):
    page = desk.get(f"/desk/sample/stays/{stay_of(draft).pk}/")
    value, hour = page.context["hours"][1]

    do(desk, draft, "later", until=value)

    assert stay_of(draft).cutoff_at == hour


@pytest.mark.parametrize("act", ["extend", "shorten", "later"])
def test_nonsense_changes_nothing(desk, draft, act):
    page = do(desk, draft, act, until="soon", nights="many", departure="never")

    assert page.status_code == 200
    assert (stay_of(draft).nights, stay_of(draft).status) == (3, "promised")


def test_who_did_not_come_is_listed_for_two_days_and_undone_with_one_press(desk, draft):
    events.give_up(draft, now=EVENING)
    for moment, count in ((EVENING, 1), (NOW + DAY, 1), (NOW + 2 * DAY, 0)):
        with time_machine.travel(moment):
            assert len(desk.get("/desk/sample/").context["no_shows"]) == count

    with time_machine.travel(EVENING):
        do(desk, draft, "undo")

    assert stay_of(draft).status == "promised"


def test_where_a_no_show_cannot_have_all_nights_the_desk_is_offered_fewer(desk, draft, station):
    events.give_up(draft, now=EVENING)
    for _ in range(2):
        events.promise(make_draft(make_person(station.district), station, arrival=TODAY + DAY))

    with time_machine.travel(EVENING):
        page = do(desk, draft, "undo")
        desk.post(f"/desk/sample/stays/{stay_of(draft).pk}/", page.context["offer"]["sent"])

    assert (stay_of(draft).status, stay_of(draft).nights) == ("promised", 1)


def test_a_check_out_by_mistake_is_undone_with_one_press(desk, here):
    with time_machine.travel(EVENING):
        events.leave(here, at=EVENING)
        (listed,) = desk.get("/desk/sample/").context["departed"]
        page = desk.get(f"/desk/sample/stays/{listed.pk}/")
        do(desk, here, "undo_leave")

    assert page.context["may_undo_leave"]
    assert stay_of(here).status == "arrived"


def test_the_day_after_the_page_offers_no_undoing_and_the_press_says_why(desk, here):
    with time_machine.travel(EVENING):
        events.leave(here, at=EVENING)
    with time_machine.travel(EVENING + DAY):
        page = do(desk, here, "undo_leave")

    assert not page.context["may_undo_leave"]
    assert stay_of(here).status == "left"


def test_who_left_early_has_slept_some_nights_and_given_back_the_rest(desk, here):
    with time_machine.travel(NOW + DAY):
        events.leave(here, at=NOW + DAY)
    stay = stay_of(here)

    page = desk.get(f"/desk/sample/stays/{stay.pk}/").content.decode()

    guest = Client()
    guest.force_login(here.user)

    assert (stay.nights_slept, stay.nights_given_back) == (1, 2)
    for shown in (
        page,
        *(guest.get(at).content.decode() for at in ("/me/", f"/applications/{here.pk}/")),
    ):
        assert "2026年11月23日 – 2026年11月24日 · 1 晚" in shown


def test_what_the_bed_must_have_is_on_the_card(desk, draft):
    draft.__class__.objects.filter(pk=draft.pk).update(needs=["ground_floor"])

    page = desk.get(f"/desk/sample/stays/{stay_of(draft).pk}/")

    assert "一楼" in page.content.decode()


def test_the_page_of_a_stay_gives_a_service_and_checks_out(desk, here, station):
    station.services.create(code="breakfast", name_zh="早餐", name_en="Breakfast")
    page = desk.get(f"/desk/sample/stays/{stay_of(here).pk}/")
    sent = {"code": here.reference, "nonce": page.context["nonce"]}

    with time_machine.travel(EVENING):
        desk.post("/desk/sample/act/", {**sent, "action": "redeem", "service": "breakfast"})
        desk.post("/desk/sample/act/", {**sent, "nonce": "2", "action": "leave"})

    assert "早餐" in page.content.decode()
    assert (stay_of(here).redemptions.count(), stay_of(here).status) == (1, "left")


@pytest.mark.parametrize(("days", "asked"), [(0, True), (9, False)])
def test_who_leaves_before_the_end_is_checked_out_after_a_question(desk, here, days, asked):
    with time_machine.travel(NOW + days * DAY):
        page = desk.get(f"/desk/sample/stays/{stay_of(here).pk}/").content.decode()

    form = page.split('id="leave"')[1].split("</form>")[0]
    assert ("required" in form) == asked


def test_who_is_not_in_the_house_is_offered_no_check_out(desk, draft):
    page = desk.get(f"/desk/sample/stays/{stay_of(draft).pk}/")

    assert (page.context["due"], list(page.context["services"])) == ("", [])


def test_who_is_expected_is_checked_in_from_the_page_of_the_stay(desk, draft):
    page = desk.get(f"/desk/sample/stays/{stay_of(draft).pk}/").content.decode()
    shown = desk.post("/desk/sample/scan/", {"code": draft.reference})

    assert f'name="code" value="{draft.reference}"' in page
    assert shown.context["due"] == "arrive"
