"""`check_invariants` passes over a whole house, and finds and names each kind of damage done to it."""

import datetime as dt
import io
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from bookings import journey, tasks
from bookings.applications.evidence import add_evidence
from bookings.beds.models import BedNight, RoomNight
from bookings.core.audit import AuditEntry
from bookings.core.crypto import EncryptedTextField, encrypt
from bookings.desk.handover.models import HandoverNote
from bookings.desk.handover.notes import write_note
from bookings.desk.models import Redemption
from bookings.eligibility.models import Decision
from bookings.invariants import INVARIANTS, personal_data_is_sealed
from bookings.messages.models import Contact, Message
from bookings.passes.models import Pass
from bookings.people.looks import LookWords
from bookings.people.models import Membership, Role
from bookings.places.models import Bed, Closure, Room
from bookings.retention.models import FollowUp
from bookings.statistics.reports.models import Subscription
from bookings.statistics.tallies.models import Tally
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station, pdf
from tests.retention import bureau

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
DAMAGES = []
SEALED_FIELDS = [
    field
    for model in apps.get_app_config("bookings").get_models()
    for field in model._meta.concrete_fields
    if isinstance(field, EncryptedTextField)
]


def breaks(invariant):
    """Mark a function that damages a whole house `a` and returns the sentences that name it."""

    def keep(damage):
        DAMAGES.append((invariant, damage))
        return damage

    return keep


def make_everything():
    """A whole house: a guest who came and had breakfast, one who has left and answered, one still
    expected, and one who was refused; all women in room 101, whose fourth bed is free."""
    district, elsewhere = make_district(), make_district("370829")
    station, other_station = make_station(district, beds=4), make_station(elsewhere, slug="other")
    room = station.rooms.get()
    other_room = Room.objects.create(station=station, name="102")
    came, gone, expected = (make_draft(make_person(district), station) for _ in range(3))
    upload = SimpleUploadedFile("degree.pdf", pdf())
    paper = add_evidence(application=came, kind="degree", upload=upload, now=NOW)
    for draft, number in ((came, 1), (gone, 2)):
        shown = events.promise(draft)
        events.scan(station, shown.short_code, nonce=f"nonce-{number}")
    events.scan(station, shown.short_code, "leave", nonce="nonce-3", at=NOW + DAY)
    question = gone.stay.follow_ups.get(horizon=30)
    journey.answer(
        follow_up=question,
        kind="looking",
        source="self",
        employer="示例公司",
        post="示例岗位",
        by=None,
        now=NOW + 31 * DAY,
    )
    rows = bureau.text(bureau.row(gone.graduate))
    house = SimpleNamespace(district=district, manager=events.reviewer("manager"))
    listed = bureau.written(house, rows)
    work = {"kind": "employed_here", "employer": "示例公司", "since": TODAY, "row": 2}
    listed.matches.create(follow_up=question, **work)  # as of a list that is being written
    question.attempts.create(
        number=1, result="no_answer", note="晚上再打", by=events.reviewer(), at=NOW + 31 * DAY
    )
    events.promise(expected)
    stranger = make_person(elsewhere)
    proof = {"degree_proof": "chsi", "chsi_code": "SAMPLE0000000000", "chsi_until": TODAY}
    change(stranger, **proof, certificate_number="示例 0001")
    change(make_draft(stranger, other_station, evidence=()), answers="{}")
    refused = make_draft(make_person(district, hukou="370802"), station)
    events.submit(refused)
    refused.appeals.create(against=refused.decisions.latest(), reason="为何", at=NOW)
    events.propose(refused)
    service = station.services.create(code="breakfast", name_zh="早餐", name_en="Breakfast")
    slot = service.slots.create(starts_at=NOW - DAY, ends_at=NOW, capacity=2)
    code = came.stay.passes.get().short_code
    events.scan(station, code, "redeem", nonce="nonce-4", service="breakfast")
    told = {"device": "tablet", "offline": True, "told": "ok"}
    conflict = events.scan(station, code, nonce="nonce-5", **told).conflict
    events.settle(conflict, "same_guest", note="测试")
    write_note(station=station, text="示例", by=events.reviewer(), now=NOW)
    Subscription.objects.create(
        district=district,
        email="report@example.test",
        email_hash="x",
        audience="outside",
        language="en",
        added_by=events.reviewer(),
        added_at=NOW,
    )
    LookWords.objects.create(entry=AuditEntry.objects.first(), text="示例")
    Contact.objects.create(user=gone.user, email="guest@example.test", openid="openid-1")
    change(gone.stay.registration, refusal="姓名有误")
    guardian = {"guardian_name": "示例父", "guardian_phone": "+8613800000777"}
    change(came.graduate, address="示例路1号", **guardian)
    change(events.complain(events.incident(came, "warning")), reply="已核实")
    clerk = Membership.objects.create(user=events.reviewer(), district=district, role=Role.CLERK)
    clerk.stations.add(station)
    return SimpleNamespace(
        district=district,
        station=station,
        other_station=other_station,
        room=room,
        other_room=other_room,
        other_bed=Bed.objects.create(room=other_room, name="1"),
        free_bed=room.beds.last(),
        person=came.graduate,
        stranger=stranger,
        paper=paper,
        came=events.own(came),
        gone=events.own(gone),
        expected=events.own(expected),
        night=came.stay.bed_nights.earliest("night"),
        arrival=came.stay.scans.get(action="arrive", result="ok"),
        conflict=conflict,
        booking=slot.bookings.create(stay=came.stay, number=1, booked_at=NOW - DAY),
        clerk=clerk,
        listed=listed,
        question=question,
    )


