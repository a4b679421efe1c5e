"""Random ways through the house, as hypothesis takes them: after every step all invariants of nights are
whole, and all others at every fourth: what they find does not pass by again."""

import contextlib
import datetime as dt

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from bookings import journey
from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.beds.waitlist.models import Wait
from bookings.core.clock import at_local, local_date
from bookings.core.errors import Refusal
from bookings.invariants import INVARIANTS, OF_NIGHTS, breaches
from bookings.people.models import Graduate
from bookings.retention.models import FollowUp, Outcome
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, make_station

ANY = st.integers(0, 9)  # which one of those there are
PEOPLE = st.sampled_from(["reviewer", "colleague"])


def if_there_is(model, **wanted):
    """Only try what there is something for."""
    return precondition(lambda self: model.objects.filter(**wanted).exists())


class Ways(RuleBasedStateMachine):
    """Two stations of five beds, a refused and two open applications; the clock goes forward; whoever may do something does it, or is told."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now, self.scans, self.beds, self.looks = NOW, 0, {}, 0

    def teardown(self):
        found = list(breaches())  # what the last steps broke
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)
        assert found == [], found

    @initialize(review=st.sampled_from(["reviewed", "automatic"]))
    def houses(self, review):
        self.district = make_district()
        self.district.policies.update(review=review)
        self.stations = [
            make_station(self.district, slug="flexible", beds=3),
            make_station(self.district, slug="women", beds=2, sex="women"),
        ]
        for hukou, papers in [("370802", ("degree",)), ("110101", ("degree",)), ("110101", ())]:
            person = make_person(self.district, hukou=hukou)
            arrival = local_date(self.now) + dt.timedelta(days=1)
            draft = make_draft(person, self.stations[0], arrival=arrival, evidence=papers)
            events.submit(draft, now=self.now)

    @rule(
        sex=st.sampled_from(["women", "men"]),
        known=st.none() | ANY,
        station=st.sampled_from([0, 1]),
        ahead=st.integers(0, 4),
        nights=st.integers(1, 8),
        consent=st.booleans(),
        papers=st.sampled_from([(), ("degree",)]),
        hukou=st.sampled_from(["110101", "110101", "370802"]),
    )
    def apply(self, sex, known, station, ahead, nights, consent, papers, hukou):
        person = self.one_of(Graduate, known) or make_person(self.district, sex=sex, hukou=hukou)
        arrival = local_date(self.now) + dt.timedelta(days=ahead)
        Application.objects.filter(user=person.user, status="draft").delete()
        draft = make_draft(
            person, self.stations[station], arrival=arrival, nights=nights, evidence=papers
        )
        self.attempt(events.submit, draft, now=self.now, consent=consent)

    @if_there_is(Application, status__in=["in_review", "more_asked"])
    @rule(
        which=ANY,
        act=st.sampled_from(["take", "approve", "approve", "refuse", "ask_for_more"]),
        by=PEOPLE,
    )
    def review(self, which, act, by):
        draft = self.one_of(Application, which, status__in=["in_review", "more_asked"])
        self.attempt(getattr(events, act), draft, by=by, now=self.now)

    @if_there_is(Application, status="refused")
    @rule(which=ANY)
    def appeal(self, which):
        refused = self.one_of(Application, which, status="refused")
        self.attempt(events.appeal, refused, now=self.now)

    @if_there_is(Application, status__in=["refused", "in_review"])
    @rule(which=ANY, by=PEOPLE, clause=st.sampled_from(["non_local", "non_local", "allowance"]))
    def propose(self, which, by, clause):
        draft = self.one_of(Application, which, status__in=["refused", "in_review"])
        self.attempt(events.propose, draft, by=by, clause=clause, now=self.now)

    @if_there_is(Application, overrides__status="waiting")
    @rule(which=ANY, by=PEOPLE, act=st.sampled_from(["confirm", "confirm", "decline"]))
    def second_person(self, which, by, act):
        draft = self.one_of(Application, which, overrides__status="waiting")
        self.attempt(getattr(events, act), draft, by=by, now=self.now)

    @if_there_is(Application, status="approved")
    @rule(which=ANY, act=st.sampled_from(["check_papers", "revoke"]))
    def look_at_papers_later(self, which, act):
        draft = self.one_of(Application, which, status="approved")
        self.attempt(getattr(events, act), draft, now=self.now)

    @if_there_is(Application, status="more_asked")
    @rule(which=ANY)
    def resubmit(self, which):
        draft = self.one_of(Application, which, status="more_asked")
        if draft:
            new = {"kind": "degree", "size": 1, "uploaded_at": self.now}
            draft.evidence.get_or_create(sha256=str(self.now), defaults=new)
        self.attempt(events.resubmit, draft, now=self.now)

    @rule(which=ANY)
    def withdraw(self, which):
        draft = self.one_of(Application, which, stay__isnull=False)
        self.attempt(events.withdraw, draft, now=self.now)

    @if_there_is(Stay, status="promised")
    @rule(which=ANY)
    def guest_comes(self, which):
        stay = self.one_of(Stay, which, status="promised")
        if stay:
            self.clock(max(self.now, at_local(stay.arrival, dt.time(16))))
            self.show(stay, "arrive")

    @if_there_is(Stay, status="arrived")
    @rule(which=ANY, days=st.integers(0, 3))
    def guest_leaves(self, which, days):
        stay = self.one_of(Stay, which, status="arrived")
        if stay:
            self.clock(self.now + dt.timedelta(days=days))
            self.show(stay, "leave")

    @if_there_is(Stay, status="left")
    @rule(which=ANY)
    def check_out_is_undone(self, which):
        stay = self.one_of(Stay, which, status="left")
        if stay:
            self.attempt(events.undo_leave, stay.application, now=self.now)

    @if_there_is(Stay, status__in=["promised", "arrived"])
    @rule(which=ANY, nights=st.integers(1, 4), move=st.booleans())
    def extend(self, which, nights, move):
        stay = self.one_of(Stay, which, status__in=["promised", "arrived"])
        if stay:
            told = {"nights": nights, "move_if_needed": move, "now": self.now}
            self.attempt(events.extend, stay.application, **told)

    @if_there_is(Stay, status__in=["promised", "arrived"])
    @rule(which=ANY, nights=st.integers(1, 3))
    def shorten(self, which, nights):
        stay = self.one_of(Stay, which, status__in=["promised", "arrived"])
        if stay:
            departure = stay.departure - dt.timedelta(days=nights)
            self.attempt(events.shorten, stay.application, departure=departure, now=self.now)

    @if_there_is(Stay, status="promised")
    @rule(which=ANY, choice=ANY)
    def guest_telephones(self, which, choice):
        stay = self.one_of(Stay, which, status="promised")
        hours = journey.later_hours(stay=stay, now=self.now) if stay else []
        if hours:
            until = hours[choice % len(hours)]
            self.attempt(events.come_later, stay.application, until=until, now=self.now)

    @if_there_is(Stay, status="promised")
    @rule(which=ANY)
    def guest_does_not_come(self, which):
        stay = self.one_of(Stay, which, status="promised")
        if stay:
            self.clock(max(self.now, stay.cutoff_at - dt.timedelta(hours=1)))
            self.clock(max(self.now, stay.cutoff_at))

    @if_there_is(Stay, status="no_show")
    @rule(which=ANY)
    def no_show_comes(self, which):
        stay = self.one_of(Stay, which, status="no_show")
        if stay:
            self.attempt(events.undo_no_show, stay.application, now=self.now)

    @rule(
        which=ANY,
        action=st.sampled_from(["arrive", "leave", "check"]),
        elsewhere=st.booleans(),
        again=st.booleans(),
    )
    def scan(self, which, action, elsewhere, again):
        stay = self.one_of(Stay, which, passes__isnull=False)
        if stay:
            self.show(stay, action, elsewhere=elsewhere, again=again)

    @rule(hours=st.sampled_from([1, 5, 11, 24]))
    def time_passes(self, hours):
        self.clock(self.now + dt.timedelta(hours=hours))

    def clock(self, now):
        """It is later; the worker has seen to what is over."""
        self.now = now
        for stay in Stay.objects.lapsing(now):
            journey.lapse(stay=stay, now=now)
        for stay in Stay.objects.to_remind(now):
            journey.remind(stay=stay, now=now)
            assert not journey.remind(stay=stay, now=now)
        for stay in Stay.objects.missing(now):
            journey.give_up(stay=stay, now=now)
            assert not journey.give_up(stay=stay, now=now)

    def show(self, stay, action, *, elsewhere=False, again=False):
        """Show the code of a stay at its station or the other, as a new scan or as the last again."""
        self.scans += not again
        station = self.stations[(stay.station == self.stations[0]) == elsewhere]
        code = stay.passes.latest("pk").short_code
        events.scan(station, code, action, nonce=f"scan-{self.scans}", at=self.now)
        for arrived in Stay.objects.filter(status="arrived").exclude(pk__in=self.beds):
            self.beds[arrived.pk] = self.bed_of(arrived)

    @if_there_is(FollowUp)
    @rule(which=ANY, kind=st.sampled_from(Outcome.Kind.values))
    def answer(self, which, kind):
        question = self.one_of(FollowUp, which)
        if question:
            later = self.now + dt.timedelta(days=question.horizon + 1)
            journey.ask(follow_up=question, now=later)
            told = {"kind": kind, "source": "self", "by": None, "now": later}
            self.attempt(
                lambda asked, **told: journey.answer(follow_up=asked, **told), question, **told
            )

    def one_of(self, model, which, **wanted):
        """One of the rows that are wanted, or None."""
        rows = model.objects.filter(**wanted).order_by("pk")
        return rows[which % len(rows)] if rows and which is not None else None

    def attempt(self, event, subject, **told):
        """Do it, or be told why not."""
        with contextlib.suppress(Refusal):
            if subject:
                event(subject, **told)

    def bed_of(self, stay):
        return stay.bed_nights.order_by("night")[0].bed_id

    @invariant()
    def the_house_is_whole(self):
        connection.check_constraints()
        self.looks += 1
        found = list(breaches(INVARIANTS if self.looks % 4 == 0 else OF_NIGHTS))
        assert found == [], found

    @invariant()
    def a_bed_is_held_for_whom_it_should_be(self):
        """None for who was refused; one for each who is in review, save who waits, and some appeals."""
        holding = Stay.objects.holding()
        live = [*Application.OPEN, "approved"]
        assert not holding.exclude(application__status__in=live).exists()
        bedless = Application.objects.filter(status__in=Application.OPEN).exclude(stay__in=holding)
        bedless = bedless.exclude(stay__status="waitlisted", wait__status__in=Wait.OPEN)
        assert not bedless.exclude(appeals__isnull=False).exists()

    @invariant()
    def who_has_arrived_keeps_the_bed(self):
        """From the first night on, save where staff moved the guest."""
        for stay in Stay.objects.filter(status="arrived"):
            moves = stay.moves.filter(first_night__gt=stay.arrival).order_by("first_night", "pk")
            moves = moves.values_list("first_night", "to_bed")
            bed = self.beds[stay.pk]
            for night, slept_in in stay.bed_nights.order_by("night").values_list("night", "bed"):
                bed = dict(moves).get(night, bed)
                assert slept_in == bed

    @invariant()
    def a_stay_and_its_application_agree(self):
        for stay in Stay.objects.holding().select_related("application"):
            asked = stay.application
            assert (stay.arrival, stay.nights) == (asked.arrival, asked.nights)
