"""No page asks the database more as its list grows."""

import datetime as dt
from types import SimpleNamespace

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.desk.handover.notes import read_note, write_note
from bookings.messages.models import Message
from bookings.messages.send import queue
from bookings.people.models import Role
from bookings.people.staff.models import Invitation
from bookings.retention.models import FollowUp, Outcome
from bookings.statistics.reports.send import subscribe
from tests import events
from tests.factories import (
    NOW,
    make_channel,
    make_district,
    make_draft,
    make_person,
    make_proof,
    make_report,
    make_service,
    make_slot,
    make_station,
)
from tests.people.world import member
from tests.retention import bureau

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]
HOUR = dt.timedelta(hours=1)
PAGES = [
    "/review/",
    "/desk/",
    "/desk/sample/",
    "/desk/sample/conflicts/",
    "/api/desk/snapshot",
    "/api/desk/pulse",
    "/api/desk/search?q=3900",
    "/desk/sample/register/",
    "/desk/sample/register/?list=gone",
    "/desk/sample/register/?list=sent",
    "/desk/sample/handover/",
    "/desk/sample/?q=A0",
    "/desk/sample/changes/",
    "/desk/sample/incidents/",
    "/board/",
    "/board/sample/",
    "/board/sample/closures/",
    "/follow-ups/",
    "/follow-ups/?list=guest",
    "/follow-ups/?list=papers",
    "/statistics/",
    "/statistics.xlsx",
    "/statistics/retention/",
    "/statistics/retention/?by=channel",
    "/statistics/nights/",
    "/statistics/decisions/",
    "/statistics/rows/?of=applied",
    "/statistics/reports/",
    "/statistics/reports/subscribers/",
    "/numbers/",
    "/staff/status/",
    "/staff/audit/?what=",
    "/staff/audit.xlsx",
]


def one_more(station):
    """A guest in the house with a question due, one expected, one in review, two who have left with
    their keys and were registered, and a note that somebody has read."""
    inside, expected, waiting, *left = (
        make_draft(make_person(station.district), station, nights=1) for _ in range(5)
    )
    for one in left:
        gone = events.promise(one).short_code
        events.scan(station, gone, nonce=gone)
        events.give_key(one, f"A{one.pk}")
        events.send_by_hand(one)
        events.scan(station, gone, "leave", nonce=f"{gone}-left")
    code = events.promise(inside).short_code
    events.scan(station, code, nonce=code)
    events.make_batch(inside)
    note = write_note(station=station, text=code, by=events.reviewer(), now=NOW)
    read_note(note=note, by=events.reviewer("clerk"), now=NOW)
    events.scan(station, code, nonce=f"{code} again", device="tablet", offline=True, told="ok")
    events.incident(inside, "warning", nonce=code)
    asked_at = NOW - dt.timedelta(days=20)
    asked = {"due_on": NOW.date(), "status": "asked", "asked_at": asked_at}
    FollowUp.objects.create(stay=inside.stay, horizon=30, **asked)
    FollowUp.objects.create(stay=inside.stay, horizon=90, **{**asked, "asked_at": NOW})
    make_proof(FollowUp.objects.create(stay=inside.stay, horizon=180, **asked))
    events.promise(expected)
    events.submit(waiting)
    make_report(station.district, version=inside.pk)
    address = f"{code}@example.test"
    told = {"audience": "outside", "language": "en", "by": events.reviewer(), "now": NOW}
    subscribe(district=station.district, email=address, **told)
    return inside


@pytest.fixture
def station():
    return make_station(make_district(), beds=9)


def one_more_waits(station):
    """Somebody on the waitlist."""
    draft = make_draft(make_person(station.district), station, nights=7)
    events.wait(draft)
    return draft


