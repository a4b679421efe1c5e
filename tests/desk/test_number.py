"""The whole number is shown for a reason, which the guest reads."""

import pytest
from django.test import Client

from bookings import journey
from bookings.core.audit import AuditEntry
from bookings.people.looks import LookWords
from bookings.people.models import Role
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    station = make_station(make_district())
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)
    return draft


@pytest.fixture
def clerk(draft):
    return member(draft.district, Role.CLERK, draft.station)


@pytest.fixture
def asks(draft, clerk):
    """The page that answers a clerk who asks for the number; whether it shows it."""

    def ask(accept="text/html", **sent):
        client = Client()
        client.force_login(clerk)
        address = f"/desk/{draft.station.slug}/number/{draft.stay.pk}/"
        page = client.post(address, sent, headers={"accept": accept})
        return page, draft.graduate.doc_number in page.content.decode()

    return ask


def reasons():
    looks = AuditEntry.objects.filter(action="look at document number")
    return [entry.details.get("reason") for entry in looks]


@pytest.mark.parametrize("reason", ["compare", "register", "police", "call"])
def test_with_a_reason_it_is_shown_and_the_reason_logged(asks, reason):
    page, shown = asks(reason=reason)

    assert shown
    assert reasons() == [reason]


@pytest.mark.parametrize("sent", [{}, {"reason": ""}, {"reason": "curious"}, {"reason": "other"}])
def test_without_one_it_stays_masked_and_nothing_is_logged(asks, sent):
    page, shown = asks(**sent)

    assert page.status_code == 200
    assert not shown
    assert reasons() == []


def test_the_scan_page_gets_it_by_one_tap(asks):
    page, shown = asks(accept="application/json")

    assert shown
    assert reasons() == ["compare"]


def test_other_reasons_are_sealed_read_by_the_guest_and_forgotten(asks, draft):
    asks(reason="other", words="救护车要登记")
    guest = Client()
    guest.force_login(draft.user)

    assert reasons() == ["other"]
    assert "救护车要登记" in guest.get("/me/data/").content.decode()
    events.withdraw(draft)
    events.forget(draft.graduate)
    assert not LookWords.objects.exists()


def test_no_page_can_leave_the_reason_out(draft, clerk):
    look = {"by": clerk.membership, "now": NOW}

    for what in ("document number", "phone"):
        with pytest.raises(journey.NoReason):
            journey.note_look(draft.graduate, what=what, **look)
    journey.note_look(draft.graduate, what="application", **look)


def test_a_guardians_number_is_shown_for_a_reason_and_logged(asks, draft):
    guardian = {"guardian_name": "示例家长", "guardian_phone": "+8613911112222"}
    type(draft.graduate).objects.update(**guardian)

    hidden, _ = asks(what="guardian")
    page, number_shown = asks(what="guardian", reason="call")

    assert guardian["guardian_phone"] not in hidden.content.decode()
    assert guardian["guardian_phone"] in page.content.decode() and not number_shown
    assert AuditEntry.objects.get(action="look at guardian").details["reason"] == "call"


@pytest.mark.parametrize(
    ("gone", "key_out", "told"), [(True, True, True), (False, True, False), (True, False, False)]
)
def test_who_left_with_a_key_is_telephoned_and_nobody_else(asks, draft, gone, key_out, told):
    events.scan(draft.station, draft.stay.passes.get().short_code)
    if key_out:
        events.give_key(draft)
    if gone:
        events.leave(draft, at=NOW)

    page, _ = asks(what="phone", reason="call")

    assert (draft.user.phone in page.content.decode()) == told
    looks = AuditEntry.objects.filter(action="look at phone")
    assert [look.details["reason"] for look in looks] == ["call"] * told


def test_the_scan_page_notes_the_look_that_is_taken(asks):
    _page, shown = asks(accept="application/json", what="guardian")

    assert shown
    assert reasons() == ["compare"]
