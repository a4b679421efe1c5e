"""A case is one reviewer's; a clause is let pass by two; an appeal reopens once; papers checked later."""

import datetime as dt

import pytest

from bookings import journey
from bookings.beds.models import BedNight
from bookings.core.audit import AuditEntry
from bookings.eligibility import claim
from bookings.eligibility.decide import replay
from bookings.invariants import breaches
from bookings.messages.models import Message
from bookings.people.models import Membership, Role
from tests import events
from tests.events import own
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
HALF_HOUR = dt.timedelta(minutes=30)
DAY = dt.timedelta(days=1)


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def station(district):
    return make_station(district)


@pytest.fixture
def draft(district, station):
    """In review, the station's one bed held."""
    draft = make_draft(make_person(district), station)
    events.submit(draft)
    return draft


@pytest.fixture
def local(district, station):
    """Refused by the system: registered in the district."""
    draft = make_draft(make_person(district, hukou="370802"), station)
    events.submit(draft)
    return draft


@pytest.fixture
def automatic(district):
    district.policies.update(review="automatic")


def somebody_takes_the_bed(local):
    other = make_draft(make_person(local.district), local.station)
    events.submit(other)
    return other


def ends(draft):
    """Status of the application and of its stay, and its nights in beds."""
    stay = getattr(own(draft), "stay", None)
    return own(draft).status, stay and stay.status, BedNight.objects.filter(stay=stay).count()


def acts_on(draft):
    entries = AuditEntry.objects.filter(subject=f"application:{draft.pk}").order_by("pk")
    return [(entry.action, str(entry.by)) for entry in entries]


@pytest.fixture(autouse=True)
def the_house_is_whole():
    yield
    assert list(breaches()) == []


# --- whose case ----------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["take", "approve", "refuse", "ask_for_more"])
def test_who_acts_on_a_case_that_another_has_at_hand_is_told_who(draft, act):
    events.take(draft, by="colleague")

    with pytest.raises(claim.TakenByAnother) as told:
        getattr(events, act)(draft)

    assert "colleague" in str(told.value.sentence)
    assert ends(draft) == ("in_review", "requested", 3)


def test_after_half_an_hour_or_put_back_anybody_may_take_it(draft):
    events.take(draft, by="colleague")
    events.take(draft, now=NOW + HALF_HOUR)
    claim.give_back(application=own(draft), by=events.reviewer())
    events.take(draft, by="colleague", now=NOW + HALF_HOUR)

    assert str(own(draft).reviewer) == "colleague"


def test_a_manager_gives_a_case_to_another_and_opening_does_not_shorten_that(draft):
    district = draft.district
    people = {
        name: events.reviewer(name) for name in ("manager", "reviewer", "colleague", "stranger")
    }
    for name, role in [("manager", Role.MANAGER), ("reviewer", "reviewer"), ("colleague", "clerk")]:
        Membership.objects.create(user=people[name], district=district, role=role)
    events.take(draft, by="stranger")

    def assign(to, by):
        told = {"to": people[to], "by": people[by], "now": NOW}
        claim.assign(application=own(draft), **told)

    with pytest.raises(claim.TakenByAnother):
        assign("reviewer", by="reviewer")
    for not_reviewing in ("colleague", "stranger"):
        with pytest.raises(claim.NotAReviewer):
            assign(not_reviewing, by="manager")
    assign("reviewer", by="manager")
    events.take(draft)

    assert (str(own(draft).reviewer), own(draft).reviewer_until) == ("reviewer", NOW + DAY)


def test_what_is_decided_is_in_nobodys_hands(draft):
    events.take(draft)
    events.ask_for_more(draft)

    assert (own(draft).reviewer, own(draft).reviewer_until) == (None, None)


# --- exactly which papers ------------------------------------------------------------------------


