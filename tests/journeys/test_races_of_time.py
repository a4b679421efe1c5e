"""Two at once, where stays get longer, guests arrive, or are given up."""

import datetime as dt
import time
from functools import partial
from threading import Event

import pytest
from django.db import connection, transaction

from bookings import journey
from bookings.beds import allocate, inventory
from bookings.beds.allocate import NoBed
from bookings.core.audit import AuditEntry
from bookings.desk import scan as desk_scan
from bookings.invariants import breaches
from bookings.journey import CannotStay
from tests import events
from tests.events import stay_of
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station
from tests.racing import errors, race

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="a row lock")
CUTOFF = NOW + dt.timedelta(hours=10)


@pytest.fixture(autouse=True)
def known_reviewer(transactional_db):
    return events.reviewer()


@pytest.fixture
def station():
    return make_station(make_district(), beds=2)


def promised(station, **wish):
    draft = make_draft(make_person(station.district), station, **wish)
    events.promise(draft)
    return draft


def arrived(station):
    draft = promised(station)
    code = stay_of(draft).passes.get().short_code
    events.scan(station, code, nonce=code)
    return draft


def whole():
    return list(breaches()) == []


def test_the_same_press_twice_at_once_extends_once(station):
    draft = promised(station)

    results = race(*[partial(events.extend, draft, 2, seen=TODAY + 3 * DAY)] * 2)

    assert results == [None, None]
    assert (stay_of(draft).nights, whole()) == (5, True)
    assert AuditEntry.objects.filter(action="extend").count() == 1


def test_of_two_guests_who_want_the_last_bed_longer_one_has_it(station):
    here, there = arrived(station), promised(station)
    promised(station, arrival=TODAY + 3 * DAY)

    results = race(partial(events.extend, here, 1), partial(events.extend, there, 1))

    assert errors(results) == [CannotStay]
    assert sorted([stay_of(here).nights, stay_of(there).nights]) == [3, 4]
    assert whole()


def test_an_extension_and_an_application_at_once_share_no_bed(station):
    here = arrived(station)
    promised(station, nights=7)
    late = make_draft(make_person(station.district), station, arrival=TODAY + 3 * DAY)

    results = race(partial(events.extend, here, 1), partial(events.submit, late))

    assert len(errors(results)) == 1
    assert whole()


def other_bed(draft):
    return draft.station.rooms.get().beds.exclude(pk=bed_of(draft)).get().pk


def bed_of(draft):
    return allocate.bed_of(stay_of(draft)).pk


def planned_while_arriving(draft):
    """A plan that moves the guest, and the guest, who comes while it is written and is shown a bed."""
    code, planned = stay_of(draft).passes.get().short_code, other_bed(draft)
    begun = Event()

    def plan():
        with transaction.atomic():
            allocate.lock(draft.station)
            begun.set()
            time.sleep(0.3)  # in which the guest arrives, if nothing is in the way
            inventory.move({stay_of(draft).pk: planned})

    def arrive():
        begun.wait()
        events.scan(draft.station, code)
        return bed_of(draft)

    return plan, arrive


def test_who_arrives_while_a_plan_is_written_is_shown_the_bed_of_that_plan(station):
    draft = promised(station)
    planned = other_bed(draft)

    assert race(*planned_while_arriving(draft)) == [None, planned]
    assert (stay_of(draft).status, bed_of(draft)) == ("arrived", planned)


@on_postgres
def test_control_without_the_lock_the_bed_that_was_shown_is_another_one(station, monkeypatch):
    draft = promised(station)
    shown = bed_of(draft)
    monkeypatch.setattr(desk_scan, "HOUSE", {})

    assert race(*planned_while_arriving(draft)) == [None, shown]
    assert bed_of(draft) != shown


def test_who_telephones_at_the_cut_off_is_kept_or_given_up_but_not_both(station):
    draft = promised(station)
    until = CUTOFF + dt.timedelta(hours=1)

    given_up, later = race(
        partial(events.give_up, draft, now=CUTOFF),
        partial(events.come_later, draft, until, now=CUTOFF),
    )

    kept = later is None
    assert given_up is not kept
    assert kept or isinstance(later, journey.StateChanged)
    assert stay_of(draft).status == ("promised" if kept else "no_show")
    assert whole()


def test_a_check_out_undone_twice_at_once_holds_its_nights_once(station):
    draft = arrived(station)
    events.leave(draft, at=NOW + DAY)

    results = race(*[partial(events.undo_leave, draft, now=NOW + DAY)] * 2)

    assert sorted(results) == [False, True]
    assert whole()


def test_of_a_check_out_undone_and_somebody_new_one_has_the_bed(station):
    draft = arrived(station)
    promised(station, nights=7)
    events.leave(draft, at=NOW + DAY)
    new = make_draft(make_person(station.district), station, arrival=TODAY + DAY)

    results = race(
        partial(events.undo_leave, draft, now=NOW + DAY),
        partial(events.submit, new, now=NOW + DAY),
    )

    assert errors(results) in ([journey.BedTaken], [NoBed])
    assert whole()


def test_a_no_show_undone_twice_at_once_holds_its_nights_once(station):
    draft = promised(station)
    events.give_up(draft, now=CUTOFF)

    results = race(*[partial(events.undo_no_show, draft, now=CUTOFF)] * 2)

    assert sorted(results) == [False, True]
    assert whole()
