"""From where an entry came: the network of the request in which it was written, and no more."""

import pytest

from bookings.core import audit
from bookings.core.audit import AuditEntry
from bookings.people.models import Role
from tests.factories import NOW, make_district
from tests.people.world import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    client.force_login(member(make_district(), Role.MANAGER))
    return client


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("203.0.113.77", {"network": "203.0.113.0/24"}),
        ("2001:db8:1:2::77", {"network": "2001:db8:1::/48"}),
        ("", {}),
    ],
)
def test_what_is_written_in_a_request_says_its_network(signed_in, address, told):
    signed_in.get("/staff/audit/?what=", REMOTE_ADDR=address)

    assert AuditEntry.objects.get().details == told


def test_what_the_worker_writes_comes_from_nowhere(signed_in):
    signed_in.get("/staff/audit/", REMOTE_ADDR="203.0.113.77")
    district = make_district("370829")

    entry = audit.record("act", district, by=None, now=NOW, district_id=district.pk)

    assert entry.details == {}


def test_it_is_under_the_seal(signed_in):
    signed_in.get("/staff/audit/?what=", REMOTE_ADDR="203.0.113.77")
    audit.seal_rest()
    entry = AuditEntry.objects.get()
    entry.details = {"network": "198.51.100.0/24"}

    assert entry.seal.digest != audit._digest("", 1, entry)
