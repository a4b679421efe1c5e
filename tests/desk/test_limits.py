"""Twenty requests a second for a device, in five minutes; a hundred tries of tokens a minute."""

import pytest

from bookings.desk.api import limits
from tests.desk.offline import Desk
from tests.factories import make_district, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    return Desk(client, make_station(make_district()))


def test_a_device_that_asks_too_much_is_told_when_to_try_again(desk, monkeypatch):
    monkeypatch.setitem(limits.RATES, "desk", "2/5m/key")
    monkeypatch.setattr(limits, "LEAVE", 2)

    answers = [desk.get("pulse") for _ in range(5)]

    assert [one.status_code for one in answers] == [200] * 4 + [429]
    assert answers[-1]["Retry-After"] == "30"


def test_another_device_goes_on(client, desk, monkeypatch):
    monkeypatch.setitem(limits.RATES, "desk", "1/5m/key")
    monkeypatch.setattr(limits, "LEAVE", 1)
    other = Desk(client, make_station(desk.station.district, slug="other"))

    assert [one.get("pulse").status_code for one in (desk, desk, other)] == [200, 429, 200]


def test_processes_count_together(desk, monkeypatch):
    monkeypatch.setitem(limits.RATES, "desk", "1/5m/key")
    desk.get("pulse")

    limits.forget_leaves()  # as another process

    assert desk.get("pulse").status_code == 429


def test_who_tries_tokens_is_stopped(desk, monkeypatch):
    monkeypatch.setitem(limits.RATES, "no_token", "2/m/ip")
    desk.token = "guessed"

    answers = [desk.get("pulse") for _ in range(3)]

    assert [one.status_code for one in answers] == [401, 401, 429]
    assert answers[-1]["Retry-After"] == "60"
