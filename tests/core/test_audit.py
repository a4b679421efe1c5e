"""The audit log is a chain: what is removed or changed is found, whoever wrote at the same moment."""

import pytest
from django.core.management import CommandError, call_command

from bookings.core import audit
from bookings.core.audit import AuditEntry, AuditSeal
from tests.core.test_invariants import without
from tests.factories import NOW, make_district
from tests.racing import errors, race

pytestmark = pytest.mark.django_db


def note(district, action="look"):
    return audit.record(action, district, by=None, now=NOW, district_id=district.pk, why="测试")


@pytest.fixture
def chain():
    district = make_district()
    entries = [note(district, f"act {number}") for number in range(4)]
    assert audit.seal_rest() == 4
    return entries


def test_a_whole_chain_is_whole(chain, capsys):
    call_command("verify_audit")

    assert "The chain is whole; 0 entries wait" in capsys.readouterr().out
    assert audit.seal_rest() == 0


def test_a_changed_entry_is_found(chain):
    without("audit_never_changes", "bookings_auditentry")
    AuditEntry.objects.filter(pk=chain[1].pk).update(details={"why": "another"})

    [found] = audit.verify()
    assert found == f"seal 2: its entry {chain[1].pk} ({chain[1]}) was changed"


def test_a_removed_entry_leaves_a_gap(chain, capsys):
    AuditSeal.objects.filter(number=2).delete()
    AuditEntry.objects.filter(pk=chain[1].pk).delete()

    assert list(audit.verify()) == ["seals 2 to 2 are missing"]
    with pytest.raises(CommandError, match="1 breaks"):
        call_command("verify_audit")
    assert "seals 2 to 2 are missing" in capsys.readouterr().err


def test_the_first_entry_is_missed_too(chain):
    AuditSeal.objects.filter(number=1).delete()

    assert list(audit.verify()) == ["seals 1 to 1 are missing"]


def test_a_forged_seal_is_found_and_so_is_what_follows_it(chain):
    AuditSeal.objects.filter(number=2).update(digest="0" * 64)

    assert [words[:6] for words in audit.verify()] == ["seal 2", "seal 3"]


def test_what_is_noted_is_sealed_once_it_is_committed(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        entry = note(make_district())

    assert entry.seal.number == 1
    audit.seal(entry)  # the worker comes by at the same moment
    assert AuditSeal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_make_one_chain():
    district = make_district()

    results = race(*[lambda: note(district) for _ in range(8)])

    assert errors(results) == []
    assert list(AuditSeal.objects.order_by("number").values_list("number", flat=True)) == [
        *range(1, 9)
    ]
    assert list(audit.verify()) == []
