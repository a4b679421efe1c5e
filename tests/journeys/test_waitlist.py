"""Waiting for nights: who joins, in which order freed nights are offered, what becomes of an offer."""

import datetime as dt

import pytest

from bookings import journey, tasks
from bookings.beds.allocate import NoBed
from bookings.beds.models import BedNight, Stay
from bookings.beds.planner import Undecided
from bookings.beds.waitlist.models import Alert, Offer, Wait
from bookings.beds.waitlist.queue import place
from bookings.core.transitions import StateChanged
from bookings.eligibility.models import Decision
from bookings.invariants import breaches
from bookings.journey import apply
from bookings.messages.models import Message
from bookings.people.models import Graduate
from bookings.places.models import Closure
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
SOON = TODAY + 5 * DAY


@pytest.fixture
def station():
    """One bed."""
    return make_station(make_district())


@pytest.fixture
def policy(station):
    return station.district.policies.get()


@pytest.fixture
def guest(station):
    """Has the bed."""
    return sent(station)


def draft_for(station, *, arrival=SOON, nights=3, **more):
    return make_draft(
        make_person(station.district, **more), station, arrival=arrival, nights=nights
    )


def sent(station, **more):
    draft = draft_for(station, **more)
    events.submit(draft)
    return draft


def waiting(station, *, now=NOW, until=None, take_it=False, stations=(), **more):
    draft = draft_for(station, **more)
    events.wait(draft, until=until, take_it=take_it, stations=stations, now=now)
    return draft


def state(draft):
    """The application's, its stay's and its wait's."""
    application = events.own(draft)
    return application.status, application.stay.status, application.wait.status


def nights_of(draft):
    stay = events.own(draft).stay
    return list(stay.bed_nights.order_by("night").values_list("night", flat=True))


# --- joining -------------------------------------------------------------------------------------


def test_without_the_wish_to_wait_a_full_house_is_told_and_nothing_has_happened(station, guest):
    draft = draft_for(station)

    with pytest.raises(NoBed):
        events.submit(draft)

    assert events.own(draft).status == "draft"


def test_who_wishes_to_wait_is_judged_and_waits(station, guest):
    draft = waiting(station)

    assert state(draft) == ("in_review", "waitlisted", "waiting")
    assert not nights_of(draft)
    assert list(breaches()) == []


def test_who_does_not_fit_does_not_wait(station, guest):
    draft = waiting(station, hukou="370811")

    assert events.own(draft).status == "refused"
    assert not Wait.objects.exists()


def test_where_a_bed_is_free_nobody_waits(station):
    draft = waiting(station)

    assert events.own(draft).stay.status == "requested"
    assert not Wait.objects.exists()


def test_who_would_come_on_other_days_too_has_the_first_that_are_free(station, guest):
    draft = waiting(station, until=SOON + 9 * DAY)

    assert state(draft) == ("in_review", "requested", "taken")
    assert nights_of(draft)[0] == events.own(draft).arrival == SOON + 3 * DAY
    assert draft.decisions.count() == 2


def test_who_would_come_to_another_station_too_has_a_bed_there(station, guest):
    other = make_station(station.district, slug="other")

    draft = waiting(station, stations=[station, other])

    assert events.own(draft).station == other
    assert state(draft) == ("in_review", "requested", "taken")


def test_what_the_planner_cannot_decide_waits_and_is_counted_never_refused(station, monkeypatch):
    def give_up(*args, **kwargs):
        raise Undecided

    monkeypatch.setattr("bookings.beds.allocate.plan", give_up)
    draft = sent(station)

    assert state(draft) == ("in_review", "waitlisted", "waiting")
    assert events.own(draft).wait.undecided

    monkeypatch.undo()
    tasks.run_waitlist()
    assert state(draft) == ("in_review", "requested", "taken")


# --- offers --------------------------------------------------------------------------------------


def test_freed_nights_are_offered_to_the_first_who_waits(station, guest):
    first, second = (waiting(station, now=NOW + hours * HOUR) for hours in (0, 1))

    events.withdraw(guest)
    journey.serve(station=station, now=NOW)

    assert [state(one)[1] for one in (first, second)] == ["offered", "waitlisted"]
    assert nights_of(first) == [SOON, SOON + DAY, SOON + 2 * DAY]
    assert Message.objects.filter(key__startswith="offer:").count() == 1
    assert list(breaches()) == []