def test_the_waitlist_asks_as_much_for_three_as_for_one(station):
    full = make_station(station.district, slug="full", beds=1)
    manager = member(station.district, Role.MANAGER)
    events.promise(make_draft(make_person(station.district), full))
    one_more_waits(full)
    for_one = queries(manager, "/waitlist/")

    one_more_waits(full)
    one_more_waits(full)

    assert queries(manager, "/waitlist/") == for_one


def test_the_deletions_ask_as_much_for_three_days_as_for_one(station):
    manager = member(station.district, Role.MANAGER)
    events.deleted(station.district)
    for_one = queries(manager, "/staff/deletions/")

    events.deleted(station.district, now=NOW - 24 * HOUR)
    events.deleted(station.district, now=NOW - 48 * HOUR)

    assert queries(manager, "/staff/deletions/") == for_one


def queries(user, address):
    client = Client()
    if user:
        client.force_login(user)
    client.get(address)  # what is only asked once
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_staff_pages_ask_as_much_for_three_as_for_one(station):
    make_station(station.district, slug="second")
    manager = member(station.district, Role.MANAGER)
    one_more(station)
    for_one = {page: queries(manager, page) for page in PAGES}

    one_more(station)
    one_more(station)

    assert {page: queries(manager, page) for page in PAGES} == for_one


def one_more_slot(service, station):
    """A slot of this afternoon, booked by somebody in the house."""
    slot = make_slot(service, starts_at=NOW + service.slots.count() * HOUR + HOUR)
    events.book(one_more(station), slot)


def test_services_ask_as_much_for_three_bookings_as_for_one(station):
    manager, service = member(station.district, Role.MANAGER), make_service(station)
    addresses = ["/desk/sample/services/", f"/desk/sample/services/{service.pk}/"]
    one_more_slot(service, station)
    for_one = [queries(manager, address) for address in addresses]

    one_more_slot(service, station)
    one_more_slot(make_service(station, code="laundry"), station)

    assert [queries(manager, address) for address in addresses] == for_one


def test_a_guests_page_asks_as_much_for_three_services_as_for_one(station):
    guest = one_more(station)
    address = f"/applications/{guest.pk}/"
    one_more_service(station, "breakfast", guest)
    for_one = queries(guest.user, address)

    for code in ("laundry", "talk"):
        one_more_service(station, code, guest)

    assert queries(guest.user, address) == for_one


def one_more_service(station, code, guest):
    """With a slot that the guest has booked and one that is free."""
    service = make_service(station, code=code, uses_per_day=2)
    make_slot(service)
    events.book(guest, make_slot(service, starts_at=NOW + 3 * HOUR))


def test_ones_notices_ask_as_much_for_three_as_for_one(station):
    inside = one_more(station)
    for_one = queries(inside.user, "/me/notices/")

    for number in ("n-2", "n-3"):
        events.complain(events.incident(inside, "warning", nonce=number))

    assert queries(inside.user, "/me/notices/") == for_one


def one_more_colleague(station):
    """A clerk, and somebody invited."""
    clerk = member(station.district, Role.CLERK, station)
    Invitation.objects.create(
        district=station.district,
        email=f"new-{clerk.email}",
        role="observer",
        by=clerk,
        sent_at=NOW,
    )


def test_the_staff_asks_as_much_for_three_as_for_one(station):
    manager = member(station.district, Role.MANAGER)
    one_more_colleague(station)
    for_one = queries(manager, "/staff/people/")

    one_more_colleague(station)
    one_more_colleague(station)

    assert queries(manager, "/staff/people/") == for_one


def one_more_stuck(station, user, key):
    Message.objects.filter(
        pk=queue(
            kind="refused",
            key=key,
            params={"link": "x"},
            user=user,
            district_id=station.district_id,
            now=NOW - HOUR,
        ).pk
    ).update(status="failed", reason="busy")


def test_the_messages_ask_as_much_for_three_as_for_one(station):
    manager, guest = member(station.district, Role.MANAGER), make_person(station.district).user
    one_more_stuck(station, guest, "a")
    for_one = queries(manager, "/staff/messages/")

    one_more_stuck(station, guest, "b")
    one_more_stuck(station, make_person(station.district).user, "c")

    assert queries(manager, "/staff/messages/") == for_one


