"""What a desk reads to work offline, and what becomes of what it sends afterwards."""

import base64
import datetime as dt
import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.core.audit import AuditEntry
from bookings.desk.conflicts.models import Conflict
from bookings.desk.models import Redemption, Scan, Service
from bookings.invariants import breaches
from bookings.passes.issue import text_of
from bookings.passes.token import open_token
from bookings.people.models import Role
from tests import events
from tests.desk.offline import Desk, scan_of
from tests.events import AFTERNOON
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station
from tests.people.world import member

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
NOT_WORK = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


@pytest.fixture
def station(noon):
    noon.shift(5 * HOUR)
    station = make_station(make_district(), beds=4)
    Service.objects.create(station=station, code="breakfast", name_zh="早餐", name_en="Breakfast")
    return station


@pytest.fixture
def desk(client, station):
    return Desk(client, station)


@pytest.fixture
def draft(station):
    return make_draft(make_person(station.district), station)


@pytest.fixture
def shown(draft):
    return events.promise(draft)


# --- a scan ------------------------------------------------------------------------------------------


def test_what_is_left_of_a_service_is_within_the_stays_and_comes_with_its_hours(
    desk, draft, shown, station
):
    station.services.update(uses_per_day=3, uses_per_stay=2, opens="07:00", closes="22:00")
    desk.scan(shown.short_code)
    events.redeem(draft, station.services.get(), at=NOW + dt.timedelta(hours=5))

    card = desk.scan(shown.short_code, nonce="look", action="leave", at=NOW)["stay"]

    assert [(one["left"], one["hours"]) for one in card["services"]] == [(1, "07:00–22:00")]


def test_an_arrival_is_answered_with_all_that_the_desk_needs(desk, shown):
    answer = desk.scan(shown.short_code)

    stay = answer["stay"]
    assert (answer["tone"], answer["conflict"], stay["due"]) == ("ok", None, "leave")
    assert stay["arrived_at_desk"] == "门口平板"
    told = {"code": "breakfast", "name": "早餐", "left": 1, "hours": ""}
    assert stay["services"] == [told]
    assert "name" not in answer and shown.stay.graduate.doc_number not in json.dumps(answer)


def test_who_has_arrived_already_did_so_at_a_desk_that_is_named(client, station, desk, shown):
    desk.scan(shown.short_code)
    other = Desk(client, station, name="二楼平板")

    answer = other.scan(shown.short_code)

    assert answer["reason"] == "already_arrived"
    assert "门口平板" in answer["message"] and "16:00" in answer["message"]
    assert answer["stay"]["due"] == "leave"


def test_a_use_of_a_service_leaves_one_less(desk, shown):
    desk.scan(shown.short_code)

    answer = desk.scan(shown.short_code, nonce="2", action="redeem", service="breakfast")

    assert answer["stay"]["services"][0]["left"] == 0


def test_staff_may_name_a_stay_by_its_reference_and_a_program_may_not(client, desk, draft, shown):
    reference = events.own(draft).reference
    clerk = member(draft.district, Role.CLERK, draft.station)
    client.force_login(clerk)
    look = {"code": reference.lower(), "nonce": "1", "at": str(AFTERNOON)}

    told = client.post("/api/desk/looks", json.dumps(look), content_type="application/json").json()

    assert told["stay"]["reference"] == reference
    assert desk.scan(reference)["reason"] == "unknown"


def test_a_first_arrival_and_a_repeat_ask_the_database_eight_times_at_most(
    desk, shown, django_capture_on_commit_callbacks
):
    desk.scan("QQQQ-QQQQ", nonce="0")  # the device has been seen this minute

    for what in ("first", "the same again", "another nonce"):
        nonce = "2" if what == "another nonce" else "1"
        with (
            CaptureQueriesContext(connection) as asked,
            django_capture_on_commit_callbacks(execute=True),
        ):
            desk.scan(shown.short_code, nonce=nonce)
        work = [one["sql"] for one in asked if not str(one["sql"]).startswith(NOT_WORK)]
        assert len(work) <= 8, (what, work)


def test_a_minor_is_let_in_with_a_word_to_the_clerk(desk, shown, draft):
    type(draft.graduate).objects.filter(pk=draft.graduate.pk).update(birth_date=dt.date(2009, 1, 1))

    answer = desk.scan(shown.short_code)

    assert (answer["result"], answer["reason"], answer["tone"]) == ("warn", "minor", "warn")
    assert answer["stay"]["status"] == "arrived"


# --- a look ------------------------------------------------------------------------------------------


