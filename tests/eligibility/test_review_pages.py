"""The reviewer's pages: a queue cleared case by case, evidence beside claims, nothing typed lost."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.applications import working_days
from bookings.applications.models import Application
from bookings.people.models import Role
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CASES = 20


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def station(district):
    return make_station(district, beds=CASES)


def case(station, **wish):
    draft = make_draft(make_person(station.district), station, **wish)
    events.submit(draft)
    return draft


def signed_in(district, role):
    client = Client()
    client.user = member(district, role)
    client.force_login(client.user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def reviewer(district):
    return signed_in(district, Role.REVIEWER)


@pytest.fixture
def manager(district):
    return signed_in(district, Role.MANAGER)


def act(client, draft, name, **typed):
    return client.post(f"/review/{draft.pk}/", {"act": name, **typed})


def rows(page):
    return [application.pk for application in page.context["applications"]]


def test_twenty_cases_are_cleared_one_after_the_other(station, reviewer):
    drafts = [case(station) for _ in range(CASES)]
    turns = [
        ("approve", {}),
        ("refuse", {"clause": "degree", "note": "The paper names somebody else."}),
        ("ask", {"kinds": ["degree"], "text": "The second page, please."}),
        ("approve", {"note": "Welcome."}),
    ]
    address, seen = f"/review/{drafts[0].pk}/", []

    while address != "/review/":
        name, typed = turns[len(seen) % len(turns)]
        assert reviewer.get(address).status_code == 200
        seen.append(address)
        address = reviewer.post(address, {"act": name, **typed}).url

    assert seen == [f"/review/{draft.pk}/" for draft in drafts]
    states = [events.own(draft).status for draft in drafts]
    assert states == ["approved", "refused", "more_asked", "approved"] * (CASES // 4)
    assert rows(reviewer.get("/review/")) == []


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({}, "in_review"),
        ({"to_see": ["job_fair"]}, "in_review"),
        ({"to_see": ["degree"]}, "approved"),
        ({"note": "The university has confirmed it by telephone."}, "approved"),
    ],
)
def test_what_no_paper_shows_passes_with_a_reason_or_once_the_desk_has_seen_it(
    station, reviewer, typed, status
):
    draft = make_draft(make_person(station.district), station, evidence=[])
    events.submit(draft)

    page = act(reviewer, draft, "approve", **typed)

    assert events.own(draft).status == status
    assert (page.status_code == 200) == (status == "in_review")


def test_what_is_due_first_is_first_and_an_early_arrival_counts_as_due(station, reviewer):
    late, overdue, soon = (case(station, arrival=TODAY + n * DAY) for n in (9, 9, 1))
    Application.objects.filter(pk=overdue.pk).update(review_due=TODAY - DAY)

    assert rows(reviewer.get("/review/")) == [overdue.pk, soon.pk, late.pk]
    assert rows(reviewer.get("/review/?list=overdue")) == [overdue.pk]


def test_a_manager_sees_how_many_are_overdue_on_every_staff_page(station, manager):
    case(station)
    Application.objects.update(review_due=TODAY - DAY)

    for address in ("/statistics/", "/review/", "/follow-ups/"):
        assert "1 overdue" in manager.get(address).content.decode()


def test_only_managers_are_told_of_a_year_without_holidays(monkeypatch, manager, reviewer):
    monkeypatch.setattr(working_days, "knows", lambda year: False)

    assert "public holidays of 2026" in manager.get("/review/").content.decode()
    assert "public holidays" not in reviewer.get("/review/").content.decode()


def test_a_paper_stands_beside_the_claim_that_it_proves(station, reviewer):
    draft = case(station, evidence=("degree", "contract", "other"))

    page = reviewer.get(f"/review/{draft.pk}/")

    beside = {claim.told.clause: [p.kind for p in claim.papers] for claim in page.context["claims"]}
    assert {clause: kinds for clause, kinds in beside.items() if kinds} == {
        "degree": ["degree"],
        "for_work": ["contract"],
    }
    assert [paper.kind for paper in page.context["papers"]] == ["other"]


@pytest.mark.parametrize(
    ("name", "typed", "field"),
    [
        ("refuse", {"note": "The paper names somebody else."}, "clause"),
        ("refuse", {"clause": "degree", "note": ""}, "note"),
        ("ask", {"text": "The second page, please."}, "kinds"),
        ("ask", {"kinds": ["other"], "text": ""}, "text"),
    ],
)
def test_what_is_missing_is_told_beside_its_field_and_the_rest_stays(
    station, reviewer, name, typed, field
):
    page = act(reviewer, case(station), name, **typed)

    form = page.context["acts"][name]
    assert list(form.errors) == [field]
    assert {key: form[key].value() for key in typed} == typed


def test_who_acts_on_a_case_another_opened_is_told_and_keeps_what_was_typed(
    station, reviewer, manager
):
    draft = case(station)
    manager.get(f"/review/{draft.pk}/")

    opened = reviewer.get(f"/review/{draft.pk}/")
    refused = act(reviewer, draft, "refuse", clause="degree", note="Somebody else's name.")

    assert str(manager.user) in opened.context["taken"]
    (sentence,) = refused.context["form"].non_field_errors()
    assert str(manager.user) in sentence
    assert "Somebody else&#x27;s name." in refused.content.decode()
    assert events.own(draft).status == "in_review"


def test_a_manager_takes_a_case_over(station, reviewer, manager):
    draft = case(station)
    reviewer.get(f"/review/{draft.pk}/")

    act(manager, draft, "assign", to=manager.user.pk)

    assert events.own(draft).reviewer == manager.user
    page = act(reviewer, draft, "assign", to=reviewer.user.pk)
    assert events.own(draft).reviewer == manager.user
    assert len(page.context["form"].non_field_errors()) == 1


def test_a_case_that_another_has_at_hand_is_not_the_next(station, reviewer, manager):
    first, second, third = (case(station) for _ in range(3))
    manager.get(f"/review/{second.pk}/")
    reviewer.get(f"/review/{first.pk}/")

    assert act(reviewer, first, "approve").url == f"/review/{third.pk}/"


def test_an_override_goes_from_one_reviewer_to_another(station, reviewer, manager):
    person = make_person(station.district, hukou="370802")
    draft = make_draft(person, station)
    events.submit(draft)

    act(reviewer, draft, "propose", clause="non_local", reason="The booklet is older than 2013.")
    assert rows(reviewer.get("/review/")) == [draft.pk]
    assert "confirm" not in reviewer.get(f"/review/{draft.pk}/").context["acts"]
    act(reviewer, draft, "confirm")
    assert events.own(draft).status == "refused"
    act(manager, draft, "confirm")

    assert events.own(draft).status == "approved"


def test_approved_automatically_it_is_checked_at_leisure(station, reviewer):
    assert "list=check" not in reviewer.get("/review/").content.decode()
    station.district.policies.update(review="automatic")
    fine, wrong = case(station), case(station)

    assert rows(reviewer.get("/review/?list=check")) == [fine.pk, wrong.pk]
    assert act(reviewer, fine, "check").url == f"/review/{wrong.pk}/"
    act(reviewer, wrong, "revoke", clause="degree", note="Somebody else's certificate.")

    assert rows(reviewer.get("/review/?list=check")) == []
    assert [events.own(draft).status for draft in (fine, wrong)] == ["approved", "refused"]


def test_the_applicant_is_told_exactly_what_is_wanted_and_may_send_only_that(station, reviewer):
    draft = case(station)
    act(reviewer, draft, "ask", kinds=["contract"], text="With the stamp of the company.")
    guest = Client()
    guest.force_login(draft.user)

    page = guest.get(f"/applications/{draft.pk}/")

    assert page.context["asked"] == [("contract", page.context["asked"][0][1], False)]
    assert [kind for kind, _ in page.context["form"].fields["kind"].choices] == ["contract"]
    assert "With the stamp of the company." in page.content.decode()


def test_an_appeal_is_written_on_the_applications_page_and_an_empty_one_is_told(station, reviewer):
    draft = case(station)
    act(reviewer, draft, "refuse", clause="degree", note="Not readable.")
    guest = Client()
    guest.force_login(draft.user)
    address = f"/applications/{draft.pk}/appeal/"

    empty = guest.post(address, {"reason": ""})
    guest.post(address, {"reason": "It is readable on the second photo."})

    assert list(empty.context["appeal_form"].errors) == ["reason"]
    assert events.own(draft).status == "in_review"
    again = guest.post(address, {"reason": "Once more."})
    assert station.district.hotline in again.content.decode()
    assert "Once more." not in reviewer.get(f"/review/{draft.pk}/").content.decode()


def test_a_case_asks_as_much_of_the_database_for_three_papers_as_for_one(
    station, reviewer, django_assert_num_queries
):
    draft = case(station)
    address = f"/review/{draft.pk}/"
    reviewer.get(address)
    with CaptureQueriesContext(connection) as one:
        reviewer.get(address)
    for kind in ("contract", "other"):
        draft.evidence.create(kind=kind, size=1, sha256=kind, uploaded_at=NOW)
    case(station)

    with django_assert_num_queries(len(one)):
        reviewer.get(address)


@pytest.mark.parametrize(
    ("number", "hukou", "shown"),
    [("370811200205010022", "110101", True), ("370811200205010022", "370811", False)],
)
def test_where_a_number_was_given_is_a_hint_beside_the_stated_home(
    station, reviewer, number, hukou, shown
):
    draft = case(station)
    type(draft.graduate).objects.update(doc_number=number, hukou_code=hukou)

    claims = reviewer.get(f"/review/{draft.pk}/").context["claims"]

    [home] = [claim for claim in claims if claim.told.clause == "non_local"]
    assert ("任城区" in home.hint) == shown
    assert home.told.outcome == "pass"  # never a reason by itself