@pytest.fixture(scope="module")
def made(once):
    return once(make_everything)


@pytest.fixture
def a(made):
    path = Path(made.paper.file.path)
    content = path.read_bytes()
    yield deepcopy(made)
    path.write_bytes(content)  # no rollback brings it back


def change(row, **changes):
    type(row).objects.filter(pk=row.pk).update(**changes)


def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def without(rule, table, *, of="trigger"):
    """Take a rule of the database away, until the test's transaction is rolled back. `of` says what
    it is: a trigger, triggers (on SQLite one for each event), a reference (foreign key; on SQLite two
    triggers), a unique index."""
    if of == "index":
        execute(f"DROP INDEX {rule}")
    elif connection.vendor == "postgresql":
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        kind = "DISABLE TRIGGER" if of in ("trigger", "triggers") else "DROP CONSTRAINT"
        execute(f"ALTER TABLE {table} {kind} {rule}")
    else:
        for event in [""] if of == "trigger" else ["_insert", "_update"]:
            execute(f"DROP TRIGGER {rule}{event}")


@contextmanager
def unchecked(rule, table):
    """Take a check constraint away."""
    if connection.vendor == "postgresql":
        without(rule, table, of="check")
        yield
    else:
        execute("PRAGMA ignore_check_constraints = ON")
        yield
        execute("PRAGMA ignore_check_constraints = OFF")


# --- 1 no bed twice, no guest twice: on both engines the unique keys one_stay_a_bed_night and
# one_bed_a_guest_night make a breach impossible (test_constraints.py); what can be damaged: ---------


@breaks("one_stay_a_bed_night")
def a_bed_of_another_room(a):
    without("bed_night_bed_in_room", "bookings_bednight", of="reference")
    change(a.night, bed=a.other_bed)
    return [f"bed-night {a.night.pk}: bed and room, or guest and stay, do not belong together"]


@breaks("one_stay_a_bed_night")
def a_guest_of_another_stay(a):
    without("bed_night_guest_of_stay", "bookings_bednight", of="reference")
    change(a.night, graduate=a.stranger)
    return [f"bed-night {a.night.pk}: bed and room, or guest and stay, do not belong together"]


# --- 2 no room has two sexes on a night ------------------------------------------------------------


@breaks("one_sex_a_room_night")
def a_man_among_women(a):
    without("bed_night_one_sex", "bookings_bednight", of="reference")
    change(a.night, sex="men")
    return [
        f"room {a.room.pk} on {TODAY} has two sexes",
        f"bed-night {a.night.pk}: its guest is of another sex than its row or its room",
    ]


@breaks("one_sex_a_room_night")
def a_guest_whose_sex_was_changed(a):
    change(a.person, sex="men")
    nights = a.came.stay.bed_nights.values_list("pk", flat=True)
    return [f"bed-night {n}: its guest is of another sex than its row or its room" for n in nights]


@breaks("one_sex_a_room_night")
def a_room_of_the_other_sex(a):
    change(a.room, sex="men")
    nights = BedNight.objects.values_list("pk", flat=True)
    return [f"bed-night {n}: its guest is of another sex than its row or its room" for n in nights]


@breaks("one_sex_a_room_night")
def an_empty_room_kept_for_a_sex(a):
    RoomNight.objects.create(room=a.other_room, night=TODAY, sex="men")
    return [f"room {a.other_room.pk} on {TODAY} is kept for men but nobody sleeps there"]


