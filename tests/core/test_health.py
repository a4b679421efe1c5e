"""What a watcher asks: does it live, can it serve, how is it doing."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django_q.models import Schedule
from prometheus_client.parser import text_string_to_metric_families

from bookings import health, tasks
from bookings.operations import checks
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db


@pytest.fixture
def working(monkeypatch):
    monkeypatch.setattr(checks.Stat, "get_all", lambda: ["a worker"])


def test_it_lives_whatever_is_broken(client, monkeypatch):
    monkeypatch.setitem(health.PARTS, "database", None)

    assert client.get("/healthz").content == b"ok"


def test_it_is_ready_when_every_part_serves(client, working):
    response = client.get("/readyz")

    assert (response.status_code, set(response.json().values())) == (200, {"ok"})


def test_without_a_worker_it_is_not_ready(client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["worker"] == "no worker runs"


def test_work_that_waits_too_long_makes_it_unready(client, working):
    Schedule.objects.create(func="x", next_run=NOW - dt.timedelta(minutes=14))
    assert client.get("/readyz").status_code == 200

    Schedule.objects.create(func="y", next_run=NOW - dt.timedelta(minutes=16))
    assert client.get("/readyz").json()["queue"] == "scheduled work waits"


def test_a_full_disk_makes_it_unready(client, working, monkeypatch):
    monkeypatch.setattr(health, "FREE_BYTES", 10**18)

    assert client.get("/readyz").json()["storage"] == "is nearly full"


def test_an_error_is_told_without_its_words(client, working, monkeypatch):
    def broken():
        raise DatabaseError("password=secret")

    monkeypatch.setitem(health.PARTS, "database", broken)

    response = client.get("/readyz")

    assert (response.status_code, response.json()["database"]) == (503, "does not answer")


def test_figures_are_counts_over_the_rows(client):
    station = make_station(make_district(), beds=3)
    events.promise(make_draft(make_person(station.district), station))
    events.submit(make_draft(make_person(station.district), station))
    tasks.seal_audit()

    text = client.get("/metrics").content.decode()

    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["station_stays", "promised"] == 1
    assert found["station_applications", "in_review"] == 1
    assert found["station_audit_unsealed",] == 0


@pytest.mark.parametrize(
    ("token", "sent", "status"),
    [("secret", "Bearer secret", 200), ("secret", "Bearer other", 404), ("secret", "", 404)],
)
def test_figures_are_for_whoever_knows_the_token(client, settings, token, sent, status):
    settings.METRICS_TOKEN = token

    assert client.get("/metrics", headers={"authorization": sent}).status_code == status


def test_in_production_there_are_no_figures_without_a_token(client, settings):
    settings.PRODUCTION = True

    assert client.get("/metrics").status_code == 404
