"""The status page: the figures of one's district and of the site, and who may see them."""

import datetime as dt

import pytest
from django_q.models import OrmQ

from bookings.desk.devices import issue_device
from bookings.desk.models import Device
from bookings.messages.models import Message
from bookings.operations import checks
from bookings.people.models import Role, User
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db
DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


def busy(district, slug):
    """An application overdue, a conflict, a device unseen, a guest not reported."""
    station = make_station(district, slug=slug, beds=3)
    late, inside = (make_draft(make_person(district), station) for _ in range(2))
    events.submit(late)
    type(late).objects.filter(pk=late.pk).update(review_due=TODAY - DAY)
    code = events.promise(inside).short_code
    events.scan(station, code, nonce=f"{slug}-1")
    events.registration_of(inside)
    events.scan(station, code, nonce=f"{slug}-2", device="tablet", offline=True, told="ok")
    issue_device(station=station, name="平板", by=events.reviewer(), now=NOW - 2 * DAY)
    return station


@pytest.fixture(scope="module")
def two(once):
    def build():
        here, there = make_district(), make_district("370829")
        busy(here, "here")
        busy(there, "there")
        return here, there

    return once(build)


def test_a_districts_figures_are_its_own(two):
    here, _there = two
    late = NOW + 2 * DAY

    found = checks.house(here, late)

    assert (found.reviews_overdue, found.register_overdue, found.conflicts) == (1, 1, 1)
    assert (found.devices, found.unseen) == (1, 1)


def test_of_all_districts_for_whoever_runs_the_site(two):
    found = checks.house(None, NOW)

    assert (found.reviews_overdue, found.conflicts, found.devices) == (2, 2, 2)


def test_a_device_that_is_seen_or_revoked_is_not_missed(two):
    here, there = two
    Device.objects.filter(station__district=here).update(last_seen_at=NOW)
    Device.objects.filter(station__district=there).update(revoked_at=NOW)

    assert checks.house(None, NOW).unseen == 0


def test_messages_are_late_after_a_quarter_of_an_hour():
    for minutes, status in [(14, "queued"), (16, "queued"), (17, "sent"), (18, "failed")]:
        at = NOW - minutes * MINUTE
        when = {"created_at": at, "ready_at": at, "next_try_at": at}
        when |= {"sent_at": at} if status == "sent" else {}
        Message.objects.create(
            key=f"{minutes}", kind="code", to="x", text="x", status=status, **when
        )

    found = checks.site(NOW)

    assert (found.unsent, found.failed) == (1, 1)


def test_a_task_that_is_being_done_does_not_wait():
    OrmQ.objects.create(key="q", payload="x", lock=NOW - 3 * MINUTE)
    OrmQ.objects.create(key="q", payload="x", lock=NOW + 7 * MINUTE)

    assert checks.queue(NOW) == (1, 180.0)


def test_a_manager_sees_the_district_and_the_site(two, client):
    here, _there = two
    client.force_login(member(here, Role.MANAGER))

    context = client.get("/staff/status/").context

    assert context["district"] == here
    assert {one.code: one.state for one in context["house"]}["reviews"] == "fail"
    assert {one.code: one.state for one in context["site"]}["worker"] == "fail"


def test_what_waits_to_be_sent_leads_to_the_messages(two, client):
    at = NOW - 16 * MINUTE
    when = {"created_at": at, "ready_at": at, "next_try_at": at}
    Message.objects.create(key="1", kind="code", to="x", text="x", status="queued", **when)
    client.force_login(member(two[0], Role.MANAGER))

    assert 'class="todo"' in (page := client.get("/staff/status/").content.decode())
    assert 'href="/staff/messages/">' in page.partition('class="todo"')[2]


def test_a_superuser_without_a_membership_sees_all_districts(two, client):
    client.force_login(User.objects.create_superuser("root@example.test", "demo-youth-station"))

    context = client.get("/staff/status/").context

    assert context["district"] is None
    assert {one.code: one.says for one in context["house"]}["devices"]