# --- 3 every promised night has a bed --------------------------------------------------------------


@breaks("every_promised_night_has_a_bed")
def a_night_without_a_bed(a):
    a.night.delete()
    return [f"stay {a.came.stay.pk} (arrived): 3 nights, 2 with a bed"]


@breaks("every_promised_night_has_a_bed")
def nights_of_a_stay_that_is_over(a):
    change(a.expected.stay, status="cancelled")
    return [f"stay {a.expected.stay.pk} (cancelled): 0 nights, 3 with a bed"]


@breaks("every_promised_night_has_a_bed")
def a_bed_on_a_night_that_was_not_asked_for(a):
    RoomNight.objects.create(room=a.room, night=TODAY + 8 * DAY, sex="women")
    change(a.night, night=TODAY + 8 * DAY)
    return [f"stay {a.came.stay.pk}: its beds are on other nights than its own"]


@breaks("every_promised_night_has_a_bed")
def another_bed_every_night(a):
    change(a.night, bed=a.free_bed)
    return [f"stay {a.came.stay.pk} changes its bed, and nobody moved it"]


@breaks("every_promised_night_has_a_bed")
def a_closed_bed_that_is_promised(a):
    bed = a.expected.stay.bed_nights.first().bed
    Closure.objects.create(bed=bed, first_night=TODAY, until=TODAY + DAY)
    return [f"bed {bed.pk} is promised on {TODAY}, when it is closed"]


# --- 5 nights within the allowance -----------------------------------------------------------------


@breaks("nights_within_the_allowance")
def nights_counted_wrong(a):
    change(a.person, nights_taken=2)
    return [f"graduate {a.person.pk}: 2 nights counted, 3 in beds"]


@breaks("nights_within_the_allowance")
def more_nights_than_allowed(a):
    with unchecked("nights_within_the_allowance", "bookings_graduate"):
        change(a.person, nights_allowed=2)
    return [f"graduate {a.person.pk}: 3 of 2 nights"]


@breaks("nights_within_the_allowance")
def a_document_of_before_that_somebody_has_now(a):
    stranger = make_person(a.district)
    a.person.former_documents.create(district=a.district, doc_hash=stranger.doc_hash)
    return [f"graduate {a.person.pk} had a document that somebody has"]


# --- 6 decisions never change and replay -----------------------------------------------------------


@breaks("decisions_replay")
def findings_that_were_changed(a):
    decision = a.came.decisions.latest()
    without("decision_never_changes", "bookings_decision")
    change(decision, findings=[])
    return [f"decision {decision.pk} replays differently"]


@breaks("decisions_replay")
def a_used_policy_that_was_changed(a):
    without("used_policy_never_changes", "bookings_policy")
    a.district.policies.update(minimum_age=17)
    decisions = Decision.objects.order_by("pk").values_list("pk", flat=True)
    return [f"decision {decision} replays differently" for decision in decisions]


@breaks("decisions_replay")
def a_number_left_out(a):
    without("decision_never_changes", "bookings_decision")
    change(a.came.decisions.latest(), number=3)
    return [f"application {a.came.pk}: its decisions are not numbered one by one"]


@breaks("decisions_replay")
def an_application_without_a_decision(a):
    a.came.decisions.all().delete()
    return [f"application {a.came.pk} was sent but has no decision"]


# --- 7 a code opens a stay once. One scan a nonce: on both engines the unique key one_scan_a_nonce
# makes a breach impossible (test_constraints.py); what can be damaged: ------------------------------


@breaks("a_code_opens_a_stay_once")
def two_accepted_arrivals(a):
    without("a_stay_opens_once", "bookings_scan", of="index")
    a.arrival.pk, a.arrival.nonce = None, "nonce-9"
    a.arrival.save()
    return [f"stay {a.came.stay.pk} (arrived) was opened 2 times"]


@breaks("a_code_opens_a_stay_once")
def an_arrival_that_nobody_scanned(a):
    a.arrival.delete()
    return [f"stay {a.came.stay.pk} (arrived) was opened 0 times"]


@breaks("a_code_opens_a_stay_once")
def a_promise_without_a_pass(a):
    a.expected.stay.passes.update(revoked_at=NOW)
    return [f"stay {a.expected.stay.pk} has 0 valid passes"]


@breaks("a_code_opens_a_stay_once")
def a_promise_with_two_passes(a):
    without("one_valid_pass_a_stay", "bookings_pass", of="index")
    Pass.objects.create(stay=a.expected.stay, short_code="ABCDEFGH", issued_at=NOW)
    return [f"stay {a.expected.stay.pk} has 2 valid passes"]