def test_asked_for_two_papers_the_applicant_sends_both_and_nothing_else_will_do(draft):
    events.ask_for_more(draft, kinds=("contract", "other"))
    assert "合同" in Message.objects.get(key__startswith="more_asked").text

    later = NOW + dt.timedelta(hours=1)
    for kind, refusal in [("degree", "still_missing"), ("contract", "still_missing")]:
        new = {"kind": kind, "size": 1, "sha256": f"new {kind}", "uploaded_at": later}
        draft.evidence.create(**new)
        with pytest.raises(journey.NothingAdded) as told:
            events.resubmit(draft, now=later)
        assert told.value.code == refusal
    draft.evidence.create(kind="other", size=1, sha256="other", uploaded_at=later)
    events.resubmit(draft, now=later)

    assert (ends(draft), own(draft).asked_kinds) == (("in_review", "requested", 3), [])


# --- two people let a clause pass ----------------------------------------------------------------


def test_two_people_let_a_clause_pass_and_the_bed_is_held_and_promised(local):
    events.propose(local)
    decision = events.confirm(local)

    assert (decision.outcome, str(decision.by)) == ("approve", "colleague")
    passed = [f["clause"] for f in decision.findings if f["reason"] == "overridden"]
    assert (passed, replay(decision)) == (["non_local"], decision.findings)
    assert ends(local) == ("approved", "promised", 3)
    assert acts_on(local)[1:] == [
        ("propose_override", "reviewer"),
        ("confirm_override", "colleague"),
    ]
    assert Message.objects.filter(key__startswith="approved").count() == 1


@pytest.mark.parametrize("act", [events.confirm, events.decline])
def test_the_second_person_is_never_the_first(local, act):
    events.propose(local)

    with pytest.raises(journey.SecondPerson):
        act(local, by="reviewer")

    assert ends(local) == ("refused", None, 0)


def test_declined_all_stays_as_it_was_and_another_reason_may_follow(local):
    events.propose(local)
    events.decline(local)
    with pytest.raises(journey.StateChanged):
        events.confirm(local)

    events.propose(local)

    assert [one.status for one in local.overrides.order_by("pk")] == ["declined", "waiting"]
    assert (ends(local), local.decisions.count()) == (("refused", None, 0), 1)


def test_without_a_bed_the_second_person_is_told_and_the_override_still_waits(local):
    other = somebody_takes_the_bed(local)
    events.propose(local)
    with pytest.raises(journey.NoBedLeft):
        events.confirm(local)
    assert (ends(local), local.overrides.get().status) == (("refused", None, 0), "waiting")

    events.withdraw(other)
    events.confirm(local)

    assert ends(local) == ("approved", "promised", 3)


def test_what_is_still_unproven_after_an_override_goes_to_review_with_its_bed(district, station):
    person = make_person(district, hukou="370802")
    draft = make_draft(person, station, evidence=())
    events.submit(draft)
    events.propose(draft)
    events.confirm(draft)
    assert ends(draft) == ("in_review", "requested", 3)

    events.approve(draft)

    assert ends(draft) == ("approved", "promised", 3)


def test_where_another_clause_fails_too_it_stays_refused_until_that_passes_as_well(local):
    type(local.graduate).objects.filter(pk=local.graduate.pk).update(has_home=True)
    events.propose(local)
    assert (events.confirm(local).outcome, ends(local)) == ("refuse", ("refused", None, 0))

    events.propose(local, clause="no_home")
    events.confirm(local)

    assert ends(local) == ("approved", "promised", 3)


@pytest.mark.parametrize("clause", ["degree", "allowance"])
def test_only_what_the_system_failed_can_be_let_pass_and_never_a_night_too_many(local, clause):
    with pytest.raises(journey.CannotOverride):
        events.propose(local, clause=clause)


def test_a_clause_waits_for_one_second_person_at_a_time_and_not_when_the_nights_have_begun(local):
    events.propose(local)
    with pytest.raises(journey.OverrideWaits):
        events.propose(local, by="colleague")
    with pytest.raises(journey.NightsBegun):
        events.confirm(local, now=NOW + DAY)


# --- the appeal ----------------------------------------------------------------------------------


def test_an_appeal_holds_the_bed_again_and_another_person_judges_it(draft):
    events.refuse(draft)
    events.appeal(draft)
    assert ends(draft) == ("in_review", "requested", 3)
    assert own(draft).review_due == TODAY + 2 * DAY

    with pytest.raises(claim.NotYours):
        events.approve(draft)
    events.approve(draft, by="colleague")

    assert ends(draft) == ("approved", "promised", 3)


