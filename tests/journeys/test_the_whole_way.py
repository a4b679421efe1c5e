"""From a draft to the answer after thirty days, by the journey's own functions."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from bookings import journey
from bookings.beds.allocate import NoBed
from bookings.beds.models import BedNight, RoomNight, Stay
from bookings.desk.models import Scan
from bookings.eligibility.decide import replay
from bookings.eligibility.models import Decision
from bookings.messages.models import Message
from bookings.retention.models import FollowUp
from bookings.statistics.funnel import funnel, total
from tests.events import promise, scan, submit
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def station(district):
    return make_station(district)


def promised(district, station, **wish):
    return promise(make_draft(make_person(district), station, **wish))


def test_submitting_decides_and_holds_the_bed(district, station):
    draft = make_draft(make_person(district), station)

    decision = submit(draft)

    assert (decision.outcome, draft.stay.status) == ("review", "requested")
    assert draft.stay.bed_nights.count() == 3
    assert RoomNight.objects.count() == 3
    assert replay(decision) == decision.findings


def test_a_refusal_holds_no_bed_and_names_its_clause(district, station):
    draft = make_draft(make_person(district, hukou="370802"), station)

    decision = submit(draft)

    failed = [f["clause"] for f in decision.findings if f["outcome"] == "fail"]
    assert (decision.outcome, failed) == ("refuse", ["non_local"])
    assert not Stay.objects.exists()


def test_submitting_twice_is_told_and_changes_nothing(district, station):
    draft = make_draft(make_person(district), station)
    submit(draft)

    with pytest.raises(journey.StateChanged):
        submit(draft)

    assert Decision.objects.count() == 1


def test_without_a_bed_the_draft_stays_as_it_was(district, station):
    submit(make_draft(make_person(district), station))
    second = make_draft(make_person(district), station)

    with pytest.raises(NoBed):
        submit(second)

    second.refresh_from_db()
    assert second.status == "draft"


def test_a_stay_that_has_not_arrived_moves_to_make_room(district):
    station = make_station(district, beds=2)
    first = make_draft(make_person(district), station, arrival=TODAY, nights=2)
    other = make_draft(make_person(district), station, arrival=TODAY + 3 * DAY, nights=2)
    submit(first)
    submit(other)
    BedNight.objects.filter(stay=other.stay).update(bed=station.rooms.get().beds.last())

    submit(make_draft(make_person(district), station, nights=5))

    assert BedNight.objects.count() == 9


def test_approval_issues_a_pass_and_one_message(district, station):
    shown = promised(district, station)

    assert shown.stay.status == "promised"
    assert Message.objects.filter(key__startswith="approved:").count() == 1


def test_the_way_through_desk_and_follow_up(district, station):
    shown = promised(district, station)

    arrived = scan(station, shown.short_code, nonce="nonce-1")
    left = scan(station, shown.short_code, "leave", nonce="nonce-2", at=NOW + DAY)

    assert (arrived.result, left.result) == ("ok", "ok")
    shown.stay.graduate.refresh_from_db()
    assert shown.stay.graduate.nights_taken == 1
    question = FollowUp.objects.get(horizon=30)
    later = NOW + 31 * DAY
    assert journey.ask(follow_up=question, now=later)
    assert not journey.ask(follow_up=question, now=later)
    journey.answer(follow_up=question, kind="employed_here", source="self", by=None, now=later)
    sums = total(funnel(district, horizon=30, today=(later + DAY).date()))
    assert (sums.applied, sums.approved, sums.arrived) == (1, 1, 1)
    assert (sums.mature, sums.stayed_on, sums.silent) == (1, 1, 0)


def test_the_same_scan_twice_is_one_scan(district, station):
    code = promised(district, station).short_code

    first, again = (scan(station, code, nonce="nonce-1") for _ in range(2))

    assert first.pk == again.pk


@pytest.mark.parametrize(("code", "reason"), [("nonsense", "unknown"), ("ZZZZZZZZ", "unknown")])
def test_a_refused_scan_is_recorded(station, code, reason):
    scan(station, code, nonce="nonce-1")

    assert Scan.objects.get().reason == reason


def test_another_stations_code_and_a_second_arrival_are_refused(district, station):
    shown = promised(district, station)
    elsewhere = make_station(district, slug="other")

    assert scan(elsewhere, shown.short_code, nonce="n-1").reason == "wrong_station"
    scan(station, shown.short_code, nonce="n-2")
    assert scan(station, shown.short_code, nonce="n-3").reason == "already_arrived"


def test_the_clock_frees_a_bed_nobody_came_for_once(district, station):
    stay = promised(district, station).stay
    late = NOW + dt.timedelta(hours=11)

    assert journey.give_up(stay=stay, now=late)
    assert not journey.give_up(stay=stay, now=late)
    assert not BedNight.objects.exists()


def breaks(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def test_the_database_refuses_a_changed_decision_and_a_used_policy(district, station):
    decision = submit(make_draft(make_person(district), station))

    breaks(lambda: Decision.objects.filter(pk=decision.pk).update(outcome="approve"))
    breaks(lambda: district.policies.update(nights=9))


def test_the_database_refuses_two_sexes_two_stays_and_too_many_nights(district):
    station = make_station(district, beds=2)
    draft = make_draft(make_person(district), station)
    submit(draft)
    row = draft.stay.bed_nights.first()
    free = station.rooms.get().beds.exclude(pk=row.bed_id).get()
    man = make_person(district, sex="men")

    breaks(lambda: BedNight.objects.filter(pk=row.pk).update(sex="men"))
    breaks(lambda: BedNight.objects.filter(pk=row.pk).update(graduate=man))
    row.pk = None
    breaks(row.save)
    row.bed = free
    breaks(row.save)
    breaks(lambda: type(man).objects.filter(pk=man.pk).update(nights_taken=1))
