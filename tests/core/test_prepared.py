"""A prepared statement does what Django's own would do."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from bookings.beds.models import Stay
from bookings.core.prepared import Prepared, PreparedChange, PreparedRow, in_one_trip
from bookings.core.transitions import StateChanged
from bookings.desk.models import Scan
from tests import events
from tests.factories import make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
PK = Stay._meta.get_field("id")


@pytest.fixture
def scan():
    station = make_station(make_district())
    draft = make_draft(make_person(station.district), station)
    return events.scan(station, events.promise(draft).short_code)


def test_an_added_row_is_the_row_that_create_would_have_made(scan):
    fields = [one.attname for one in Scan._meta.concrete_fields if not one.primary_key]
    told = {name: getattr(scan, name) for name in fields} | {"nonce": "2", "action": "leave"}

    added = PreparedRow(Scan).add(**told)

    kept = Scan.objects.get(pk=added.pk)
    assert {name: getattr(kept, name) for name in fields} == told
    assert (added._state.adding, added._state.db) == (False, "default")


def test_an_added_row_is_refused_where_create_would_be(scan):
    told = {"station": scan.station, "device": scan.device, "nonce": scan.nonce}

    with pytest.raises(IntegrityError), transaction.atomic():
        PreparedRow(Scan).add(**told, at=scan.at, received_at=scan.at)


def test_a_prepared_query_finds_other_rows_with_other_values(scan):
    query = Prepared(lambda *, pk: Stay.objects.filter(pk=pk), pk=(PK, -1))

    assert query.ask(pk=scan.stay_id) == [scan.stay]
    assert query.ask(pk=0) == []


@pytest.fixture
def change():
    return PreparedChange(
        lambda *, pk, at: (Stay.objects.filter(pk=pk, status="arrived"), {"reminded_at": at}),
        pk=(PK, -1),
        at=(Stay._meta.get_field("reminded_at"), dt.datetime.max.replace(tzinfo=dt.UTC)),
    )


def test_a_prepared_change_changes_its_row_or_is_refused(scan, change):
    change.make(pk=scan.stay_id, at=scan.at)

    assert Stay.objects.get(pk=scan.stay_id).reminded_at == scan.at
    with pytest.raises(StateChanged):
        change.make(pk=0, at=scan.at)


def test_rows_of_one_trip_know_their_keys_at_its_end(scan):
    rows = PreparedRow(Scan)
    told = {"station": scan.station, "device": scan.device, "at": scan.at, "received_at": scan.at}

    with in_one_trip():
        added = [rows.add(**told, nonce=nonce) for nonce in "ab"]

    assert [Scan.objects.get(pk=one.pk).nonce for one in added] == ["a", "b"]


def test_what_is_asked_on_a_trip_sees_what_was_sent_before(scan, change):
    query = Prepared(lambda *, pk: Stay.objects.filter(pk=pk), pk=(PK, -1))

    with in_one_trip():
        with in_one_trip():
            change.make(pk=scan.stay_id, at=scan.at)
        (found,) = query.ask(pk=scan.stay_id)

    assert found.reminded_at == scan.at


@pytest.mark.parametrize(
    ("pk", "nonce", "refusal"), [(0, "new", StateChanged), (None, None, IntegrityError)]
)
def test_of_a_trip_with_one_refusal_nothing_is_kept(scan, change, pk, nonce, refusal):
    told = {"station": scan.station, "device": scan.device, "at": scan.at, "received_at": scan.at}

    with pytest.raises(refusal), transaction.atomic(), in_one_trip():
        PreparedRow(Scan).add(**told, nonce=nonce or scan.nonce)
        change.make(pk=scan.stay_id if pk is None else pk, at=scan.at)

    assert Scan.objects.count() == 1
    assert Stay.objects.get(pk=scan.stay_id).reminded_at is None


def test_a_value_that_stands_nowhere_is_noticed():
    with pytest.raises(AssertionError):
        Prepared(lambda *, pk: Stay.objects.all(), pk=(PK, -1)).ask(pk=1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server")
def test_behind_a_pooler_nothing_is_prepared_on_the_server(scan, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", "true")
    query = Prepared(lambda *, pk: Stay.objects.filter(pk=pk), pk=(PK, -1))
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
        found = query.ask(pk=scan.stay_id)
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        (prepared,) = cursor.fetchone()

    assert (found, prepared) == ([scan.stay], 0)
