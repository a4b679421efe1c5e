"""The audit log searched: who, what, whose, when; of one's own district, and the search is in it."""

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from bookings.core import audit
from bookings.core.audit import AuditEntry
from bookings.operations.trail.search import Key, Wanted, find
from bookings.operations.trail.words import ACTIONS
from bookings.people.models import Role
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def build():
    station = make_station(make_district(), beds=3)
    draft, other = (make_draft(make_person(station.district), station) for _ in range(2))
    manager = member(station.district, Role.MANAGER)
    events.submit(draft)
    events.submit(other)
    audit.record(
        "look at document number",
        draft.graduate,
        by=manager,
        now=NOW + DAY,
        district_id=station.district_id,
    )
    audit.record("tidy", station, by=None, now=NOW + 2 * DAY, district_id=station.district_id)
    there = make_district("370829")
    audit.record("tidy", there, by=None, now=NOW, district_id=there.pk)
    return station, draft, manager


@pytest.fixture(scope="module")
def log(once):
    return once(build)


def actions(log, **wanted):
    station, *_ = log
    return [one.action for one in find(station.district, Wanted(**wanted)).entries]


def test_the_newest_of_ones_own_district_come_first(log):
    assert actions(log) == ["tidy", "look at document number", "submit", "submit"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"who": "worker"}, ["tidy"]),
        ({"who": "guests"}, ["submit", "submit"]),
        ({"what": "submit"}, ["submit", "submit"]),
        ({"what": "looks"}, ["look at document number"]),
        ({"first": TODAY + DAY}, ["tidy", "look at document number"]),
        ({"last": TODAY}, ["submit", "submit"]),
        ({"first": TODAY + DAY, "last": TODAY + DAY}, ["look at document number"]),
    ],
)
def test_each_box_narrows(log, wanted, found):
    assert actions(log, **wanted) == found


def test_who_is_one_of_the_staff(log):
    assert actions(log, who=str(log[2].pk)) == ["look at document number"]


def test_a_reference_finds_the_application_and_its_person(log):
    assert actions(log, reference=log[1].reference) == ["look at document number", "submit"]
    assert actions(log, reference=log[1].reference.lower()) != []


def test_a_reference_of_another_district_finds_nothing(log):
    elsewhere = AuditEntry.objects.exclude(district=log[0].district).get().district
    there = find(elsewhere, Wanted(reference=log[1].reference))

    assert there.entries == []


def test_pages_follow_each_other_without_gap_or_repetition(log):
    station, *_ = log
    district, whole = station.district, find(station.district, Wanted()).entries

    first = find(district, Wanted(), rows=3)
    second = find(district, Wanted(), before=Key.read(str(first.after)), rows=3)

    assert [*first.entries, *second.entries] == whole
    assert second.after is None


@pytest.mark.parametrize("text", ["", "x", "20261123T040000.0-", "20261123T040000.0-x", "-1"])
def test_what_is_no_key_begins_with_the_newest(text):
    assert Key.read(text) is None


def test_a_search_is_an_entry_once_whatever_pages_are_turned(log, client):
    client.force_login(log[2])
    client.get("/staff/audit/?what=looks&first=2026-11-01")
    client.get("/staff/audit/?what=looks&first=2026-11-01&before=20261123T040000.0-1")
    client.get("/staff/audit/")  # nothing was looked for

    entry = AuditEntry.objects.get(action="look at audit log")
    told = {"what": "looks", "first": "2026-11-01", "network": "127.0.0.0/24"}
    assert (entry.by, entry.details) == (log[2], told)


@pytest.mark.parametrize(
    "query",
    ["who=1", "what=everything", "reference=13900000001x", "first=2026-02-02&last=2026-01-01"],
)
def test_what_cannot_be_looked_for_is_told_beside_its_box(log, client, query):
    client.force_login(log[2])

    response = client.get(f"/staff/audit/?{query}")

    assert response.status_code == 400
    assert len(response.context["form"].errors) == 1
    assert client.get(f"/staff/audit.xlsx?{query}").status_code == 400


def test_a_guest_is_a_guest_and_a_colleague_has_a_name(log, client):
    client.force_login(log[2])

    rows = client.get("/staff/audit/?what=").context["rows"]

    names = {row.what: row.who for row in rows}
    assert names[str(ACTIONS["look at document number"])] == log[2].email
    assert log[1].user.phone not in "".join(map(str, rows))


def test_the_file_holds_text_and_leaves_an_entry(log, client):
    district = log[0].district
    audit.record("=1+1", district, by=None, now=NOW + 3 * DAY, district_id=district.pk, why="@x")
    client.force_login(log[2])

    book = load_workbook(io.BytesIO(client.get("/staff/audit.xlsx?what=").content))

    rows = list(book.active.iter_rows(min_row=2))
    assert len(rows) == 5
    assert {cell.data_type for row in rows for cell in row if cell.value is not None} == {"s"}
    assert AuditEntry.objects.filter(action="export audit log").count() == 1
