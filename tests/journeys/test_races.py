"""Two at once: one wins, the other is told, and the rows add up. Each control takes the guard away."""

import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.db.models import Q

from bookings import journey, tasks
from bookings.beds import allocate
from bookings.beds.allocate import NoBed
from bookings.beds.models import BedNight, RoomNight, Stay
from bookings.beds.relocate import InTheWay
from bookings.core.audit import AuditEntry
from bookings.core.transitions import StateChanged
from bookings.desk.models import Scan
from bookings.eligibility import claim
from bookings.eligibility.claim import TakenByAnother
from bookings.eligibility.models import Decision
from bookings.journey import AppealedBefore
from bookings.messages.models import Message
from tests.events import (
    appeal,
    approve,
    confirm,
    let_pass,
    move_to,
    offer_of,
    own,
    propose,
    refuse,
    reviewer,
    scan,
    submit,
    take,
    take_offer,
    wait,
    withdraw,
)
from tests.factories import NOW, make_district, make_draft, make_person, make_station
from tests.racing import errors, meeting, race

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = dt.datetime(2025, 8, 1, 4, tzinfo=dt.UTC)  # noon in Shanghai; the worker's clock is real
on_postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="a row lock")
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="a transaction mode")


@pytest.fixture(autouse=True)
def known_reviewer(transactional_db):
    return reviewer()


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def station(district):
    return make_station(district)


@pytest.fixture
def draft(district, station):
    return make_draft(make_person(district), station)


@pytest.fixture
def other_draft(district, station):
    return make_draft(make_person(district), station)


def arrive(station, code, device, nonce):
    return scan(station, code, device=device, nonce=nonce)


def statuses(*drafts):
    return [own(draft).status for draft in drafts]


# --- the last bed --------------------------------------------------------------------------------


def test_of_two_guests_after_the_last_bed_one_holds_it_and_the_other_is_told(draft, other_draft):
    results = race(partial(submit, draft), partial(submit, other_draft))

    assert errors(results) == [NoBed]
    lost = [isinstance(result, NoBed) for result in results]
    assert statuses(draft, other_draft) == ["draft" if gone else "in_review" for gone in lost]
    assert Stay.objects.get().bed_nights.count() == BedNight.objects.count() == 3


def test_of_eight_guests_three_beds_take_three(district):
    station = make_station(district, beds=3)
    drafts = [make_draft(make_person(district), station) for _ in range(8)]

    results = race(*(partial(submit, draft) for draft in drafts))

    assert errors(results) == [NoBed] * 5
    assert sorted(statuses(*drafts)) == ["draft"] * 5 + ["in_review"] * 3
    assert BedNight.objects.count() == 9


def test_a_woman_and_a_man_at_once_never_share_a_room(district):
    station = make_station(district, beds=2)
    drafts = [make_draft(make_person(district, sex=sex), station) for sex in ("women", "men")]

    results = race(*(partial(submit, draft) for draft in drafts))

    assert errors(results) == [NoBed]
    assert RoomNight.objects.values("sex").distinct().count() == 1


@on_postgres
def test_control_without_the_row_lock_the_loser_gets_an_error_page(draft, other_draft, monkeypatch):
    monkeypatch.setattr(allocate, "lock", lambda station: None)
    monkeypatch.setattr(allocate, "plan", meeting(allocate.plan))  # both plan, then both write

    results = race(partial(submit, draft), partial(submit, other_draft))

    assert errors(results) == [IntegrityError]
    assert sorted(statuses(draft, other_draft)) == ["draft", "in_review"]


@on_sqlite
def test_control_without_immediate_transactions_the_loser_gets_an_error_page(
    draft, other_draft, monkeypatch
):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    monkeypatch.setattr(allocate, "lock", meeting(allocate.lock))  # both read, then both write

    results = race(partial(submit, draft), partial(submit, other_draft))

    assert errors(results) == [OperationalError]
    assert sorted(statuses(draft, other_draft)) == ["draft", "in_review"]


def test_of_two_managers_who_move_two_stays_into_one_bed_one_is_told(district):
    station = make_station(district, beds=3)
    drafts = [make_draft(make_person(district), station) for _ in range(2)]
    for draft in drafts:
        submit(draft)
    (free,) = station.rooms.get().beds.exclude(bed_nights__isnull=False)
    reviewer("manager")

    results = race(*(partial(move_to, draft, free) for draft in drafts))

    assert [type(one) for one in results if isinstance(one, Exception)] in ([], [InTheWay])
    assert Stay.objects.filter(bed_nights__bed=free).distinct().count() == 1
    assert BedNight.objects.count() == 6


def test_of_two_who_take_the_last_offer_and_let_it_pass_one_counts(draft, other_draft):
    submit(draft)
    wait(other_draft)
    withdraw(draft)
    journey.serve(station=draft.station, now=NOW)
    late = offer_of(other_draft).expires_at

    results = race(
        partial(take_offer, other_draft, now=late - dt.timedelta(minutes=1)),
        partial(let_pass, other_draft, now=late),
    )

    taken = own(other_draft).stay.status == "requested"
    assert errors(results) in ([], [StateChanged])
    assert BedNight.objects.count() == (3 if taken else 0)


def test_two_workers_that_go_through_the_waitlist_at_once_offer_once(draft, other_draft):
    submit(draft)
    wait(other_draft)
    withdraw(draft)

    results = race(*[partial(journey.serve, station=draft.station, now=NOW)] * 2)

    assert sorted(results) == [0, 1]
    assert (BedNight.objects.count(), offer_of(other_draft).status) == (3, "open")