@breaks("a_code_opens_a_stay_once")
def a_breakfast_too_many(a):
    used = Redemption.objects.get()
    with unchecked("use_within_the_days_uses", "bookings_redemption"):
        change(used, number=2)
    return [f"redemption {used.pk} is beyond the day's uses"]


@breaks("a_code_opens_a_stay_once")
def what_was_told_offline_and_is_forgotten(a):
    a.conflict.delete()
    scan = a.conflict.scan_id
    return [
        f"scan {scan} was told otherwise without the network, and nobody has to settle it",
    ]


# --- 7 each guest is in the register once: unique, one registration a stay ---------------------------


@breaks("each_guest_is_in_the_register")
def a_guest_who_was_not_written_down(a):
    a.came.stay.registration.delete()
    return [f"stay {a.came.stay.pk} (arrived) is not in the guest register"]


@breaks("each_guest_is_in_the_register")
def somebody_written_down_who_did_not_come(a):
    change(a.came.stay.registration, stay=a.expected.stay)
    return [
        f"stay {a.came.stay.pk} (arrived) is not in the guest register",
        f"stay {a.expected.stay.pk} (promised) is in the guest register, but nobody came",
    ]


@breaks("each_guest_is_in_the_register")
def a_registration_that_lacks_nothing(a):
    row = a.came.stay.registration
    change(row, state="incomplete")
    return [f"registration {row.pk} is incomplete, but nothing is missing"]


def a_place_too_many(a):
    without("booking_within_capacity", "bookings_booking", of="triggers")
    change(a.booking, number=9)
    return [f"booking {a.booking.pk} is beyond the places of its slot"]


# --- 8 within one district -------------------------------------------------------------------------


def reaches(name, row):
    return [f"{name} {row.pk} reaches into another district, station or person"]


@breaks("within_one_district")
def a_place_in_another_stations_slot(a):
    change(a.booking.slot.service, station=a.other_station)
    return reaches("booking", a.booking) + reaches("redemption", Redemption.objects.get())


@breaks("within_one_district")
def an_application_of_another_districts_person(a):
    change(a.came, graduate=a.stranger)
    return reaches("application", a.came) + reaches("stay", a.came.stay)


@breaks("within_one_district")
def a_stay_of_another_person_than_its_application(a):
    other = make_person(a.district)
    change(a.came, graduate=other)
    return reaches("stay", a.came.stay)


@breaks("within_one_district")
def a_former_document_of_another_districts_person(a):
    far = a.other_station.district
    return reaches(
        "former document", a.person.former_documents.create(district=far, doc_hash="old")
    )


@breaks("within_one_district")
def a_decision_by_another_districts_policy(a):
    decision = a.came.decisions.latest()
    without("decision_never_changes", "bookings_decision")
    change(decision, policy=a.other_station.district.policies.get())
    return reaches("decision", decision)


@breaks("within_one_district")
def a_bed_in_another_station(a):
    change(a.other_room, station=a.other_station)
    RoomNight.objects.create(room=a.other_room, night=TODAY, sex="women")
    change(a.night, bed=a.other_bed, room=a.other_room)
    return reaches("bed-night", a.night)


@breaks("within_one_district")
def a_scan_that_another_station_accepted(a):
    change(a.arrival, station=a.other_station)
    return reaches("scan", a.arrival)


@breaks("within_one_district")
def a_key_of_another_station(a):
    key = events.give_key(a.came)
    change(key, station=a.other_station)
    return reaches("key", key)


@breaks("within_one_district")
def a_batch_of_another_station(a):
    change(events.make_batch(a.came), station=a.other_station)
    return reaches("register batch", a.came.stay.registration)


def an_answer_of_another_districts_list(a):
    change(a.listed, district=a.other_station.district)
    return [
        f"outcome {outcome.pk} reaches into another district, station or person"
        for outcome in a.listed.outcomes.all()
    ]


@breaks("within_one_district")
def a_clerk_at_another_districts_station(a):
    a.clerk.stations.set([a.other_station])
    return reaches("membership", a.clerk)


# --- 9 personal data is sealed ---------------------------------------------------------------------


