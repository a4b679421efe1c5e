"""What was told without the network and does not hold is kept until somebody settles it."""

import datetime as dt

import pytest

from bookings import journey
from bookings.beds.allocate import bed_of
from bookings.beds.models import Stay
from bookings.core.transitions import StateChanged
from bookings.desk.conflicts.models import BED_DIFFERS, Conflict
from bookings.desk.models import Scan
from bookings.invariants import breaches
from bookings.journey import ClauseFails, NoSuchBed, NothingFree, NotThatWay
from bookings.people.models import Role
from bookings.places.models import Bed
from tests import events
from tests.desk.offline import told_offline
from tests.events import AFTERNOON, settle
from tests.factories import NOW, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def station():
    return make_station(make_district(), beds=2)


@pytest.fixture
def draft(station):
    return make_draft(make_person(station.district), station)


@pytest.fixture
def code(draft):
    return events.promise(draft).short_code


def status(draft):
    return Stay.objects.get(application=draft.pk).status


@pytest.mark.parametrize("told", ["ok", "warn"])
def test_who_was_let_in_after_the_stay_was_cancelled_is_a_conflict(station, draft, code, told):
    events.withdraw(draft)

    conflict = told_offline(station, code, told=told)

    assert (conflict.kind, conflict.ways[0]) == ("cancelled", "take_in")


@pytest.mark.parametrize("told", ["", "refused"])
def test_who_was_not_let_in_is_none(station, draft, code, told):
    events.withdraw(draft)

    events.scan(station, code, offline=True, told=told)

    assert not Conflict.objects.exists()


def test_the_same_scan_again_is_one_conflict(station, draft, code):
    events.withdraw(draft)

    assert told_offline(station, code) == told_offline(station, code)


def test_a_guest_in_another_bed_than_planned_is_a_conflict(station, draft, code):
    conflict = told_offline(station, code, told_bed="101-9")

    assert (conflict.kind, conflict.planned) == (BED_DIFFERS, bed_of(draft.stay))
    assert status(draft) == "arrived"


def test_a_guest_in_the_planned_bed_is_none(station, draft, code):
    events.scan(station, code, offline=True, told="ok", told_bed=str(bed_of(draft.stay)))

    assert not Conflict.objects.exists()


def test_a_cancelled_guest_who_is_here_is_taken_back_in(station, draft, code):
    events.withdraw(draft)
    conflict = told_offline(station, code)

    assert settle(conflict, "take_in", now=AFTERNOON + HOUR)

    stay = Stay.objects.get(application=draft.pk)
    assert (stay.status, stay.arrived_at, stay.bed_nights.count()) == ("arrived", AFTERNOON, 3)
    assert list(breaches()) == []


def test_a_no_show_found_on_the_next_morning_has_the_night_slept(station, draft, code):
    events.give_up(draft, now=NOW + 12 * HOUR)
    conflict = told_offline(station, code)

    settle(conflict, "take_in", now=AFTERNOON + 18 * HOUR)

    stay = Stay.objects.get(application=draft.pk)
    assert (stay.status, stay.arrival, stay.bed_nights.count()) == ("arrived", NOW.date(), 3)
    assert list(breaches()) == []


def test_where_the_night_slept_was_given_away_the_others_are_held(station, draft, code):
    events.withdraw(draft)
    for _ in range(2):
        other = make_draft(make_person(station.district), station, nights=1)
        events.promise(other)
    conflict = told_offline(station, code)

    settle(conflict, "take_in", now=AFTERNOON + 18 * HOUR)

    stay = Stay.objects.get(application=draft.pk)
    assert (stay.status, stay.arrival) == ("arrived", NOW.date() + DAY)
    assert list(breaches()) == []


def test_where_no_bed_is_left_the_conflict_stays_open(station, draft, code):
    events.withdraw(draft)
    for _ in range(2):
        events.promise(make_draft(make_person(station.district), station))
    conflict = told_offline(station, code)

    with pytest.raises(NothingFree):
        settle(conflict, "take_in")

    assert Conflict.objects.open().get() == conflict


def test_who_may_not_stay_any_more_is_not_taken_in(station, draft, code):
    events.withdraw(draft)
    conflict = told_offline(station, code)
    draft.graduate.suspensions.create(until=NOW.date() + DAY, reason="测试", by=events.reviewer())

    with pytest.raises(ClauseFails):
        settle(conflict, "take_in")


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_off_by_a_day_loses_nobody(station, draft, code, days):
    conflict = told_offline(station, code, at=AFTERNOON + days * DAY, now=AFTERNOON)
    assert conflict.kind == ("clock_off" if days > 0 else "wrong_day")

    settle(conflict, "take_in", now=AFTERNOON + HOUR)

    stay = Stay.objects.get(application=draft.pk)
    assert (stay.status, stay.arrived_at) == ("arrived", AFTERNOON)
    assert list(breaches()) == []


