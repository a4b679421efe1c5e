"""JSON that is meant to hurt the API: refused with a reason, never an error of ours, nothing kept."""

from copy import deepcopy
from types import SimpleNamespace

import pytest
from django.test import Client

from bookings.desk.devices import issue_device
from bookings.desk.models import Scan
from tests.events import reviewer
from tests.factories import NOW, make_district, make_station

pytestmark = pytest.mark.django_db
AT = NOW.isoformat()
ONE = f'"code":"QQQQQQQQ","nonce":"n","at":"{AT}","action":"arrive"'
BODIES = {
    "nothing": b"",
    "not UTF-8": b'{"code":"\xff"}',
    "nested deep": b"[" * 200_000,
    "nested deep as a scan": b'{"scans":' + b'[{"x":' * 50_000,
    "half a surrogate pair": f"{{{ONE.replace('QQQQQQQQ', chr(92) + 'ud800')}}}".encode(),
    "half a pair as nonce": f"{{{ONE.replace(':' + chr(34) + 'n', ':' + chr(34) + chr(92) + 'udfff')}}}".encode(),
    "NUL": f"{{{ONE.replace('QQQQQQQQ', chr(92) + 'u0000')}}}".encode(),
    "thousands of digits": f'{{{ONE},"offline":{"9" * 5_000}}}'.encode(),
    "not a number": f'{{{ONE},"offline":NaN}}'.encode(),
    "infinity": f'{{{ONE},"offline":1e999}}'.encode(),
    "a day that never was": f"{{{ONE.replace(AT, '0000-00-00T00:00:00Z')}}}".encode(),
    "a day out of range": f"{{{ONE.replace(AT, '9999-12-31T23:59:59-23:59')}}}".encode(),
    "a year as a number": f"{{{ONE.replace(chr(34) + AT + chr(34), '1e300')}}}".encode(),
    "a list": b"[]",
    "null": b"null",
    "text": b'"scan"',
    "scans that are none": b'{"scans":[null,1,"x",[],{},{"nonce":{}},{"at":NaN}]}',
    "a scan of half pairs": b'{"scans":[{"nonce":"\\ud800","code":"\\ud800"}]}',
    "a scan of huge numbers": b'{"scans":[{"nonce":' + b"9" * 4_000 + b',"at":1e400}]}',
    "a scan of not a number": b'{"scans":[{"nonce":NaN}]}',
    "two thousand scans": b'{"scans":[' + b",".join([b"{}"] * 2_000) + b"]}",
    "two megabytes": b'{"code":"' + b"x" * 2_000_000 + b'"}',
}


def _desk():
    station = make_station(make_district())
    return SimpleNamespace(
        token=issue_device(station=station, name="示例", by=reviewer(), now=NOW)[1]
    )


@pytest.fixture(scope="module")
def made(once):
    return once(_desk)


@pytest.fixture
def token(made):
    return deepcopy(made).token


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("operation", ["scans", "looks", "sync"])
def test_no_body_is_an_error_of_ours(operation, body, token):
    answer = Client().post(
        f"/api/desk/{operation}",
        BODIES[body],
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )

    assert answer.status_code in (200, 400, 413, 422)
    if answer.status_code != 200:
        assert Scan.objects.count() == 0


def test_of_a_name_given_twice_the_last_holds(token):
    body = f'{{{ONE},"nonce":"second","code":"PPPPPPPP"}}'

    Client().post(
        "/api/desk/scans",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )

    assert Scan.objects.get().nonce == "second"


@pytest.mark.parametrize("token", ["", "x" * 100_000, "\x00", "%00", "é", "null", "Bearer x"])
def test_no_token_is_an_error_of_ours(token, db):
    header = f"Bearer {token}".encode().decode("latin-1")

    answer = Client().get("/api/desk/pulse", headers={"Authorization": header})

    assert answer.status_code == 401
