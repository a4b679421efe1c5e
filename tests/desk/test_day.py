"""The day of a station: its lists, what is shown of them, and when they are others."""

import datetime as dt
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.desk import day
from bookings.people.models import Role
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def station():
    return make_station(make_district(), beds=6)


@pytest.fixture
def desk(station):
    client = Client()
    client.force_login(member(station.district, Role.CLERK, station))
    return client


def expect(station, **wish):
    draft = make_draft(make_person(station.district), station, **wish)
    events.promise(draft)
    return draft


def arrive(station, **wish):
    draft = expect(station, **wish)
    code = draft.stay.passes.get().short_code
    events.scan(station, code, nonce=code)
    return draft


def lists(station, *, now=NOW, **asked):
    told = day.day_of(station, now=now, **asked)
    names = ("arrivals", "departures", "in_house", "no_shows", "departed")
    return {name: [stay.pk for stay in told[name]] for name in names if told[name]}


def test_each_stay_is_in_its_list(station):
    coming, inside, leaving = expect(station), arrive(station), arrive(station, nights=1)
    expect(station, arrival=TODAY + DAY)

    assert lists(station) == {
        "arrivals": [coming.stay.pk],
        "in_house": [inside.stay.pk, leaving.stay.pk][::-1],
    }
    assert lists(station, now=NOW + DAY)["departures"] == [leaving.stay.pk]


def test_who_left_today_is_listed_and_found_by_words_for_a_month(station):
    gone = arrive(station)
    events.leave(gone, at=NOW + HOUR)

    assert lists(station, now=NOW + 2 * HOUR) == {"departed": [gone.stay.pk]}
    assert lists(station, now=NOW + DAY) == {}
    assert lists(station, now=NOW + 30 * DAY, words="测试") == {"departed": [gone.stay.pk]}
    assert lists(station, now=NOW + 31 * DAY, words="测试") == {}


def test_who_has_been_forgotten_is_found_no_more(station):
    gone = arrive(station)
    events.leave(gone, at=NOW + HOUR)
    type(gone.graduate).objects.update(forgotten_at=NOW, user=None)

    assert lists(station, now=NOW + 2 * HOUR, words="a0") == {}


def test_who_may_come_soon_without_an_answer_is_listed(station):
    soon, tomorrow, later = (
        make_draft(make_person(station.district), station, arrival=TODAY + n * DAY)
        for n in range(3)
    )
    for draft in (soon, tomorrow, later):
        events.submit(draft)

    assert [one.pk for one in day.day_of(station, now=NOW)["reviews"]] == [soon.pk, tomorrow.pk]


def test_who_is_reminded_and_has_not_come_is_late(station):
    draft = expect(station)
    cutoff = draft.stay.cutoff_at

    early, late = (day.day_of(station, now=cutoff - h * HOUR)["late_from"] for h in (5, 4))

    assert (cutoff <= early, cutoff <= late) == (False, True)


@pytest.mark.parametrize(
    ("words", "found"),
    [("测试甲", 2), ("a00", 2), ("101", 1), ("nobody", 0), ("  测试 ", 2)],
)
def test_words_find_by_name_reference_and_bed(station, words, found):
    expect(station)
    arrive(station)

    told = day.day_of(station, now=NOW, words=words)

    assert sum(told["totals"].values()) == found


def test_a_long_list_shows_its_first_rows_unless_all_are_asked_for(station, desk, monkeypatch):
    monkeypatch.setattr(day, "ROWS", 1)
    for _ in range(3):
        expect(station)

    some, all_ = (desk.get(f"/desk/sample/{asked}").context for asked in ("", "?all"))

    assert (len(some["arrivals"]), some["more"], some["totals"]["arrivals"]) == (1, 2, 3)
    assert (len(all_["arrivals"]), all_["more"]) == (3, 0)


def test_the_bed_is_where_the_guest_slept_last(station):
    inside = arrive(station)
    events.move_to(inside, station.rooms.get().beds.last(), sure=True, now=NOW + DAY)

    [stay] = day.day_of(station, now=NOW + DAY)["in_house"]

    assert stay.bed_nights.all()[0].bed == station.rooms.get().beds.last()


CHANGES = {
    "somebody arrives": lambda a: events.scan(a.station, a.code),
    "somebody new is promised": lambda a: expect(a.station),
    "somebody leaves": lambda a: events.scan(a.station, a.inside_code, "leave", nonce="n-2"),
    "somebody stays longer": lambda a: events.extend(a.inside),
    "somebody comes later": lambda a: events.come_later(a.coming, a.coming.stay.cutoff_at + HOUR),
    "somebody gives the nights back": lambda a: events.withdraw(a.coming),
    "somebody changes beds": lambda a: events.move_to(
        a.inside, a.station.rooms.get().beds.last(), sure=True
    ),
    "papers are asked for": lambda a: events.ask_for_more(a.waiting),
}


@pytest.fixture
def a(station):
    names = SimpleNamespace()
    names.station, names.coming, names.inside = station, expect(station), arrive(station)
    names.code = names.coming.stay.passes.get().short_code
    names.inside_code = names.inside.stay.passes.get().short_code
    names.waiting = make_draft(make_person(station.district), station)
    events.submit(names.waiting)
    return names


@pytest.mark.parametrize("what", CHANGES)
def test_the_version_is_another_when(a, what):
    before = day.version(a.station, now=NOW)

    CHANGES[what](a)

    assert day.version(a.station, now=NOW) != before


def test_the_version_stays_while_nothing_happens_here(a, station):
    before = day.version(station, now=NOW)

    expect(make_station(station.district, slug="next"))

    assert day.version(station, now=NOW) == before


def test_the_clock_alone_makes_another_version(station):
    assert day.version(station, now=NOW) != day.version(station, now=NOW + HOUR)


def test_a_desk_asks_with_one_query_of_its_own(station, desk):
    arrive(station)

    with CaptureQueriesContext(connection) as asked:
        told = desk.get("/desk/sample/changes/").json()

    assert told == {"version": day.version(station, now=NOW)}
    assert len([q for q in asked if 'FROM "bookings_stay"' in q["sql"]]) == 1


def test_five_hundred_stays_cost_no_more_than_fifteen_queries(station, desk):
    [first, second] = [expect(station), arrive(station)]
    for draft, status in ((first, "promised"), (second, "arrived")):
        _multiply(draft, 250, status)

    with CaptureQueriesContext(connection) as asked, time_machine.travel(NOW):
        page = desk.get("/desk/sample/")

    assert sum(page.context["totals"].values()) == 502
    assert len(asked) <= 15


def _multiply(draft, count, status):
    """Stays without nights, which the lists do not look at."""
    stay = draft.stay
    for _ in range(count):
        other = make_draft(draft.graduate, stay.station)
        sent = {"status": "approved", "submitted_at": NOW, "commitment_version": "2026-1"}
        Application.objects.filter(pk=other.pk).update(**sent)
        Stay.objects.create(
            application=other,
            graduate=draft.graduate,
            station=stay.station,
            status=status,
            arrival=TODAY,
            departure=TODAY + DAY,
            cutoff_at=stay.cutoff_at,
            arrived_at=NOW if status == "arrived" else None,
        )
