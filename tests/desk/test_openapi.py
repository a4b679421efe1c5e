"""Whatever is sent: no answer is an error of ours, and each is as the OpenAPI document says."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bookings.desk.devices import issue_device
from tests.events import reviewer
from tests.factories import NOW, make_district, make_station

schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
CHECKS = [
    *[not_a_server_error, status_code_conformance],
    *[content_type_conformance, response_schema_conformance],
]


@pytest.fixture
def _one_connection():
    """The test's own transaction sees all requests, as with Django's test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(db, _one_connection):
    station = make_station(make_district())
    return issue_device(station=station, name="示例平板", by=reviewer(), now=NOW)[1]


@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_written(case, token):
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    answer = case.call(headers=headers)

    case.validate_response(answer, checks=CHECKS)


def test_the_document_says_which_version_it_is(client):
    document = client.get("/api/openapi.json").json()

    assert document["info"]["version"] == "1.0"
    assert set(document["paths"]) == {
        f"/api/desk/{name}" for name in ("scans", "looks", "sync", "snapshot", "pulse", "search")
    }
