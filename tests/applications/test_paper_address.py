"""A paper is read at an address made for one viewer, for ten minutes."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from bookings.applications.paper_address import SECONDS, address
from bookings.core.audit import AuditEntry
from bookings.people.models import Membership, Role
from tests import events
from tests.factories import NOW, make_district, make_draft, make_paper, make_person, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def paper():
    draft = make_draft(make_person(make_district()), None, evidence=())
    draft.station = make_station(draft.district)
    draft.save()
    kept = make_paper(draft)
    events.submit(draft)
    return kept


@pytest.fixture
def reviewer(paper):
    user = events.reviewer()
    district = paper.application.district
    Membership.objects.create(user=user, district=district, role=Role.REVIEWER)
    return user


def get(user, place):
    one = Client()
    one.force_login(user)
    return one.get(place)


def test_it_opens_to_whom_it_was_made_for_and_leaves_a_trace(paper, reviewer):
    assert get(reviewer, address(paper, reviewer)).status_code == 200
    assert AuditEntry.objects.get(action="look at evidence").by_id == reviewer.pk


def test_it_is_over_after_ten_minutes(paper, reviewer, clock):
    place = address(paper, reviewer)
    clock.shift(dt.timedelta(seconds=SECONDS - 1))
    assert get(reviewer, place).status_code == 200
    clock.shift(dt.timedelta(seconds=2))

    page = get(reviewer, place)

    assert page.status_code == 410
    assert "十分钟" in page.content.decode()


@pytest.mark.parametrize("spoil", ["another viewer's", "another paper's", "none", "forged"])
def test_another_address_opens_nothing(paper, reviewer, spoil):
    other = make_paper(make_draft(make_person(paper.application.district), None, evidence=()))
    place = {
        "another viewer's": address(paper, paper.application.user),
        "another paper's": address(other, reviewer).replace(f"/{other.pk}/", f"/{paper.pk}/"),
        "none": f"/papers/{paper.pk}/",
        "forged": address(paper, reviewer)[:-1] + "!",
    }[spoil]

    assert get(reviewer, place).status_code == 404
    assert not AuditEntry.objects.filter(action="look at evidence").exists()


def test_pages_give_such_addresses(paper, reviewer):
    page = get(reviewer, f"/review/{paper.application_id}/").content.decode()

    assert f"/papers/{paper.pk}/?key={paper.pk}-{reviewer.pk}:" in page