def one_more_session(user):
    client = Client()
    client.force_login(user)
    key = client.session.session_key
    UserSession.objects.create(user=user, session_key=key, ip="203.0.113.1", user_agent="x")


def test_ones_sessions_ask_as_much_for_three_as_for_one(station):
    user = make_person(station.district).user
    one_more_session(user)
    for_one = queries(user, "/me/sessions/")

    one_more_session(user)
    one_more_session(user)

    assert queries(user, "/me/sessions/") == for_one


def test_a_bureaus_list_asks_as_much_for_three_guests_as_for_one(station):
    house = SimpleNamespace(
        district=station.district, station=station, manager=member(station.district, Role.MANAGER)
    )

    def shown(*guests):
        rows = [bureau.row(guest) for guest in guests]
        return f"/bureau/{bureau.read(house, bureau.text(*rows)).pk}/"

    def contradicted():
        guest = bureau.left(house)
        answer = {"kind": "looking", "source": "self", "level": "self_report", "at": NOW}
        Outcome.objects.create(follow_up=bureau.question(guest), **answer)
        return guest

    one = contradicted()
    for_one = queries(house.manager, shown(one)), queries(house.manager, "/bureau/")

    address = shown(one, contradicted(), contradicted())

    assert (queries(house.manager, address), queries(house.manager, "/bureau/")) == for_one


def test_the_partners_ask_as_much_for_three_as_for_one(station):
    manager = member(station.district, Role.MANAGER)
    make_channel(station.district)
    for_one = queries(manager, "/channels/")

    make_channel(station.district, code="TEST0002", name="样例大学")
    make_channel(station.district, code="TEST0003", name="演示大学")

    assert queries(manager, "/channels/") == for_one


@pytest.mark.parametrize("address", ["/", "/dev/outbox/"])
def test_an_open_page_asks_as_much_for_three_as_for_one(station, address):
    one_more(station)
    for_one = queries(None, address)

    one_more(station)
    make_station(station.district, slug="second")
    make_station(station.district, slug="third")

    assert queries(None, address) == for_one


def test_ones_own_list_asks_as_much_for_three_as_for_one(station):
    person = make_person(station.district)
    events.submit(make_draft(person, station, nights=1))
    for_one = queries(person.user, "/me/")

    for _ in range(2):
        events.withdraw(person.user.applications.latest("pk"))
        events.submit(make_draft(person, station, nights=1))

    assert queries(person.user, "/me/") == for_one


def test_the_nights_ask_as_much_for_three_stations_as_for_one(station):
    draft = make_draft(make_person(station.district), station)
    for_one = queries(draft.user, "/apply/stay/")

    make_station(station.district, slug="second")
    make_station(station.district, slug="third")

    assert queries(draft.user, "/apply/stay/") == for_one


def test_an_application_asks_as_much_for_three_papers_as_for_one(station):
    draft = make_draft(make_person(station.district), station)
    events.submit(draft)
    address = f"/applications/{draft.pk}/"
    for_one = queries(draft.user, address)

    for kind in ("contract", "other"):
        draft.evidence.create(kind=kind, size=1, sha256=kind, uploaded_at=NOW)

    assert queries(draft.user, address) == for_one


def test_a_call_asks_as_much_for_three_attempts_as_for_one(station):
    reviewer = member(station.district, Role.REVIEWER)
    inside = one_more(station)
    question = inside.stay.follow_ups.get(horizon=30)
    told = {"result": "no_answer", "by": reviewer, "at": NOW}
    question.attempts.create(number=1, **told)
    address = f"/follow-ups/{question.pk}/"
    for_one = queries(reviewer, address)

    question.attempts.create(number=2, **told)
    question.attempts.create(number=3, **told)

    assert queries(reviewer, address) == for_one