def test_a_guest_with_a_replaced_code_who_is_here_has_arrived(station, draft, code):
    conflict = told_offline(station, "QQQQ-QQQQ")
    assert conflict.ways == ["noted"]

    draft.stay.passes.update(revoked_at=NOW)
    draft.stay.passes.create(short_code="ABCDEFGH", issued_at=NOW)
    revoked = told_offline(station, code, nonce="n-8")
    settle(revoked, "take_in")

    assert status(draft) == "arrived"


def test_the_same_guest_twice_changes_nothing(station, draft, code):
    events.scan(station, code)
    conflict = told_offline(station, code)

    settle(conflict, "same_guest", note="两块平板")

    conflict.refresh_from_db()
    assert (conflict.way, conflict.note) == ("same_guest", "两块平板")
    assert Conflict.objects.open().count() == 0


def test_a_copied_code_is_replaced(station, draft, code):
    events.scan(station, code)
    conflict = told_offline(station, code)

    settle(conflict, "copied")

    assert events.scan(station, code, "leave", nonce="n-3").reason == "revoked"
    assert list(breaches()) == []


def test_the_guest_keeps_the_bed_told_offline(station, draft, code):
    other = make_draft(make_person(station.district), station)
    events.promise(other)
    theirs = bed_of(other.stay)
    conflict = told_offline(station, code, told_bed=str(theirs))

    settle(conflict, "move")

    stays = [Stay.objects.get(application=one.pk) for one in (draft, other)]
    assert [bed_of(stay) for stay in stays] == [theirs, conflict.planned]
    assert list(breaches()) == []


def test_a_bed_that_the_house_does_not_have_is_said_so(station, draft, code):
    conflict = told_offline(station, code, told_bed="909-1")

    with pytest.raises(NoSuchBed):
        settle(conflict, "move")
    assert settle(conflict, "guest_told")


def test_a_way_of_another_kind_is_refused(station, draft, code):
    conflict = told_offline(station, code, told_bed="909-1")

    with pytest.raises(NotThatWay):
        settle(conflict, "take_in")


def test_pressed_twice_it_is_settled_once_and_otherwise_it_is_told(station, draft, code):
    events.withdraw(draft)
    conflict = told_offline(station, code)
    settle(conflict, "take_in")

    assert not settle(Conflict.objects.get(), "take_in")
    with pytest.raises(StateChanged):
        settle(Conflict.objects.get(), "sent_away")
    assert Scan.objects.filter(stay=draft.stay, result="ok").count() == 1


def test_a_guest_of_another_station_is_not_taken_in_here(station, draft, code):
    other = make_station(station.district, slug="other")
    draft.stay.passes.update(revoked_at=NOW)

    conflict = told_offline(other, code)

    assert (conflict.kind, conflict.ways) == ("revoked", ["noted"])


def test_the_page_shows_both_sides_and_settles(client, station, draft, code):
    conflict = told_offline(station, code, told_bed="101-9")
    client.force_login(member(station.district, Role.CLERK, station))
    page = client.get("/desk/sample/conflicts/")
    assert "101-9" in page.content.decode() and str(conflict.planned) in page.content.decode()
    assert client.get("/desk/sample/").context["conflicts"] == 1

    client.post(f"/desk/sample/conflicts/{conflict.pk}/", {"way": "guest_told", "note": "已说明"})

    page = client.get("/desk/sample/conflicts/")
    assert (page.context["open"], len(page.context["settled"])) == ([], 1)


def test_what_cannot_be_done_is_said_on_the_page(client, station, draft, code):
    conflict = told_offline(station, code, told_bed="909-1")
    client.force_login(member(station.district, Role.CLERK, station))

    page = client.post(f"/desk/sample/conflicts/{conflict.pk}/", {"way": "move"}, follow=True)

    assert str(NoSuchBed.sentence) in page.content.decode()
    assert len(page.context["open"]) == 1


def test_a_conflict_elsewhere_is_not_there(client, station, draft, code):
    other = make_station(station.district, slug="other")
    conflict = told_offline(station, code, told_bed="101-9")
    client.force_login(member(station.district, Role.CLERK, other))

    answer = client.post(f"/desk/other/conflicts/{conflict.pk}/", {"way": "guest_told"})

    assert answer.status_code == 404
    assert Bed.objects.count() == 3


def test_what_was_noted_is_in_ones_own_data_and_goes_with_the_person(station, draft, code):
    events.withdraw(draft)
    settle(told_offline(station, code), "sent_away", note="住客改住酒店")
    (told,) = journey.portrait(user=draft.user)["settled_at_the_desk"]
    assert told["note"] == "住客改住酒店"

    journey.forget_person(person=draft.graduate, by=draft.user, now=NOW)

    assert Conflict.objects.get().note is None