def test_a_look_says_what_is_due_and_changes_nothing(desk, shown):
    answer = desk.send("looks", {"code": shown.short_code, "nonce": "1", "at": str(AFTERNOON)})

    told = answer.json()
    assert (told["reason"], told["stay"]["due"], told["name"]) == ("fine", "arrive", None)
    assert Scan.objects.get().action == "check"
    shown.stay.refresh_from_db()
    assert shown.stay.status == "promised"


def test_staff_who_look_see_the_whole_name(client, station, shown):
    client.force_login(member(station.district, Role.CLERK, station))
    look = {"code": shown.short_code, "nonce": "1", "at": str(AFTERNOON)}

    answer = client.post("/api/desk/looks", json.dumps(look), content_type="application/json")

    assert answer.json()["name"] == "测试甲"


def test_who_looks_at_a_code_of_another_station_sees_nobody(client, station, shown):
    other = make_station(station.district, slug="other")
    client.force_login(member(station.district, Role.CLERK, other))
    look = {"code": shown.short_code, "nonce": "1", "at": str(AFTERNOON)}

    told = client.post("/api/desk/looks", json.dumps(look), content_type="application/json").json()

    assert (told["reason"], told["stay"], told["name"]) == ("wrong_station", None, None)


# --- a batch -----------------------------------------------------------------------------------------


def test_a_batch_is_judged_in_the_order_in_which_it_happened(desk, shown):
    code = shown.short_code
    leaves = scan_of(code, nonce="2", action="leave", at=AFTERNOON + HOUR / 2, told="ok")
    arrives = scan_of(code, nonce="1", told="ok")

    answers = desk.sync(leaves, arrives)

    assert [(one["nonce"], one["reason"]) for one in answers] == [("2", "fine"), ("1", "fine")]
    shown.stay.refresh_from_db()
    assert shown.stay.status == "left"


def test_the_whole_batch_again_gets_the_same_answers(desk, shown):
    batch = [scan_of(shown.short_code, nonce=str(n), told="ok") for n in range(3)]
    first = desk.sync(*batch, {"nonce": "x"}, 7)

    assert desk.sync(*batch, {"nonce": "x"}, 7) == first
    assert (Scan.objects.count(), Conflict.objects.count()) == (5, 4)


@pytest.mark.parametrize(
    "broken",
    [
        *[None, 7, [], {}, "…", {"nonce": "2", "at": "yesterday"}, {"nonce": "\x00"}],
        scan_of("ABCD-2345", nonce="2") | {"at": "0001-01-01T00:00:00+00:00"},
        scan_of("ABCD-2345", nonce="2", station="elsewhere"),
        scan_of("x" * 500, nonce="2"),
    ],
)
def test_what_cannot_be_read_is_kept_and_stops_nobody(desk, shown, broken):
    answers = desk.sync(broken, scan_of(shown.short_code, told="ok"))

    assert [one["reason"] for one in answers] == ["unreadable", "fine"]
    assert Conflict.objects.get().scan.reason == "unreadable"
    assert list(breaches()) == []


def test_what_a_batch_brings_too_late_is_a_conflict(desk, draft, shown):
    events.withdraw(draft)

    (answer,) = desk.sync(scan_of(shown.short_code, told="ok", bed="101-1"))

    conflict = Conflict.objects.get()
    assert (answer["result"], answer["conflict"]) == ("refused", conflict.pk)
    assert (conflict.scan.offline, conflict.scan.told_bed) == (True, "101-1")


def test_an_offline_scan_that_does_not_say_what_was_told_is_kept_too(desk, draft, shown):
    events.withdraw(draft)

    answer = desk.scan(shown.short_code, offline=True)

    assert answer["conflict"] == Conflict.objects.get().pk


def test_a_service_used_up_offline_is_a_conflict_and_not_counted_twice(desk, shown):
    redeems = {"action": "redeem", "service": "breakfast", "told": "ok"}
    batch = [scan_of(shown.short_code, nonce="1", told="ok")]
    batch += [scan_of(shown.short_code, nonce=n, at=AFTERNOON + HOUR / 9, **redeems) for n in "23"]

    answers = desk.sync(*batch)

    assert [one["reason"] for one in answers] == ["fine", "fine", "used_up"]
    assert (Redemption.objects.count(), Conflict.objects.count()) == (1, 1)


def test_more_than_five_hundred_are_sent_in_two_batches(desk):
    assert desk.send("sync", {"scans": [{}] * 501}).status_code == 422


# --- the snapshot ------------------------------------------------------------------------------------