def test_an_appeal_is_taken_once_and_then_told_whom_to_call(draft):
    events.refuse(draft)
    events.appeal(draft)
    events.refuse(draft, by="colleague")

    with pytest.raises(journey.AppealedBefore) as told:
        events.appeal(draft)

    assert draft.district.hotline in str(told.value.sentence)
    assert ends(draft) == ("refused", "cancelled", 0)


def test_an_appeal_without_a_bed_is_judged_all_the_same_and_gets_one_when_there_is_one(draft):
    events.refuse(draft)
    other = somebody_takes_the_bed(draft)
    events.appeal(draft)
    assert ends(draft) == ("in_review", "cancelled", 0)

    with pytest.raises(journey.NoBedLeft):
        events.approve(draft, by="colleague")
    events.withdraw(other)
    events.approve(draft, by="colleague")

    assert ends(draft) == ("approved", "promised", 3)


def test_an_appeal_without_a_bed_may_be_withdrawn_or_refused(draft, local):
    events.appeal(local)
    events.withdraw(local)
    events.refuse(draft)
    somebody_takes_the_bed(draft)
    events.appeal(draft)
    events.refuse(draft, by="colleague")

    assert (ends(local), ends(draft)) == (("withdrawn", None, 0), ("refused", "cancelled", 0))


def test_an_appeal_against_the_system_needs_two_people_too(local):
    events.appeal(local)
    with pytest.raises(journey.CannotApprove):
        events.approve(local)
    events.propose(local)
    with pytest.raises(journey.OverrideWaits):
        events.refuse(local)

    events.confirm(local)

    assert ends(local) == ("approved", "promised", 3)


def test_an_appeal_is_judged_by_the_nights_that_are_left_now(draft, district):
    events.refuse(draft)
    elsewhere = make_station(district, slug="other")
    events.submit(make_draft(draft.graduate, elsewhere, nights=5, arrival=TODAY + 7 * DAY))
    events.appeal(draft)

    assert ends(draft) == ("in_review", "cancelled", 0)
    failed = [f["clause"] for f in draft.decisions.latest().findings if f["outcome"] == "fail"]
    assert failed == ["for_work", "allowance"]


@pytest.mark.parametrize("wait", [dt.timedelta(hours=11), DAY])
def test_when_nobody_can_arrive_any_more_there_is_nothing_to_appeal_for(draft, wait):
    events.refuse(draft)

    with pytest.raises(journey.NightsBegun):
        events.appeal(draft, now=NOW + wait)


def test_only_a_refusal_is_appealed(draft):
    with pytest.raises(journey.StateChanged):
        events.appeal(draft)


# --- approved automatically, looked at later -----------------------------------------------------


def test_what_passes_is_approved_at_once_and_looked_at_once_later(automatic, draft):
    assert ends(draft) == ("approved", "promised", 3)

    events.check_papers(draft)

    with pytest.raises(journey.StateChanged):
        events.check_papers(draft)
    with pytest.raises(journey.StateChanged):
        events.revoke(draft)
    assert ends(draft) == ("approved", "promised", 3)


def test_an_approval_that_the_papers_contradict_is_taken_back_with_bed_and_pass(
    automatic, draft, station
):
    code = draft.stay.passes.get().short_code
    events.revoke(draft)

    assert ends(draft) == ("refused", "cancelled", 0)
    assert events.scan(station, code).reason == "cancelled"
    assert Message.objects.filter(key__startswith="revoked").count() == 1
    events.appeal(draft)
    events.approve(draft, by="colleague")
    assert ends(draft) == ("approved", "promised", 3)
    assert Message.objects.filter(key__startswith="approved").count() == 2


def test_who_has_come_is_not_turned_out_by_a_reviewer(automatic, draft, station):
    events.scan(station, draft.stay.passes.get().short_code)

    with pytest.raises(journey.InHouse):
        events.revoke(draft)

    assert ends(draft) == ("approved", "arrived", 3)
