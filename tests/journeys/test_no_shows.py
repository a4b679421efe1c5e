"""Reminded, kept until later, given up, and expected again."""

import datetime as dt

import pytest
import time_machine

from bookings import journey, tasks
from bookings.beds.models import BedNight, Stay
from bookings.core.audit import AuditEntry
from bookings.invariants import breaches
from bookings.journey import BeyondAllowance, NothingFree, NotThatLate, StayOver
from bookings.messages.models import Message
from tests import events
from tests.events import stay_of
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
CUTOFF = NOW + 10 * HOUR  # 22:00
MIDNIGHT = NOW + 11 * HOUR + dt.timedelta(minutes=59)  # 23:59


@pytest.fixture
def station():
    return make_station(make_district())


@pytest.fixture
def draft(station):
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)
    return draft


def reminders():
    return Message.objects.filter(key__startswith="remind")


def run_at(moment):
    with time_machine.travel(moment):
        return tasks.remind_guests()


def other(station, **wish):
    draft = make_draft(make_person(station.district), station, **wish)
    events.promise(draft)
    return draft


# --- the reminder ---------------------------------------------------------------------------------


def test_who_has_not_come_is_reminded_once_some_hours_before(draft):
    assert run_at(CUTOFF - 4 * HOUR - dt.timedelta(minutes=1)) == 0
    assert [run_at(CUTOFF - 4 * HOUR), run_at(CUTOFF - 3 * HOUR)] == [1, 0]

    text = reminders().get().text
    assert "22:00" in text
    assert draft.station.phone in text


def test_only_on_the_day(draft):
    Stay.objects.filter(application=draft).update(cutoff_at=NOW + 13 * HOUR)  # 01:00

    assert not journey.remind(stay=stay_of(draft), now=NOW + 10 * HOUR)
    assert journey.remind(stay=stay_of(draft), now=NOW + 12 * HOUR)


@pytest.mark.parametrize("state", ["arrived", "withdrawn", "in review"])
def test_who_is_here_or_not_expected_is_not_reminded(station, state):
    draft = make_draft(make_person(station.district), station)
    events.submit(draft)
    if state != "in review":
        code = events.approve(draft).short_code
    if state == "withdrawn":
        events.withdraw(draft)
    if state == "arrived":
        events.scan(station, code)

    assert run_at(CUTOFF - HOUR) == 0
    assert not journey.remind(stay=stay_of(draft), now=CUTOFF - HOUR)


# --- later ----------------------------------------------------------------------------------------


def test_who_telephones_is_expected_later(draft):
    events.come_later(draft, MIDNIGHT)

    assert not events.give_up(draft, now=CUTOFF + HOUR)
    assert events.give_up(draft, now=MIDNIGHT)
    assert AuditEntry.objects.filter(action="come_later").count() == 1


def test_the_hours_offered_lie_ahead_and_within_the_nights(station):
    one_night = other(station, nights=1)
    for nights, count in ((1, 1), (2, 3)):
        if nights == 2:
            journey.extend(
                stay=stay_of(one_night), nights=1, seen=TODAY + DAY, by=one_night.user, now=NOW
            )
        hours = journey.later_hours(stay=stay_of(one_night), now=NOW)
        assert len(hours) == count
        assert hours[0] == MIDNIGHT


@pytest.mark.parametrize("until", [NOW, NOW + 3 * DAY])
def test_an_hour_that_is_over_or_after_the_stay_is_told(draft, until):
    with pytest.raises(NotThatLate):
        events.come_later(draft, until)


def test_who_was_given_up_meanwhile_is_not_kept(draft):
    events.give_up(draft, now=CUTOFF)

    with pytest.raises(journey.StateChanged):
        events.come_later(draft, MIDNIGHT, now=CUTOFF)


# --- undone ---------------------------------------------------------------------------------------


def test_a_no_show_is_undone_with_one_press(draft, station):
    code = stay_of(draft).passes.get().short_code
    events.give_up(draft, now=CUTOFF)

    assert events.undo_no_show(draft, now=CUTOFF + HOUR)
    assert not events.undo_no_show(draft, now=CUTOFF + HOUR)

    stay = stay_of(draft)
    assert (stay.status, stay.nights, stay.graduate.nights_taken) == ("promised", 3, 3)
    assert stay.cutoff_at == CUTOFF + 2 * HOUR
    assert events.scan(station, code, at=CUTOFF + HOUR).result == "ok"
    assert list(breaches()) == []


def test_the_day_after_it_holds_the_nights_that_are_left(draft):
    events.give_up(draft, now=CUTOFF)

    events.undo_no_show(draft, now=NOW + DAY)

    stay = stay_of(draft)
    assert (stay.arrival, stay.nights, stay.application.arrival) == (TODAY + DAY, 2, TODAY + DAY)
    assert (stay.application.nights, stay.cutoff_at) == (2, CUTOFF + DAY)
    assert list(breaches()) == []


def test_once_all_its_nights_are_over_nothing_is_left_to_hold(draft):
    events.give_up(draft, now=CUTOFF)

    with pytest.raises(StayOver):
        events.undo_no_show(draft, now=NOW + 3 * DAY)


def test_a_stay_that_was_no_no_show_is_told(draft, station):
    events.withdraw(draft)

    with pytest.raises(journey.StateChanged):
        events.undo_no_show(draft, now=NOW)


def test_where_the_bed_has_gone_the_refusal_says_until_when_one_is_free(draft, station):
    events.give_up(draft, now=CUTOFF)
    other(station, arrival=TODAY + 2 * DAY)

    with pytest.raises(NothingFree) as refusal:
        events.undo_no_show(draft, now=CUTOFF + HOUR)
    assert refusal.value.departure == TODAY + 2 * DAY

    events.undo_no_show(draft, now=CUTOFF + HOUR, departure=TODAY + 2 * DAY)
    assert stay_of(draft).nights == 2
    assert list(breaches()) == []


def test_where_nothing_is_free_tonight_other_stations_are_named(draft, station):
    second = make_station(station.district, slug="second")
    second.name_zh = "第二驿站"
    second.save()
    events.give_up(draft, now=CUTOFF)
    other(station)

    with pytest.raises(NothingFree) as refusal:
        events.undo_no_show(draft, now=CUTOFF + HOUR)

    assert refusal.value.departure is None
    assert "第二驿站" in refusal.value.sentence
    assert stay_of(draft).status == "no_show"


def test_nights_used_elsewhere_meanwhile_are_not_given_twice(draft, station):
    events.give_up(draft, now=CUTOFF)
    second = make_station(station.district, slug="second")
    again = make_draft(draft.graduate, second, arrival=TODAY + 4 * DAY, nights=6)
    events.promise(again)

    with pytest.raises(BeyondAllowance):
        events.undo_no_show(draft, now=CUTOFF + HOUR)

    assert BedNight.objects.count() == 6
