"""A policy is drafted, compared, tried out and published; what is used never changes."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from bookings import journey, tasks
from bookings.core.audit import AuditEntry
from bookings.core.clock import local_date
from bookings.core.transitions import StateChanged
from bookings.eligibility.models import Decision, Trial
from bookings.eligibility.policies import versions
from bookings.eligibility.policies.compare import FIELDS, compare, plain
from bookings.eligibility.policies.trial import NobodyApplied, begin
from bookings.eligibility.rules import CLAUSES
from bookings.people.models import Membership, Role, User
from bookings.places.models import Policy
from tests import events
from tests.eligibility.test_assess import HEADER, line
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def station():
    return make_station(make_district(), beds=4)


@pytest.fixture
def in_force(station):
    return station.district.policies.get()


@pytest.fixture
def manager(station):
    user = User.objects.create_user("manager@example.test")
    Membership.objects.create(user=user, district=station.district, role=Role.MANAGER)
    return user


@pytest.fixture
def browser(manager):
    one = Client()
    one.force_login(manager)
    return one


@pytest.fixture
def draft(in_force, manager):
    return versions.draft(source=in_force, by=manager, now=NOW)


def change(draft, manager, **rules):
    versions.save(policy=draft, rules=rules, seen=plain(draft), by=manager, now=NOW)
    draft.refresh_from_db()


def typed(page):
    """What the form of a draft would send as it stands, and what it has seen."""
    form = page.context["rules"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value not in (None, False, [])}
    return {**sent, "act": "save", "seen": page.context["seen"]}


# --- versions ------------------------------------------------------------------------------------


def test_a_draft_is_a_copy_in_force_on_no_day(draft, in_force):
    assert plain(draft) == plain(in_force)
    assert (draft.version, draft.valid_from) == (in_force.version + 1, None)
    assert Policy.objects.in_force(draft.district, TODAY + 9999 * DAY) == in_force


def test_there_is_one_draft_a_district_whoever_asks(draft, in_force, manager):
    assert versions.draft(source=in_force, by=manager, now=NOW) == draft
    with (
        pytest.raises(IntegrityError, match=r"one_draft_a_district|district_id"),
        transaction.atomic(),
    ):
        Policy.objects.create(district=draft.district, version=99, minimum_degree="x", evidence={})


def test_two_managers_at_one_draft_do_not_lose_each_others_words(draft, manager):
    seen = plain(draft)
    change(draft, manager, nights=10)

    with pytest.raises(versions.Changed):
        versions.save(policy=draft, rules={"nights": 5}, seen=seen, by=manager, now=NOW)

    assert Policy.objects.get(pk=draft.pk).nights == 10


def test_published_it_decides_from_its_day_on(draft, in_force, manager, noon):
    change(draft, manager, nights=10)
    versions.publish(policy=draft, valid_from=TODAY + DAY, by=manager, now=NOW)

    assert Policy.objects.in_force(draft.district, TODAY) == in_force
    assert Policy.objects.in_force(draft.district, TODAY + DAY) == draft
    assert AuditEntry.objects.filter(action="publish policy").exists()


def test_it_can_be_published_neither_for_today_nor_on_anothers_day(draft, in_force, manager):
    with pytest.raises(versions.DayPast):
        versions.publish(policy=draft, valid_from=TODAY, by=manager, now=NOW)
    Policy.objects.filter(pk=in_force.pk).update(valid_from=TODAY + 2 * DAY)
    with pytest.raises(versions.DayTaken):
        versions.publish(policy=draft, valid_from=TODAY + 2 * DAY, by=manager, now=NOW)


def test_published_twice_or_dropped_meanwhile_is_told(draft, manager):
    versions.publish(policy=draft, valid_from=TODAY + DAY, by=manager, now=NOW)

    with pytest.raises(StateChanged):
        versions.publish(policy=draft, valid_from=TODAY + 2 * DAY, by=manager, now=NOW)
    with pytest.raises(StateChanged):
        versions.drop(policy=draft, by=manager, now=NOW)
    with pytest.raises(StateChanged):
        versions.save(policy=draft, rules={}, seen=plain(draft), by=manager, now=NOW)


def test_it_can_be_taken_back_before_its_day_only(draft, in_force, manager):
    versions.publish(policy=draft, valid_from=TODAY + DAY, by=manager, now=NOW)
    draft.refresh_from_db()

    with pytest.raises(versions.AlreadyUsed):
        versions.take_back(policy=draft, by=manager, now=NOW + DAY)
    with pytest.raises(versions.AlreadyUsed):
        versions.take_back(policy=in_force, by=manager, now=NOW)
    versions.take_back(policy=draft, by=manager, now=NOW)

    draft.refresh_from_db()
    assert draft.valid_from is None


def test_what_has_decided_never_changes(station, in_force):
    events.submit(make_draft(make_person(station.district), station))

    for name in ("nights", "valid_from"):
        with pytest.raises(IntegrityError, match="used_policy_never_changes"), transaction.atomic():
            Policy.objects.filter(pk=in_force.pk).update(
                **{name: {"nights": 9, "valid_from": None}[name]}
            )


def test_comparing_names_every_rule_and_what_changed(draft, in_force, manager):
    change(draft, manager, nights=10, evidence={"interview": ["contract"]}, maximum_age=35)

    rows = compare(in_force, draft)

    assert [row.name for row in rows] == list(FIELDS)
    assert {row.name for row in rows if row.changed} == {"nights", "evidence", "maximum_age"}


def test_no_rule_is_missing_in_the_comparison():
    known = {field.name for field in Policy._meta.concrete_fields}

    assert set(FIELDS) == known - {"id", "district", "version", "valid_from"}


# --- trying out ----------------------------------------------------------------------------------


def applied(station, **person):
    one = make_person(station.district)
    type(one).objects.filter(pk=one.pk).update(**person)
    one.refresh_from_db()
    draft = make_draft(one, station, arrival=TODAY + DAY, nights=3)
    events.submit(draft)
    return draft


def tried(draft, manager):
    in_force = Policy.objects.in_force(draft.district, TODAY)
    period = {"since": TODAY, "until": TODAY}
    trial = begin(policy=draft, against=in_force, **period, by=manager, now=NOW)
    tasks.try_policy(trial.pk)
    return Trial.objects.get(pk=trial.pk)


def test_who_would_gain_and_lose_by_which_clause_and_what_it_takes(station, draft, manager):
    applied(station)
    old = applied(station, graduation_date=dt.date(2023, 1, 1))  # too long ago, not with four years
    young = applied(station, degree="junior_college")
    change(draft, manager, years_since_graduation=4, minimum_degree="bachelor")

    trial = tried(draft, manager)

    found = trial.result
    assert (trial.done, trial.total, found["judged"]) == (3, 3, 3)
    assert found["moved"] == [1, 1]
    assert found["gained"] == [[str(old.pk), ["recent_graduate"]]]
    assert found["lost"] == [[str(young.pk), ["degree"]]]
    assert found["clauses"] == {"recent_graduate": [1, 0], "degree": [0, 1]}
    assert (found["nights"], found["busiest"], found["beds"]) == ([6, 6], [2, 2], 4)


def test_nothing_changes_for_anybody(station, draft, manager):
    one = applied(station)
    before = list(Decision.objects.values())
    change(draft, manager, minimum_degree="doctor")

    tried(draft, manager)

    assert list(Decision.objects.values()) == before
    assert events.own(one).status == "in_review"


def test_what_a_reviewer_found_later_is_left_out_and_whoever_was_forgotten(station, draft, manager):
    kept, gone = applied(station), applied(station)
    events.approve(kept)
    events.refuse(gone)
    journey.forget_person(person=gone.graduate, by=gone.user, now=NOW)

    found = tried(draft, manager).result

    assert (found["judged"], found["left_out"], found["moved"]) == (1, 1, [0, 0])


def test_a_trial_runs_once_and_the_same_one_is_not_begun_twice(station, draft, manager, in_force):
    applied(station)
    period = {"since": TODAY, "until": TODAY, "by": manager, "now": NOW}
    first = begin(policy=draft, against=in_force, **period)

    assert begin(policy=draft, against=in_force, **period) == first
    tasks.try_policy(first.pk)
    kept = Trial.objects.get(pk=first.pk)
    applied(station)
    tasks.try_policy(first.pk)  # the message came twice
    assert Trial.objects.get(pk=first.pk).result == kept.result


def test_what_stopped_half_way_says_so_and_can_be_begun_again(
    station, draft, manager, in_force, browser, noon
):
    applied(station)
    period = {"since": TODAY, "until": TODAY, "by": manager}
    first = begin(policy=draft, against=in_force, **period, now=NOW)
    noon.shift(dt.timedelta(minutes=6))

    assert "已中断" in browser.get(f"/policies/trials/{first.pk}/").content.decode()
    again = begin(policy=draft, against=in_force, **period, now=NOW + dt.timedelta(minutes=6))
    assert again != first


def test_the_cases_are_read_chunk_by_chunk_and_none_is_lost(station, draft, manager, monkeypatch):
    monkeypatch.setattr("bookings.eligibility.policies.trial.CHUNK", 2)
    for _ in range(5):
        one = make_draft(make_person(station.district), station)
        events.submit(one)
        events.refuse(one)  # a second decision, which no trial counts

    trial = tried(draft, manager)

    assert (trial.done, trial.result["judged"]) == (5, 5)


def test_a_draft_thrown_away_takes_its_trials_along(station, draft, manager, in_force):
    applied(station)
    trial = begin(policy=draft, against=in_force, since=TODAY, until=TODAY, by=manager, now=NOW)

    versions.drop(policy=draft, by=manager, now=NOW)

    tasks.try_policy(trial.pk)
    assert not Trial.objects.exists()


def test_a_period_in_which_nobody_applied_is_told(draft, manager, in_force):
    with pytest.raises(NobodyApplied):
        begin(policy=draft, against=in_force, since=TODAY, until=TODAY, by=manager, now=NOW)


# --- the pages -----------------------------------------------------------------------------------


def test_a_manager_drafts_changes_tries_and_publishes_in_the_browser(station, browser, in_force):
    applied(station, graduation_date=dt.date(2023, 1, 1))
    place = browser.post("/policies/").url
    page = browser.get(place)
    saved = browser.post(place, {**typed(page), "years_since_graduation": 4, "nights": 9})
    assert saved.status_code == 302

    page = browser.post(place, {"act": "try", "since": TODAY, "until": TODAY})
    assert "已审核 0 / 1" in browser.get(page.url).content.decode()
    tasks.try_policy(Trial.objects.get().pk)
    assert browser.get(page.url).context["found"]["moved"] == [1, 0]

    browser.post(place, {"act": "publish", "valid_from": TODAY + DAY})
    coming = Policy.objects.in_force(station.district, TODAY + DAY)
    assert (coming.years_since_graduation, coming.nights) == (4, 9)
    assert coming.evidence == in_force.evidence
    browser.post(place, {"act": "take_back"})
    browser.post(place, {"act": "drop"})
    assert not Policy.objects.filter(pk=coming.pk).exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"nights": "0"}, "nights"),
        ({"nights": "31"}, "nights"),
        ({"maximum_age": "17"}, "maximum_age"),
        ({"follow_up_days": "bald"}, "follow_up_days"),
        ({"follow_up_days": "0"}, "follow_up_days"),
        ({"minimum_degree": "?"}, "minimum_degree"),
        ({"seen": "forged"}, "__all__"),
    ],
)
def test_a_slip_is_told_beside_its_field_and_nothing_is_saved(browser, draft, changed, field):
    page = browser.get(f"/policies/{draft.pk}/")

    page = browser.post(f"/policies/{draft.pk}/", {**typed(page), "nights": 5, **changed})

    assert field in page.context["rules"].errors
    assert Policy.objects.get(pk=draft.pk).nights == draft.nights


def test_without_a_purpose_nobody_could_come(browser, draft):
    sent = typed(browser.get(f"/policies/{draft.pk}/"))
    sent = {name: value for name, value in sent.items() if not name.startswith("accept_")}

    page = browser.post(f"/policies/{draft.pk}/", sent)

    assert "__all__" in page.context["rules"].errors


def test_a_list_is_tried_at_once_and_not_kept(station, browser, draft, manager):
    change(draft, manager, minimum_degree="master")
    people = "\n".join([HEADER, line(), line(ref="2", degree="doctor"), line(ref="3", nights="x")])
    upload = SimpleUploadedFile("people.csv", people.encode())

    page = browser.post(f"/policies/{draft.pk}/", {"act": "list", "file": upload})

    found = page.context["found"]
    assert (found["moved"], found["left_out"], found["nights"]) == ([0, 1], 1, [14, 7])
    assert page.context["lost"] == [("1", ["学历"])]
    assert not Trial.objects.exists()


def test_a_list_that_is_none_is_told_beside_it(browser, draft):
    upload = SimpleUploadedFile("people.csv", b"\x00\x01")

    page = browser.post(f"/policies/{draft.pk}/", {"act": "list", "file": upload})

    assert "file" in page.context["list_form"].errors


def test_without_a_policy_in_force_there_is_no_such_page(browser, in_force):
    Policy.objects.update(valid_from=TODAY + DAY)

    assert browser.get("/policies/").status_code == 404


def test_another_districts_policy_is_not_there(browser):
    there = make_district("370829").policies.get()

    assert browser.get(f"/policies/{there.pk}/").status_code == 404


# --- replaying -----------------------------------------------------------------------------------


def replayed():
    told = io.StringIO()
    call_command("replay_decisions", stdout=told, stderr=io.StringIO())
    return told.getvalue().strip()


def test_every_decision_replays(station):
    events.promise(make_draft(make_person(station.district), station))

    assert replayed() == "2 decisions judged again, 0 differ"


def test_one_that_does_not_is_named(station, monkeypatch):
    events.submit(make_draft(make_person(station.district), station))
    monkeypatch.setattr("bookings.eligibility.rules.anniversary", lambda day, years: dt.date.min)

    with pytest.raises(CommandError):
        replayed()


def test_a_clause_that_came_later_is_not_asked_of_older_decisions(station, monkeypatch):
    events.submit(make_draft(make_person(station.district), station))
    later = {"later": lambda facts, rules: ("fail", "missing", {})}
    monkeypatch.setattr("bookings.eligibility.rules.CLAUSES", {**CLAUSES, **later})

    assert replayed() == "1 decisions judged again, 0 differ"


def test_local_midnight_bounds_the_period(station, draft, manager, noon):
    applied(station)
    late = NOW.replace(hour=16)  # 16:00 UTC is the next day in China

    assert local_date(late) == TODAY + DAY
    assert tried(draft, manager).total == 1
