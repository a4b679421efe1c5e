"""Random ways through the house, with those who wait and the staff at the board among them."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from bookings import journey
from bookings.applications.models import Application
from bookings.beds.models import BedMove, Stay
from bookings.beds.waitlist.models import Offer, Wait
from bookings.core.clock import local_date
from bookings.places.models import Bed, Closure
from tests import events
from tests.factories import make_draft, make_person
from tests.journeys.ways import ANY, Ways, if_there_is

DAY = dt.timedelta(days=1)


class AllWays(Ways):
    """The worker goes through the waitlist whenever time passes."""

    @rule(
        sex=st.sampled_from(["women", "men"]),
        ahead=st.integers(0, 4),
        nights=st.integers(2, 7),
        more=st.integers(0, 3),
        both=st.booleans(),
        take_it=st.booleans(),
    )
    def apply_or_wait(self, sex, ahead, nights, more, both, take_it):
        arrival = local_date(self.now) + ahead * DAY
        draft = make_draft(
            make_person(self.district, sex=sex), self.stations[0], arrival=arrival, nights=nights
        )
        stations = self.stations if both else self.stations[:1]
        until = arrival + more * DAY
        wish = {"stations": stations, "until": until, "take_it": take_it, "now": self.now}
        self.attempt(events.wait, draft, **wish)

    @if_there_is(Offer, status="open")
    @rule(which=ANY, take=st.sampled_from([True, True, False]))
    def answer_an_offer(self, which, take):
        offer = self.one_of(Offer, which, status="open")
        if offer:
            act = events.take_offer if take else events.decline_offer
            self.attempt(act, offer.wait.application, now=self.now)

    @if_there_is(Wait, status="paused")
    @rule(which=ANY)
    def wait_on(self, which):
        wait = self.one_of(Wait, which, status="paused")
        if wait:
            self.attempt(events.wait_on, wait.application, now=self.now)

    @rule(station=st.sampled_from([0, 1]))
    def go_through_the_waitlist(self, station):
        journey.serve(station=self.stations[station], now=self.now)
        if not journey.is_behind(self.stations[station]):
            assert journey.serve(station=self.stations[station], now=self.now) == 0

    @if_there_is(Stay, status__in=Stay.HOLDING)
    @rule(which=ANY, bed=ANY, sure=st.booleans())
    def staff_move(self, which, bed, sure):
        stay = self.one_of(Stay, which, status__in=Stay.HOLDING)
        if stay:
            to = self.one_of(Bed, bed, room__station=stay.station)
            self.attempt(events.move_to, stay.application, bed=to, sure=sure, now=self.now)
            self.moved_on_the_first_day()

    @if_there_is(BedMove, undone_at=None)
    @rule(which=ANY)
    def staff_undo(self, which):
        move = self.one_of(BedMove, which, undone_at=None)
        if move:
            told = {"batch": move.batch, "now": self.now}
            self.attempt(events.undo_move, move.stay.application, **told)
            self.moved_on_the_first_day()

    def moved_on_the_first_day(self):
        """A guest moved on the day of arrival has but one bed, another than on arriving."""
        for stay in Stay.objects.filter(status="arrived", arrival=local_date(self.now)):
            self.beds[stay.pk] = self.bed_of(stay)

    @rule(which=ANY, ahead=st.integers(0, 3), nights=st.integers(1, 3), lose=st.booleans())
    def staff_close(self, which, ahead, nights, lose):
        bed = self.one_of(Bed, which)
        if bed:
            first = local_date(self.now) + ahead * DAY
            told = {"first": first, "until": first + nights * DAY, "lose": lose, "now": self.now}
            self.attempt(events.close_beds, bed.room.station, bed=bed, **told)

    @if_there_is(Closure)
    @rule(which=ANY)
    def staff_reopen(self, which):
        closure = self.one_of(Closure, which)
        if closure:
            by = events.reviewer("manager")
            station = closure.bed.room.station
            journey.end_closure(closure=closure, station=station, by=by, now=self.now)

    def clock(self, now):
        super().clock(now)
        for offer in Offer.objects.filter(status="open", expires_at__lte=now):
            assert journey.let_pass(offer=offer, now=now)
        for wait in Wait.objects.over(local_date(now)):
            assert journey.end_wait(wait=wait, now=now)
        for station in self.stations:
            journey.serve(station=station, now=now)
        assert not Application.objects.filter(wait__status="waiting", status="refused").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(5))  # so that no worker is left alone with all of them
def test_random_ways_keep_all_invariants(part):
    run_state_machine_as_test(
        AllWays,
        settings=settings(
            max_examples=4,
            stateful_step_count=40,
            deadline=None,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a way reads well unshrunk
            suppress_health_check=list(HealthCheck),
        ),
    )