# --- the same thing twice ------------------------------------------------------------------------


def test_submit_pressed_twice_at_once_is_one_stay(draft):
    results = race(partial(submit, draft), partial(submit, draft))

    assert errors(results) == [StateChanged]
    assert (Stay.objects.count(), Decision.objects.count()) == (1, 1)
    draft.graduate.refresh_from_db()
    assert draft.graduate.nights_taken == 3


def test_of_two_reviewers_who_approve_at_once_one_is_told(draft):
    submit(draft)

    results = race(partial(approve, draft), partial(approve, draft))

    assert errors(results) == [StateChanged]
    assert (draft.decisions.count(), draft.stay.passes.count()) == (2, 1)
    assert Message.objects.count() == 1


def test_of_an_approval_and_a_refusal_at_once_one_counts(draft):
    submit(draft)

    results = race(partial(approve, draft), partial(refuse, draft))

    assert errors(results) == [StateChanged]
    refused = isinstance(results[0], StateChanged)
    end = ("refused", "cancelled", 0) if refused else ("approved", "promised", 3)
    assert (own(draft).status, draft.stay.status, BedNight.objects.count()) == end
    assert (draft.decisions.count(), Message.objects.count()) == (2, 1)


def test_a_withdrawal_frees_the_bed_whatever_the_reviewer_does_at_that_moment(draft):
    submit(draft)
    withdraw = partial(journey.withdraw, application=own(draft), by=draft.user, now=NOW)

    results = race(withdraw, partial(approve, draft))

    assert errors(results) in ([], [StateChanged])
    assert (own(draft).status, draft.stay.status) == ("withdrawn", "cancelled")
    assert not BedNight.objects.exists()


def test_of_two_reviewers_who_open_a_case_at_once_one_has_it_and_the_other_is_told_who(draft):
    submit(draft)
    reviewer("colleague")

    results = race(partial(take, draft), partial(take, draft, by="colleague"))

    assert errors(results) == [TakenByAnother]
    (told,) = [result for result in results if result]
    winner = own(draft).reviewer
    assert str(winner) in str(told.sentence)
    assert winner == reviewer("colleague" if results[0] else "reviewer")


def test_control_without_the_compare_each_of_two_reviewers_believes_to_have_it(draft, monkeypatch):
    submit(draft)
    reviewer("colleague")
    monkeypatch.setattr(claim, "free_for", lambda user, now: Q())

    results = race(partial(take, draft), partial(take, draft, by="colleague"))

    assert errors(results) == []


def test_of_two_second_persons_at_once_one_decides(district, station):
    local = make_draft(make_person(district, hukou="370802"), station)
    submit(local)
    propose(local)
    people = [reviewer(name) for name in ("colleague", "third")]

    results = race(*(partial(confirm, local, by=person.name) for person in people))

    assert errors(results) == [StateChanged]
    assert (own(local).status, local.decisions.count()) == ("approved", 2)
    assert (BedNight.objects.count(), local.stay.passes.count()) == (3, 1)


def test_an_appeal_pressed_twice_at_once_is_one_appeal(draft):
    submit(draft)
    refuse(draft)

    results = race(partial(appeal, draft), partial(appeal, draft))

    assert errors(results) in ([StateChanged], [AppealedBefore])
    assert (draft.appeals.count(), BedNight.objects.count()) == (1, 3)


# --- the desk ------------------------------------------------------------------------------------


def test_the_same_scan_sent_twice_at_once_is_one_scan_with_one_answer(draft, station):
    submit(draft)
    code = approve(draft).short_code

    first, again = race(*[partial(arrive, station, code, "desk", "nonce-1")] * 2)

    assert Scan.objects.get() == first == again
    assert (first.result, again.result) == ("ok", "ok")


def test_a_pass_shown_at_two_desks_at_once_opens_once(draft, station):
    submit(draft)
    code = approve(draft).short_code

    scans = race(
        partial(arrive, station, code, "left desk", "nonce-1"),
        partial(arrive, station, code, "right desk", "nonce-2"),
    )

    assert sorted((scan.result, scan.reason) for scan in scans) == [
        ("ok", "fine"),
        ("refused", "already_arrived"),
    ]
    assert AuditEntry.objects.filter(action="arrive").count() == 1


# --- the clock -----------------------------------------------------------------------------------


@pytest.fixture
def old_draft(district, station):
    draft = make_draft(make_person(district), station, arrival=LONG_AGO.date())
    submit(draft, now=LONG_AGO)
    return draft


def given_back(draft, action):
    """Beds still held, nights still counted, and how often the log and the guest were told."""
    draft.graduate.refresh_from_db()
    told = Message.objects.filter(key__startswith=action)
    entries = AuditEntry.objects.filter(action=action)
    return BedNight.objects.count(), draft.graduate.nights_taken, entries.count(), told.count()


def test_two_workers_that_lapse_a_hold_at_once_give_its_nights_back_once(old_draft):
    results = race(tasks.lapse_holds, tasks.lapse_holds)

    assert sorted(results) == [0, 1]
    assert given_back(old_draft, "lapse") == (0, 0, 1, 1)


def test_two_workers_that_give_up_a_stay_at_once_give_its_nights_back_once(old_draft):
    approve(old_draft, now=LONG_AGO)

    results = race(tasks.give_up_no_shows, tasks.give_up_no_shows)

    assert sorted(results) == [0, 1]
    assert given_back(old_draft, "no_show") == (0, 0, 1, 1)
