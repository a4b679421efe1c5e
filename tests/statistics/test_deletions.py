"""Each deletion leaves its certificate in the sealed log; a manager sees the own district's."""

import datetime as dt

import pypdfium2
import pytest
from django.test import Client

from bookings import journey
from bookings.core import audit
from bookings.core.audit import AuditEntry
from bookings.journey import forget
from bookings.messages.models import Message
from bookings.people.models import Role, User
from bookings.people.sign_up import forget_unverified
from bookings.statistics.deletions.certificate import certificates, days
from tests import events
from tests.factories import (
    NOW,
    TODAY,
    make_district,
    make_draft,
    make_paper,
    make_person,
    make_station,
)
from tests.people.world import member

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LATER = NOW + 400 * DAY


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def guest(district):
    """Somebody who has left, with a paper and messages."""
    draft = make_draft(make_person(district), make_station(district), evidence=())
    make_paper(draft)
    code = events.promise(draft).short_code
    events.scan(draft.station, code)
    events.leave(draft, at=NOW + DAY)
    return draft.graduate


def told(district, day):
    (found,) = certificates(district, [day])
    return {line.kind: line.count for line in found.lines}


def page(user, address="/staff/deletions/"):
    client = Client()
    client.force_login(user)
    return client.get(address)


def test_a_night_tells_how_many_of_which_kind_before_which_day(district, guest):
    count = journey.forget_due(now=LATER)

    found = told(district, LATER.date())
    assert found == {"papers": 1, "messages": count["messages"], "people": 1}
    entry = AuditEntry.objects.get(action="delete", subject="papers")
    assert (entry.district, entry.by) == (district, None)
    before = (LATER - 90 * DAY).date().isoformat()
    assert entry.details == {"count": 1, "before": before, "rule": "KEEP_PAPERS_DAYS"}


def test_a_night_without_anything_over_leaves_none(district):
    journey.forget_due(now=NOW)

    assert list(days(district)) == []


def test_who_wishes_to_be_deleted_is_told_apart(district, guest):
    events.send_by_hand(guest.applications.get())
    guest.stays.get().registration.__class__.objects.update(departure_sent_at=NOW)

    journey.forget_person(person=guest, by=guest.user, now=NOW + 2 * DAY)

    assert told(district, TODAY + 2 * DAY) == {"wishes": 1}


def test_what_is_deleted_and_its_certificate_come_together(district, guest, monkeypatch):
    def dies(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(forget.audit, "record", dies)
    with pytest.raises(KeyboardInterrupt):
        journey.forget_due(now=LATER)

    assert Message.objects.exists()
    assert guest.applications.get().evidence.exists()


def test_accounts_never_verified_are_certified_too(district):
    User.objects.sign_up("+8613900007701")
    User.objects.update(joined_at=NOW)

    forget_unverified(now=NOW + 2 * DAY)

    assert told(district, TODAY + 2 * DAY) == {"accounts": 1}


def test_another_districts_deletions_are_not_there(district):
    other = make_district("370829")
    events.deleted(other)

    assert list(days(district)) == []
    assert page(member(district, Role.MANAGER), f"/staff/deletions/{TODAY}.pdf").status_code == 404


@pytest.mark.parametrize("day", ["2026-13-01", "nonsense", "2020-01-01"])
def test_a_day_that_is_none_is_not_there(district, day):
    manager = member(district, Role.MANAGER)

    assert page(manager, f"/staff/deletions/{day}.pdf").status_code == 404


def test_the_paper_carries_the_counts_and_the_last_seal(district):
    events.deleted(district, count=4321)
    audit.seal_rest()

    content = page(member(district, Role.MANAGER), f"/staff/deletions/{TODAY}.pdf").content

    text = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()
    (found,) = certificates(district, [TODAY])
    assert "4321" in text and "2026-08-25" in text
    assert found.digest in text.replace("\r\n", "")


def test_the_page_lists_the_days_the_newest_first(district):
    for ago in (2, 1):
        events.deleted(district, now=NOW - ago * DAY)

    shown = page(member(district, Role.MANAGER)).context["certificates"]

    assert [one.day for one in shown] == [TODAY - DAY, TODAY - 2 * DAY]