def test_the_policy_may_put_the_nearest_interview_first(station, guest, policy):
    policy.pk, policy.version, policy.valid_from = None, 2, TODAY
    policy.waitlist = "nearest_date"
    policy.save()
    later, sooner = (waiting(station, now=NOW + hours * HOUR) for hours in (0, 1))
    for draft, days in ((later, 9), (sooner, 6)):
        type(draft).objects.filter(pk=draft.pk).update(needed_on=TODAY + days * DAY)

    events.withdraw(guest)
    journey.serve(station=station, now=NOW)

    assert [state(one)[1] for one in (later, sooner)] == ["waitlisted", "offered"]


def test_whom_the_nights_do_not_help_is_passed_over(station, guest):
    sent(station, arrival=SOON + 3 * DAY)
    longer = waiting(station, nights=5)
    same = waiting(station, now=NOW + HOUR)

    events.withdraw(guest)
    journey.serve(station=station, now=NOW)

    assert [state(one)[1] for one in (longer, same)] == ["waitlisted", "offered"]


def test_whom_the_rules_would_refuse_now_is_passed_over(station, guest):
    suspended, next_one = (waiting(station, now=NOW + hours * HOUR) for hours in (0, 1))
    suspended.graduate.suspensions.create(
        until=TODAY + 90 * DAY, reason="示例", by=events.reviewer()
    )

    events.withdraw(guest)
    journey.serve(station=station, now=NOW)

    assert [state(one)[1] for one in (suspended, next_one)] == ["waitlisted", "offered"]


def test_an_offer_taken_in_review_is_held_and_approved_is_promised(station, guest):
    draft = waiting(station)
    events.withdraw(guest)
    journey.serve(station=station, now=NOW)

    events.take_offer(draft)

    assert state(draft) == ("in_review", "requested", "taken")
    assert events.approve(draft).stay == events.own(draft).stay
    assert state(draft)[1] == "promised"
    assert list(breaches()) == []


def test_who_is_approved_while_waiting_gets_the_pass_with_the_bed(station, guest):
    draft = waiting(station)
    assert events.approve(draft) is None
    assert state(draft) == ("approved", "waitlisted", "waiting")

    events.withdraw(guest)
    journey.serve(station=station, now=NOW)
    events.take_offer(draft)

    assert state(draft) == ("approved", "promised", "taken")
    assert events.own(draft).stay.passes.count() == 1
    assert list(breaches()) == []


def test_who_wished_so_has_the_offer_taken_for_them(station, guest):
    draft = waiting(station, take_it=True)
    events.approve(draft)

    events.withdraw(guest)
    journey.serve(station=station, now=NOW)

    assert state(draft) == ("approved", "promised", "taken")
    assert Offer.objects.get().status == "taken"


def test_nights_judged_for_others_are_judged_anew_and_stay_approved_by_whoever_did(station, guest):
    draft = waiting(station, until=SOON + DAY, nights=2)
    events.approve(draft)
    bed = station.rooms.get().beds.get()
    Closure.objects.create(bed=bed, first_night=SOON, until=SOON + DAY, reason="修理")

    events.withdraw(guest)
    journey.serve(station=station, now=NOW)

    latest = draft.decisions.latest()
    assert nights_of(draft)[0] == SOON + DAY
    assert (latest.outcome, latest.by, latest.number) == (
        Decision.Outcome.APPROVE,
        events.reviewer(),
        3,
    )


def test_an_offer_that_is_let_pass_goes_to_the_next(station, guest):
    first, second = (waiting(station, now=NOW + hours * HOUR) for hours in (0, 1))
    events.withdraw(guest)
    journey.serve(station=station, now=NOW)
    after = events.offer_of(first).expires_at

    assert not events.let_pass(first, now=after - HOUR)
    assert events.let_pass(first, now=after)
    assert not events.let_pass(first, now=after)
    journey.serve(station=station, now=after)

    assert [state(one)[1:] for one in (first, second)] == [
        ("waitlisted", "paused"),
        ("offered", "offered"),
    ]
    with pytest.raises(journey.OfferOver):
        events.take_offer(first, now=after)


def test_who_let_one_pass_waits_on_at_the_end(station, guest, policy):
    first, second = (waiting(station, now=NOW + hours * HOUR) for hours in (0, 1))
    events.withdraw(guest)
    journey.serve(station=station, now=NOW)
    events.decline_offer(first)

    events.wait_on(first, now=NOW + 2 * HOUR)

    waits = [events.own(one).wait for one in (first, second)]
    assert [place(wait, policy) for wait in waits] == [2, 1]


def test_an_offer_taken_twice_is_taken_once(station, guest):
    draft = waiting(station)
    events.withdraw(guest)
    journey.serve(station=station, now=NOW)
    events.take_offer(draft)

    with pytest.raises(StateChanged):
        events.take_offer(draft)


def test_going_through_the_list_twice_offers_once(station, guest):
    waiting(station)
    events.withdraw(guest)

    assert [journey.serve(station=station, now=NOW) for _ in range(2)] == [1, 0]


