"""Two presses, two desks: at the desk too one wins and the rows add up."""

from functools import partial

import pytest
from django.db import OperationalError, connection, transaction

from bookings import journey
from bookings.applications.models import Application
from bookings.beds import allocate
from bookings.beds.allocate import NoBed
from bookings.beds.models import Stay
from bookings.core.transitions import StateChanged
from bookings.desk.incidents.models import Complaint, Incident
from bookings.desk.walkin.guest import AtTheDesk
from bookings.invariants import breaches
from bookings.passes.models import Pass
from bookings.people.models import Graduate, Role, Suspension
from tests import events
from tests.desk.test_walk_in import facts
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station
from tests.people.world import member
from tests.racing import errors, race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def station(transactional_db):
    return make_station(make_district(), beds=1)


@pytest.fixture
def clerk(station):
    return events.reviewer("clerk")


def walk_in(station, clerk, person, nonce="n-1"):
    wish = {"purpose": "job_seeking", "nights": 2, "seen": frozenset({"degree"})}
    guest = AtTheDesk(person=person, nonce=nonce, **wish)
    return partial(journey.walk_in, station=station, guest=guest, by=clerk, now=NOW)


def test_one_press_sent_twice_at_once_is_one_walk_in(station, clerk):
    press = walk_in(station, clerk, facts())

    results = race(press, press)

    assert errors(results) == []
    assert (Application.objects.count(), Graduate.objects.count()) == (1, 1)
    assert list(breaches()) == []


def test_of_two_walk_ins_for_the_last_bed_one_has_it(station, clerk):
    other = events.reviewer("other clerk")

    results = race(walk_in(station, clerk, facts()), walk_in(station, other, facts()))

    assert errors(results) == [NoBed]
    assert (Stay.objects.count(), Application.objects.count()) == (1, 1)
    assert list(breaches()) == []


@pytest.fixture
def draft(station):
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)
    return draft


def test_a_lost_code_replaced_by_two_desks_at_once_is_one_new_code(draft):
    lost = draft.stay.passes.get()
    press = partial(events.replace_pass, draft, lost, by="reviewer")

    first, second = race(press, press)

    assert (first, Pass.objects.count()) == (second, 2)


@pytest.fixture
def managers(station):
    return [member(station.district, Role.MANAGER) for _ in range(2)]


def test_of_two_managers_one_answers_a_proposal(station, draft, clerk, managers):
    events.scan(station, draft.stay.passes.get().short_code)
    proposal = events.incident(draft, proposed="suspension")
    until = TODAY.replace(year=TODAY.year + 1)
    told = {"until": until, "answers": proposal}

    results = race(
        *(partial(events.incident, draft, "suspension", by=one, **told) for one in managers)
    )

    assert errors(results) == [StateChanged]
    assert (Incident.objects.count(), Suspension.objects.count()) == (2, 1)


def test_of_two_managers_one_answers_an_appeal(station, draft, clerk, managers):
    events.scan(station, draft.stay.passes.get().short_code)
    said = events.complain(events.incident(draft, "warning"))

    results = race(
        *(
            partial(events.answer_complaint, said, answer, by=one)
            for one, answer in zip(managers, ("lifted", "upheld"), strict=True)
        )
    )

    assert errors(results) == [StateChanged]
    assert Complaint.objects.exclude(answer="").count() == 1


def test_an_appeal_sent_twice_at_once_is_one(station, draft, clerk):
    events.scan(station, draft.stay.passes.get().short_code)
    press = partial(events.complain, events.incident(draft, "warning"))

    assert errors(race(press, press)) == []
    assert Complaint.objects.count() == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there one transaction writes at a time")
def test_guests_arrive_side_by_side_but_not_while_beds_are_planned(station):
    def may(take):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            take(station)

    with transaction.atomic():
        allocate.share(station)
        told = race(partial(may, allocate.share), partial(may, allocate.lock))

    assert [type(one) for one in told] == [type(None), OperationalError]
