"""The nightly walk along the audit log: whole, changed, cut off at its end."""

import pytest

from bookings.core import audit
from bookings.core.audit import AuditSeal
from bookings.core.clock import now
from bookings.operations.chain import check_audit
from tests.factories import NOW, make_district

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def chain(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    district = make_district()
    for number in range(3):
        audit.record(f"act {number}", district, by=None, now=NOW, district_id=district.pk)
    audit.seal_rest()


def test_a_whole_chain_is_well():
    one = check_audit(clock=now)

    assert (one.ok, one.figures) == (True, {"breaks": 0, "seals": 3})


def test_a_broken_chain_is_told():
    AuditSeal.objects.filter(number=2).update(digest="0" * 64)

    one = check_audit(clock=now)

    assert (one.ok, one.reason, one.figures["breaks"]) == (False, "chain", 2)
    assert one.error.startswith("seal 2: its entry")


def test_a_log_cut_off_at_its_end_is_shorter_than_it_was():
    check_audit(clock=now)
    AuditSeal.objects.filter(number=3).delete()

    one = check_audit(clock=now)

    assert (one.reason, one.error) == ("chain", "1 seals are missing at the end")