def test_nobody_new_has_nights_that_others_wait_for(station, guest):
    first = waiting(station)
    events.withdraw(guest)

    with pytest.raises(NoBed):
        sent(station)

    assert state(first)[1] == "offered"


def test_nights_given_back_at_the_last_moment_are_not_for_somebody_new(station, guest, monkeypatch):
    first = waiting(station)
    newcomer = draft_for(station)
    real, calls = apply.serve_first, []

    def serve_first(asked, *, now):
        real(asked, now=now)
        calls.append(asked)
        if len(calls) == 1:  # between the look at the list and the station's lock
            events.withdraw(guest)

    monkeypatch.setattr(apply, "serve_first", serve_first)
    with pytest.raises(NoBed):
        events.submit(newcomer)

    assert state(first)[1] == "offered"


def test_who_appeals_comes_after_those_who_wait_for_the_nights_given_back(station, guest):
    first = waiting(station)
    events.refuse(guest)

    events.appeal(guest)

    assert state(first)[1] == "offered"
    assert events.own(guest).stay.status == "cancelled"


# --- the end of waiting --------------------------------------------------------------------------


def test_who_withdraws_leaves_the_list_and_gives_an_offer_back(station, guest):
    draft = waiting(station)
    events.withdraw(guest)
    journey.serve(station=station, now=NOW)

    events.withdraw(draft)

    assert state(draft) == ("withdrawn", "cancelled", "left")
    assert Offer.objects.get().status == "declined"
    assert not BedNight.objects.exists()
    assert list(breaches()) == []


def test_a_refusal_ends_the_waiting(station, guest):
    draft = waiting(station)

    events.refuse(draft)

    assert state(draft) == ("refused", "cancelled", "left")


def test_when_the_days_are_gone_the_waiting_ends_and_is_told(station, guest):
    draft = waiting(station)
    wait = events.own(draft).wait

    assert journey.end_wait(wait=wait, now=NOW + 6 * DAY)
    assert not journey.end_wait(wait=wait, now=NOW + 6 * DAY)

    assert state(draft) == ("lapsed", "lapsed", "over")
    assert Message.objects.filter(key__startswith="wait_over").count() == 1


def test_a_guest_whose_bed_is_closed_waits_at_the_head_and_takes_what_comes(station, guest):
    other = waiting(station, now=NOW - HOUR)
    events.approve(guest)

    events.displace(guest)
    assert state(guest) == ("approved", "waitlisted", "waiting")
    journey.serve(station=station, now=NOW)

    assert [state(one)[1] for one in (guest, other)] == ["promised", "waitlisted"]
    assert guest.stay.passes.filter(revoked_at=None).count() == 1


# --- the worker ----------------------------------------------------------------------------------


def test_the_worker_offers_lets_pass_and_ends(station, guest, noon):
    first, second = (waiting(station, now=NOW + minutes * HOUR / 60) for minutes in (0, 1))
    events.withdraw(guest)

    tasks.run_waitlist()
    noon.move_to(events.offer_of(first).expires_at)
    tasks.run_waitlist()
    assert [state(one)[1] for one in (first, second)] == ["waitlisted", "offered"]

    noon.move_to(NOW + 7 * DAY)
    tasks.run_waitlist()
    tasks.run_waitlist()
    assert {state(one)[2] for one in (first, second)} == {"over"}


def test_nights_count_towards_the_allowance_only_while_they_are_held(station, guest):
    draft = waiting(station, nights=3)
    person = Graduate.objects.get(pk=draft.graduate.pk)
    assert person.nights_taken == 0

    events.withdraw(guest)
    journey.serve(station=station, now=NOW)
    person.refresh_from_db()
    assert person.nights_taken == 3

    events.decline_offer(draft)
    person.refresh_from_db()
    assert person.nights_taken == 0
    assert Stay.objects.get(application=draft).status == "waitlisted"


def test_who_waits_is_not_forgotten_and_who_is_takes_the_alerts_along(station, guest):
    draft = waiting(station)
    events.approve(draft)
    with pytest.raises(journey.StillNeeded):
        events.forget(draft.graduate)

    events.withdraw(draft)
    journey.tell_me(
        person=draft.graduate,
        by=draft.user,
        stations=[station],
        first_arrival=SOON,
        last_arrival=SOON,
        nights=1,
        now=NOW,
    )
    events.forget(draft.graduate)

    assert not Alert.objects.exists()


def test_what_is_waited_for_is_in_the_portrait(station, guest):
    draft = waiting(station)

    told = journey.portrait(user=draft.user)

    assert [wait["status"] for wait in told["waits"]] == ["waiting"]
