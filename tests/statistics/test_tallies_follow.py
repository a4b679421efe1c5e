"""After whatever is done the worker counts again what it changed, and no more."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache

from bookings import journey, tasks
from bookings.core import audit
from bookings.retention.models import FollowUp
from bookings.statistics.reports.build import request_reports
from bookings.statistics.reports.models import Report
from bookings.statistics.tallies import keep
from bookings.statistics.tallies.changed import FEW, add, changed
from bookings.statistics.tallies.models import Tally
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station
from tests.retention.test_follow_up import answer, left
from tests.statistics.test_tallies import untrue

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def station():
    return make_station(make_district(), slug="house", beds=6)


def guest(station, **wish):
    return make_draft(make_person(station.district), station, **wish)


def inside(station):
    draft = guest(station, nights=3)
    events.scan(station, events.promise(draft).short_code)
    return draft


def refused(station):
    draft = guest(station)
    events.submit(draft)
    events.refuse(draft)
    return draft


ACTS = {
    "sent": (guest, events.submit),
    "approved": (guest, events.promise),
    "refused": (guest, lambda draft: (events.submit(draft), events.refuse(draft))),
    "appealed": (refused, events.appeal),
    "withdrawn": (guest, lambda draft: (events.promise(draft), events.withdraw(draft))),
    "left early": (inside, lambda draft: events.leave(draft, at=NOW + DAY)),
    "extended": (inside, events.extend),
    "forgotten": (refused, lambda draft: events.forget(draft.graduate)),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_is_done_is_counted_at_the_next_turn(station, act):
    before, then = ACTS[act]
    draft = before(station)
    tasks.count()

    then(draft)
    tasks.count()

    assert untrue(station.district) == []


def test_an_answer_years_of_rows_away_counts_its_months_and_its_station_again_and_no_others(
    station,
):
    old, later = left(district=station.district), NOW + 40 * DAY
    events.submit(guest(station))
    with time_machine.travel(later):
        events.submit(guest(station, arrival=later.date()), now=later)
        tasks.count()
        answer(old, now=later)
        audit.seal_rest()
        last = Tally.objects.latest("seal").seal
        again = changed(station.district, after=last, until=last + 9)
        tasks.count()

    assert again == {dt.date(2026, 11, 1): {old.stay.station_id}}
    assert untrue(station.district, later.date()) == []
    assert list(keep.differences(station.district)) == []
    assert set(Tally.objects.filter(seal__gt=last).values_list("station", flat=True)) == {
        None,
        old.stay.station_id,
    }


def test_of_answers_from_many_stations_the_whole_month_is_counted():
    again, month = {}, TODAY.replace(day=1)
    for number in range(FEW + 1):
        assert again.get(month) == ({*range(number)} or None)
        add(again, month, {number})
    add(again, month, {1})

    assert again == {month: None}


def test_a_withdrawn_consent_is_counted(station):
    question = left(district=station.district)
    with time_machine.travel(NOW + 40 * DAY):
        tasks.count()
        person = question.stay.graduate
        journey.withdraw_consent(person=person, by=person.user, now=NOW + 40 * DAY)
        tasks.count()

    assert FollowUp.objects.filter(status="declined").count() == 2
    assert untrue(station.district, (NOW + 40 * DAY).date()) == []


def test_a_new_day_is_counted_anew(station):
    inside(station)
    tasks.count()

    with time_machine.travel(NOW + DAY):
        tasks.count()

    assert set(Tally.objects.values_list("day", flat=True)) == {TODAY + DAY}
    assert untrue(station.district, TODAY + DAY) == []


@pytest.mark.parametrize("act", ["look at application", "assign", "give key"])
def test_what_changes_no_number_has_nothing_counted_again(station, act):
    draft = inside(station)
    tasks.count()
    audit.record(act, draft, by=None, now=NOW, district_id=station.district_id)

    assert tasks.count() == 0


@pytest.mark.parametrize("busy", ["all", "370811"])
def test_while_one_worker_counts_another_goes_on_to_other_work(station, busy):
    inside(station)
    cache.add(f"tallies:{busy}", True)

    assert tasks.count() == 0
    assert not Tally.objects.exists()


def test_a_district_that_cannot_be_counted_does_not_keep_the_others_waiting(station, monkeypatch):
    other = make_station(make_district("370829"), slug="other", beds=2)
    real = keep.count_month

    def broken(district, *more, **told):
        if district == station.district:
            raise RuntimeError
        return real(district, *more, **told)

    monkeypatch.setattr(keep, "count_month", broken)
    inside(station)
    inside(other)
    tasks.count()

    assert {*Tally.objects.values_list("district__code", flat=True)} == {"370829"}


def test_a_report_waits_for_who_counts_and_is_left_to_be_taken_up(station, monkeypatch):
    monkeypatch.setattr(tasks, "PATIENCE", 1)
    month = {"kind": "month", "period": dt.date(2026, 10, 1), "by": None, "now": NOW}
    request_reports(district=station.district, **month)
    report = Report.objects.first()
    cache.add(f"tallies:{station.district.code}", True)

    tasks.build_report(report.pk)

    report.refresh_from_db()
    assert report.state == Report.State.QUEUED


def test_of_two_workers_the_slower_one_leaves_what_the_other_has_counted(station, monkeypatch):
    """The slower one has counted before an act that the quicker one has seen."""
    inside(station)
    tasks.count()
    district = station.district
    former = keep._former(district)
    old = keep.count_month(district, TODAY.replace(day=1), today=TODAY, seal=former.seal, now=NOW)

    events.promise(guest(station))
    tasks.count()

    assert not keep._replace(district, former, {TODAY.replace(day=1): None}, old)
    assert untrue(district) == []


def test_a_tally_that_is_not_true_is_found(station):
    inside(station)
    tasks.count()
    assert list(keep.differences(station.district)) == []

    kept = Tally.objects.get(station=station)
    kept.counts["steps"][0][-1] += 1
    kept.save()

    assert len(list(keep.differences(station.district))) == 1


def test_an_act_not_counted_yet_is_no_difference(station):
    inside(station)
    tasks.count()

    events.promise(guest(station))

    assert list(keep.differences(station.district)) == []