def damage_bytes(model, column, value):
    """Write bytes below the field that would seal them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE {table} SET "{column}" = %s WHERE "{column}" IS NOT NULL', [value])
    return f"{table}.{column}"


@breaks("personal_data_is_sealed")
def a_message_in_plain_words(a):
    rows = Message.objects.count()
    column = damage_bytes(Message, "text", "测试甲".encode())
    return [
        f"{rows} rows of {column} are not ciphertext",
        f"{column}: does not open with this installation's key",
    ]


@breaks("personal_data_is_sealed")
def a_message_moved_from_another_column(a):
    column = damage_bytes(Message, "text", encrypt("测试甲".encode(), "elsewhere"))
    return [f"{column}: does not open with this installation's key"]


@breaks("personal_data_is_sealed")
def a_document_that_its_number_does_not_find(a):
    change(a.person, doc_hash="another")
    return [f"graduate {a.person.pk} is not found by its document number"]


@breaks("personal_data_is_sealed")
def an_account_that_its_phone_does_not_find(a):
    change(a.person.user, phone_hash="another")
    return [f"account {a.person.user.pk} is not found by its phone number"]


@breaks("personal_data_is_sealed")
def a_second_factor_whose_secret_is_plain(a):
    secret = {"secret": "JBSWY3DPEHPK3PXP"}
    app = Authenticator.objects.create(user=a.person.user, type="totp", data=secret)
    return [f"second factor {app.pk}: its secret does not open with our key"]


@breaks("personal_data_is_sealed")
def a_paper_whose_file_is_gone(a):
    a.paper.file.storage.delete(a.paper.file.name)
    return [f"evidence {a.paper.pk}: its file is missing or not ours"]


@breaks("personal_data_is_sealed")
def a_paper_in_plain_sight(a):
    with open(a.paper.file.path, "wb") as file:
        file.write(b"%PDF-1.4\n%%EOF")
    return [f"evidence {a.paper.pk}: its file is missing or not ours"]


# --- 10 numbers add up -----------------------------------------------------------------------------


@breaks("numbers_add_up")
def a_guest_who_came_without_approval(a):
    for application in (a.came, a.gone):
        change(application, status="refused")
    return [f"{a.district.code}: the funnel widens"]


@breaks("numbers_add_up")
def questions_to_people_who_never_came(a):
    a.gone.stay.follow_ups.update(due_on=TODAY)
    for application in (a.came, a.expected):
        FollowUp.objects.create(stay=application.stay, horizon=30, due_on=TODAY)
    return [f"{a.district.code}: the funnel widens"]


@breaks("numbers_add_up")
def a_tally_that_says_what_the_rows_do_not(a):
    tasks.count()
    kept = Tally.objects.filter(district=a.district, station=None).latest("month")
    change(kept, counts={})
    return [f"{a.district.code}: the tally of {kept} is not what its rows are"]


# ---------------------------------------------------------------------------------------------------


def check():
    """Run the command: its exit code, and each breach as it was printed."""
    told = io.StringIO()
    try:
        call_command("check_invariants", stdout=io.StringIO(), stderr=told)
    except CommandError as error:
        return error.returncode, told.getvalue().splitlines()
    return 0, told.getvalue().splitlines()


def test_a_whole_house_has_no_breach(a):
    assert check() == (0, [])


@pytest.mark.parametrize(("name", "damage"), DAMAGES, ids=[d.__name__ for _, d in DAMAGES])
def test_damage_is_found_and_named(name, damage, a):
    expected = damage(a)

    code, told = check()

    assert code == 1
    assert sorted(t for t in told if t.startswith(name)) == sorted(f"{name}: {e}" for e in expected)


def test_every_invariant_has_a_damage():
    assert {name for name, _ in DAMAGES} == {invariant.__name__ for invariant in INVARIANTS}


def test_a_check_that_cannot_read_on_says_so_and_the_others_go_on(a):
    column = damage_bytes(Decision, "facts", "测试甲".encode())
    rows = Decision.objects.count()

    assert check() == (
        1,
        [
            f"decisions_replay: stopped at {column}, which does not open with our key",
            f"personal_data_is_sealed: {rows} rows of {column} are not ciphertext",
            f"personal_data_is_sealed: {column}: does not open with this installation's key",
        ],
    )


@pytest.mark.parametrize("field", SEALED_FIELDS, ids=str)
def test_no_sealed_column_is_forgotten(field, a):
    if field.model is HandoverNote:
        without("note_never_changes", "bookings_handovernote")
    rows = field.model.objects.exclude(**{field.name: None}).count()
    column = damage_bytes(field.model, field.column, "测试甲".encode())

    found = list(personal_data_is_sealed())

    assert [f for f in found if f.endswith("are not ciphertext")] == [
        f"{rows} rows of {column} are not ciphertext"
    ]
