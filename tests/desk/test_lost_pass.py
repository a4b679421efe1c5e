"""The guest has lost the code: the former one is dead, a new one opens the same stay."""

import pytest
from django.test import Client

from bookings import journey
from bookings.core.audit import AuditEntry
from bookings.messages.models import Message
from bookings.passes.models import Pass
from bookings.people.models import Role
from tests import events
from tests.factories import make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return make_station(make_district())


@pytest.fixture
def draft(station):
    return make_draft(make_person(station.district), station)


@pytest.fixture
def lost(draft):
    return events.promise(draft)


def test_the_former_code_is_dead_and_the_new_one_opens(station, draft, lost):
    new = events.replace_pass(draft, lost)

    assert events.scan(station, lost.short_code).reason == "revoked"
    assert events.scan(station, new.short_code, nonce="n-2").result == "ok"


def test_two_presses_make_one_new_code(draft, lost):
    first, second = (events.replace_pass(draft, lost) for _ in range(2))

    assert (first, Pass.objects.count()) == (second, 2)


def test_a_guest_in_house_gets_a_new_code_too(station, draft, lost):
    events.scan(station, lost.short_code)

    new = events.replace_pass(draft, lost)

    assert events.scan(station, new.short_code, "leave", nonce="n-2").result == "ok"


def test_it_is_written_down_and_the_guest_is_told(draft, lost):
    new = events.replace_pass(draft, lost)

    assert AuditEntry.objects.filter(action="replace_pass").count() == 1
    assert Message.objects.filter(key=f"replaced:{new.pk}", user=draft.user).exists()


def test_a_stay_that_is_over_has_no_code(draft, lost):
    events.withdraw(draft)

    with pytest.raises(journey.StateChanged):
        events.replace_pass(draft, lost)


def test_the_stays_page_replaces_it(station, draft, lost):
    client = Client()
    client.force_login(member(station.district, Role.CLERK, station))
    address = f"/desk/sample/stays/{draft.stay.pk}/"

    client.post(address, {"act": "replace", "seen": lost.pk})

    assert client.get(address).context["shown"] == Pass.objects.get(revoked_at=None)
    assert Pass.objects.get(revoked_at=None) != lost