def test_a_snapshot_tells_a_true_code_from_a_forged_one(desk, shown):
    told = desk.get("snapshot").json()

    key = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(told["key"][0] + "="))
    (stay,) = told["stays"]
    assert open_token(text_of(shown), [key]).hex == stay["passes"][0]
    salted = hashlib.sha256(f"{told['salt']}{shown.short_code}".encode()).hexdigest()
    assert stay["codes"] == [salted]


def test_a_snapshot_names_the_bed_of_each_night(desk, shown):
    (stay,) = desk.get("snapshot").json()["stays"]

    nights = [(TODAY + n * DAY).isoformat() for n in range(3)]
    assert list(stay["beds"]) == nights
    assert stay["bed"] == stay["beds"][nights[0]]


def test_a_snapshot_holds_no_number_no_name_and_no_telephone(desk, draft, shown):
    text = desk.get("snapshot").content.decode()

    person = draft.graduate
    for secret in (person.name, person.doc_number, person.user.phone[:-4], shown.short_code):
        assert secret not in text
    assert json.loads(text)["stays"][0]["phone_tail"] == person.user.phone[-4:]


@pytest.mark.parametrize(
    ("days", "nights", "there"),
    [(-3, 1, False), (-3, 2, True), (0, 1, True), (3, 1, True), (4, 1, False)],
)
def test_a_snapshot_reaches_from_yesterday_to_three_nights_ahead(
    desk, station, days, nights, there
):
    arrival = TODAY + days * DAY
    draft = make_draft(make_person(station.district), station, arrival=arrival, nights=nights)
    events.promise(draft, now=NOW - 5 * DAY)

    assert bool(desk.get("snapshot").json()["stays"]) == there


def test_a_snapshot_says_why_a_code_is_not_good_any_more(desk, draft, shown):
    events.withdraw(draft)
    draft.stay.passes.update(revoked_at=NOW)

    (stay,) = desk.get("snapshot").json()["stays"]

    assert (stay["status"], stay["passes"], stay["revoked"]) == ("cancelled", [], [shown.pk.hex])


def test_a_snapshot_is_of_ones_own_station(client, station, desk, shown):
    other = Desk(client, make_station(station.district, slug="other"))

    assert other.get("snapshot").json()["stays"] == []
    assert other.get("snapshot?station=sample").status_code == 404


def test_a_snapshot_names_the_askers_acts_that_it_tells_of(client, station, desk, shown):
    desk.scan(shown.short_code, nonce="look", action="check")
    desk.scan(shown.short_code, nonce="came")
    desk.scan(shown.short_code, nonce="refused")

    assert desk.get("snapshot").json()["known"] == ["came"]
    assert Desk(client, station, name="二号").get("snapshot").json()["known"] == []


def test_an_unchanged_snapshot_is_not_sent_again(desk, shown):
    first = desk.get("snapshot")

    assert desk.get("snapshot", if_none_match=first["ETag"]).status_code == 304
    desk.scan(shown.short_code)
    assert desk.get("snapshot", if_none_match=first["ETag"]).status_code == 200


# --- the pulse ---------------------------------------------------------------------------------------


def test_the_pulse_changes_with_whatever_happens_and_only_then(desk, draft, shown):
    pulses = [desk.get("pulse").json()["version"] for _ in range(2)]
    happens = [
        lambda: desk.scan("QQQQ-QQQQ"),
        lambda: events.withdraw(draft),
        lambda: desk.sync(scan_of(shown.short_code, nonce="2", told="ok")),
        lambda: events.settle(Conflict.objects.get(), "sent_away"),
    ]
    for happen in happens:
        happen()
        pulses.append(desk.get("pulse").json()["version"])

    assert len(set(pulses)) == 1 + len(happens)
    assert desk.get("snapshot").json()["version"] == pulses[-1]


# --- the search --------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["phone", "reference", "code", "code typed"])
def test_a_guest_is_found_by(desk, draft, shown, by):
    said = {
        "phone": draft.user.phone[-5:],
        "reference": draft.reference.lower(),
        "code": shown.short_code[:4],
        "code typed": str(shown)[:6].lower(),
    }

    found = desk.get(f"search?q={said[by]}").json()["stays"]

    assert [one["reference"] for one in found] == [draft.reference]


def test_a_search_is_logged_without_what_was_looked_for(desk, shown, draft):
    desk.get("search?q=" + draft.user.phone[-4:])

    entry = AuditEntry.objects.get(action="search desk")
    assert entry.details["found"] == [shown.stay.pk]


def test_a_search_finds_nobody_of_another_station(client, station, shown, draft):
    other = Desk(client, make_station(station.district, slug="other"))

    assert other.get(f"search?q={draft.reference}").json() == {"stays": []}
    assert other.get("search?q=123").status_code == 422
