"""Devices sign in with a token: of one station, known until revoked, and shown once."""

import datetime as dt
import json

import pytest

from bookings.desk.devices import issue_device, known_device, revoke_device
from bookings.desk.models import Device, Scan
from bookings.people.models import Role
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def station(noon):
    noon.shift(4 * 60 * 60)  # the desk is open
    return make_station(make_district(), beds=2)


@pytest.fixture
def issued(station):
    manager = member(station.district, Role.MANAGER)
    return issue_device(station=station, name="示例平板", by=manager, now=NOW)


@pytest.fixture
def send(client, issued):
    """Send a scan as the device does."""

    def post(code, *, token=issued[1], nonce="1", **more):
        body = {"code": code, "nonce": nonce, "at": events.AFTERNOON.isoformat(), **more}
        return client.post(
            "/api/desk/scans",
            json.dumps({"action": "arrive", **body}),
            content_type="application/json",
            headers={"authorization": f"Bearer {token}"},
        )

    return post


@pytest.fixture
def code(station):
    return events.promise(make_draft(make_person(station.district), station)).short_code


def test_a_device_checks_a_guest_in(send, code, issued):
    answer = send(code)

    assert (answer.status_code, answer.json()["result"]) == (200, "ok")
    scan = Scan.objects.get()
    assert (scan.device, scan.by) == (f"device {issued[0].pk}", None)


@pytest.mark.parametrize("token", ["", "wrong", "' OR 1=1"])
def test_who_is_not_known_is_told_so(send, code, token):
    assert send(code, token=token).status_code == 401
    assert not Scan.objects.exists()


def test_a_revoked_token_opens_nothing(send, code, issued):
    device, _ = issued

    assert revoke_device(device=device, by=device.issued_by, now=NOW)
    assert not revoke_device(device=device, by=device.issued_by, now=NOW)

    assert send(code).status_code == 401


def test_a_device_has_no_other_station(send, code, station):
    other = make_station(station.district, slug="other")

    assert send(code, station=other.slug).status_code == 404
    there = events.promise(make_draft(make_person(station.district), other)).short_code
    answer = send(there, nonce="2").json()
    assert (answer["reason"], answer["stay"]) == ("wrong_station", None)


def test_two_devices_may_use_the_same_nonce(send, code, station, issued):
    manager = issued[0].issued_by
    _, token = issue_device(station=station, name="另一台", by=manager, now=NOW)

    assert send(code).json()["result"] == "ok"
    assert send(code, token=token).json()["reason"] == "already_arrived"
    assert send(code).json()["result"] == "ok"  # the answer of before


def test_when_a_device_was_last_seen_is_kept_to_the_minute(issued):
    device, token = issued
    for moment in (NOW, NOW + MINUTE / 2, NOW + 2 * MINUTE):
        known_device(token=token, now=moment)
        device.refresh_from_db()
        assert device.last_seen_at == (NOW if moment < NOW + MINUTE else moment)


def test_a_manager_issues_a_token_that_is_shown_once(client, station):
    client.force_login(member(station.district, Role.MANAGER))
    address = f"/desk/{station.slug}/devices/"

    page = client.post(address, {"name": "门口平板"})

    token = page.context["token"]
    assert token in page.content.decode()
    assert token not in client.get(address).content.decode()
    assert token not in repr(Device.objects.values_list())
    device = Device.objects.get()
    assert known_device(token=token, now=NOW) == device

    client.post(f"{address}{device.pk}/revoke/")

    assert known_device(token=token, now=NOW) is None
