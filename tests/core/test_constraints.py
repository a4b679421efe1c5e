"""Every named rule of the database, one by one: a row that it accepts, and rows that it refuses."""

import datetime as dt
import re
from copy import deepcopy
from importlib import import_module
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.test import override_settings

from bookings.applications.seen import PaperSeen, PaperToSee
from bookings.beds.models import BedMove
from bookings.beds.waitlist.models import Wait
from bookings.core import crypto
from bookings.core.audit import AuditEntry
from bookings.core.crypto import encrypt
from bookings.desk.conflicts.models import Conflict
from bookings.desk.handover.notes import read_note, write_note
from bookings.desk.incidents.models import Complaint, Incident
from bookings.desk.models import Redemption
from bookings.desk.walkin.models import WalkIn
from bookings.eligibility.models import PrecheckCount, Trial
from bookings.messages.models import Contact, Message
from bookings.operations.models import Run
from bookings.people.models import CodeCount
from bookings.people.staff.models import Invitation
from bookings.places.models import Bed, Closure, Policy, Room
from bookings.retention.bureau.models import BureauList
from bookings.retention.models import Attempt, FollowUp, Outcome
from bookings.statistics.reports.models import PublicNumbers, Report
from bookings.statistics.reports.send import subscribe
from bookings.statistics.tallies.models import Tally
from tests import events
from tests.factories import (
    NOW,
    TODAY,
    make_channel,
    make_district,
    make_draft,
    make_person,
    make_report,
    make_station,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
FOURTH_NIGHT = TODAY + 3 * DAY
THIS_MONTH, NEXT_MONTH = dt.date(2026, 11, 1), dt.date(2026, 12, 1)
COUNTED = {"month": THIS_MONTH, "counts": {}, "day": TODAY, "seal": 1, "counted_at": NOW}


def add(row, **changes):
    """Insert another row that differs from this one by the changes."""
    another = type(row).objects.get(pk=row.pk)
    for name, value in {"pk": None, **changes}.items():
        setattr(another, name, value)
    another.save(force_insert=True)


def change(row, **changes):
    type(row).objects.filter(pk=row.pk).update(**changes)


IN_THE_MAKING = {
    "state": "queued",
    "version": None,
    "figures": None,
    "digest": "",
    "data_as_of": None,
}


def unfinished(a):
    add(a.report, **IN_THE_MAKING)
    return Report.objects.filter(state="queued")


def seal_anew(row, name):
    """The same text under another key."""
    other = override_settings(DATA_KEYS=(b"n" * 32, *settings.DATA_KEYS))
    with other:
        change(row, **{name: getattr(row, name)})


def former(context):
    """Something sealed as before keys had names."""
    text = encrypt("另一件事".encode(), context)
    return crypto.FORMER + text[crypto.HEAD_BYTES :]


def make_everything():
    """A row of everything: a guest in bed 1 for three nights, another in bed 2 for four; bed 3 is
    free, as is a second room."""
    district = make_district()
    station = make_station(district, beds=3)
    room = station.rooms.get()
    other_room = Room.objects.create(station=station, name="102")
    other_bed = Bed.objects.create(room=other_room, name="1")
    draft, other_draft = (make_draft(make_person(district), station, nights=n) for n in (3, 4))
    shown = events.promise(draft)
    events.promise(other_draft)
    scan = events.scan(station, shown.short_code)
    service = station.services.create(code="breakfast", name_zh="早餐", name_en="Breakfast")
    redemption = Redemption.objects.create(
        service=service, stay=shown.stay, scan=scan, day=TODAY, number=1
    )
    slot = service.slots.create(starts_at=NOW, ends_at=NOW + DAY, capacity=2)
    question = FollowUp.objects.create(stay=shown.stay, horizon=30, due_on=TODAY + 30 * DAY)
    note = write_note(station=station, text="示例", by=events.reviewer(), now=NOW)
    read_note(note=note, by=events.reviewer("colleague"), now=NOW)
    days = {"first_arrival": TODAY, "last_arrival": TODAY + DAY}
    wait = Wait.objects.create(application=draft, nights=2, queued_at=NOW, **days)
    noise = {"kind": "noise", "what": "晚上喧哗", "at": NOW, "recorded_at": NOW}
    incident = Incident.objects.create(
        stay=shown.stay, sanction="note", nonce="n-1", by=events.reviewer(), **noise
    )
    answer = {"kind": "looking", "source": "phone", "level": "self_report"}
    other_question = FollowUp.objects.create(stay=shown.stay, horizon=180, due_on=TODAY + 90 * DAY)
    told = {"district": district, "as_of": TODAY, "size": 1, "at": NOW, "moved_at": NOW}
    listed = BureauList.objects.create(by=events.reviewer(), **told)
    work = {"kind": "employed_here", "source": "register", "level": "social_insurance"}
    return SimpleNamespace(
        reviewer=events.reviewer(),
        policy=district.policies.get(),
        room=room,
        other_room=other_room,
        bed=room.beds.first(),
        free_bed=room.beds.last(),
        other_bed=other_bed,
        closure=Closure.objects.create(bed=other_bed, first_night=TODAY, until=TODAY + DAY),
        person=draft.graduate,
        other_person=other_draft.graduate,
        former_document=draft.graduate.former_documents.create(district=district, doc_hash="old"),
        application=events.own(draft),
        draft=make_draft(make_person(district), station),
        evidence=draft.evidence.get(),
        decision=draft.decisions.latest(),
        appeal=draft.appeals.create(against=draft.decisions.latest(), reason="为何", at=NOW),
        override=draft.overrides.create(
            clause="degree", reason="为何", proposed_by=events.reviewer(), proposed_at=NOW
        ),
        conflict=Conflict.objects.create(scan=scan),
        run=Run.objects.create(kind="backup", started_at=NOW),
        colleague=events.reviewer("colleague"),
        invitation=Invitation.objects.create(
            district=district,
            email="new@example.test",
            role="clerk",
            by=events.reviewer(),
            sent_at=NOW,
        ),
        trial=Trial.objects.create(
            policy=district.policies.get(),
            against=district.policies.get(),
            since=TODAY,
            until=TODAY,
            rules={},
            total=1,
            by=events.reviewer(),
            started_at=NOW,
        ),
        channel=make_channel(district),
        tally=Tally.objects.create(district=district, **COUNTED),
        codes=CodeCount.objects.create(day=TODAY, who="new"),
        prechecks=PrecheckCount.objects.create(district=district, day=TODAY, outcome="approve"),
        wait=wait,
        offer=wait.offers.create(
            station=station, arrival=TODAY, nights=2, made_at=NOW, expires_at=NOW + DAY
        ),
        alert=draft.user.alerts.create(
            district=district, sex="women", nights=2, made_at=NOW, **days
        ),
        move=BedMove.objects.create(
            batch=uuid4(),
            stay=shown.stay,
            from_bed=room.beds.first(),
            to_bed=room.beds.last(),
            first_night=TODAY,
            by=events.reviewer(),
            at=NOW,
        ),
        stay=shown.stay,
        other_stay=other_draft.stay,
        room_night=room.room_nights.earliest("night"),
        bed_night=draft.stay.bed_nights.earliest("night"),
        other_bed_night=other_draft.stay.bed_nights.earliest("night"),
        shown=shown,
        scan=scan,
        refused_scan=events.scan(station, "nonsense", nonce="nonce-2"),
        service=service,
        other_service=station.services.create(code="suit", name_zh="西装", name_en="Suit"),
        redemption=redemption,
        registration=shown.stay.registration,
        batch=events.make_batch(draft),
        key=events.give_key(draft),
        note=note,
        read=note.reads.get(),
        slot=slot,
        booking=slot.bookings.create(stay=shown.stay, number=1, booked_at=NOW),
        unbooked=service.slots.create(
            starts_at=NOW + DAY, ends_at=NOW + 2 * DAY, capacity=1, title_zh="讲座"
        ),
        incident=incident,
        suspension=draft.graduate.suspensions.create(
            until=TODAY + DAY, reason="示例", by=events.reviewer()
        ),
        complaint=Complaint.objects.create(incident=incident, reason="为何", at=NOW),
        walk_in=WalkIn.objects.create(application=draft, nonce="n-1", by=events.reviewer(), at=NOW),
        paper_to_see=PaperToSee.objects.create(
            application=draft, kind="degree", by=events.reviewer(), at=NOW
        ),
        paper_seen=PaperSeen.objects.create(
            application=draft, kind="degree", by=events.reviewer(), at=NOW
        ),
        question=question,
        outcome=Outcome.objects.create(follow_up=question, by=events.reviewer(), at=NOW, **answer),
        other_question=other_question,
        list=listed,
        part=listed.parts.create(number=0, sealed=b"x"),
        match=listed.matches.create(
            follow_up=question, kind="employed_here", employer="示例", since=TODAY, row=2
        ),
        listed_outcome=Outcome.objects.create(
            follow_up=question, by=events.reviewer(), at=NOW, bureau_list=listed, **work
        ),
        district=district,
        report=make_report(district, requested_by=events.reviewer()),
        subscription=subscribe(
            district=district,
            email="city@example.test",
            audience="outside",
            language="en",
            by=events.reviewer(),
            now=NOW,
        ),
        attempt=Attempt.objects.create(
            follow_up=question,
            number=1,
            result="call_back",
            call_back_at=NOW,
            by=events.reviewer(),
            at=NOW,
        ),
        entry=AuditEntry.objects.filter(action="approve").first(),
        message=Message.objects.filter(user=draft.user).first(),
        contact=Contact.objects.create(user=draft.user, email="guest@example.test"),
    )


def suspends(a):
    return {"sanction": "suspension", "expires_on": TODAY + DAY, "suspension": a.suspension}


@pytest.fixture(scope="module")
def made(once):
    return once(make_everything)


@pytest.fixture
def a(made):
    return deepcopy(made)


def sent(a):
    return {"sent_at": NOW, "sent_by": a.reviewer}


def confirmed(a):
    return {"confirmed_at": NOW, "confirmed_by": a.reviewer}


def reported(a):
    return {"departure_sent_at": NOW, "departure_sent_by": a.reviewer}


def _by(a):
    """A list's confirmation."""
    return {"confirmed_by": a.reviewer, "confirmed_at": NOW}


# a rule's name: what it accepts, then what it refuses
RULES = {
    # places
    "one_room_of_a_name": (
        lambda a: add(a.room, name="103"),
        lambda a: add(a.room),
    ),
    "room_sex_known": (
        lambda a: change(a.room, sex="women"),
        lambda a: change(a.room, sex="any"),
    ),
    "one_bed_of_a_name": (
        lambda a: add(a.bed, name="4"),
        lambda a: add(a.bed),
    ),
    "bed_with_its_room": (
        lambda a: add(a.bed, name="4"),
        lambda a: add(a.bed, pk=a.bed.pk, name="4"),
    ),
    "closure_has_nights": (
        lambda a: change(a.closure, until=a.closure.first_night + DAY),
        lambda a: change(a.closure, until=a.closure.first_night),
        lambda a: change(a.closure, until=a.closure.first_night - DAY),
    ),
    "closure_of_a_room_or_a_bed": (
        lambda a: change(a.closure, room=a.room, bed=None),
        lambda a: change(a.closure, room=a.room),
        lambda a: change(a.closure, bed=None),
    ),
    "one_channel_of_a_name": (
        lambda a: add(a.channel, code="TEST0002", name="样例大学"),
        lambda a: add(a.channel, code="TEST0002"),
    ),
    "channel_kind_known": (
        lambda a: change(a.channel, kind="talent_station"),
        lambda a: change(a.channel, kind="friend"),
    ),
    "one_policy_of_a_version": (
        lambda a: add(a.policy, version=2, valid_from=TODAY),
        lambda a: add(a.policy, valid_from=TODAY),
    ),
    "one_policy_from_a_day": (
        lambda a: add(a.policy, version=2, valid_from=TODAY),
        lambda a: add(a.policy, version=2),
    ),
    "one_draft_a_district": (
        lambda a: add(a.policy, version=2, valid_from=None),
        lambda a: (
            add(a.policy, version=2, valid_from=None),
            add(a.policy, version=3, valid_from=None),
        ),
    ),
    "policy_gives_a_night": (
        lambda a: add(a.policy, version=2, valid_from=TODAY, nights=1),
        lambda a: add(a.policy, version=2, valid_from=TODAY, nights=0),
    ),
    "policy_gives_no_more_nights_than_a_stay": (
        lambda a: add(a.policy, version=2, valid_from=TODAY, nights=30),
        lambda a: add(a.policy, version=2, valid_from=TODAY, nights=31),
    ),
    "policy_gives_a_stay": (
        lambda a: add(a.policy, version=2, valid_from=TODAY, stays=1),
        lambda a: add(a.policy, version=2, valid_from=TODAY, stays=0),
    ),
    "used_policy_never_changes": (
        lambda a: make_district("370829").policies.update(nights=9),
        lambda a: change(a.policy, nights=9),
    ),
    # people
    "phone_and_its_hash_together": (
        lambda a: change(a.person.user, phone=None, phone_hash=None),
        lambda a: change(a.person.user, phone=None),
        lambda a: change(a.person.user, phone_hash=None),
    ),
    "one_person_a_document": (
        lambda a: add(a.person, user=None, doc_hash="another"),
        lambda a: add(a.person, user=None),
    ),
    "one_person_a_former_document": (
        lambda a: add(a.former_document, doc_hash="another"),
        lambda a: add(a.former_document, graduate=a.other_person),
    ),
    "nights_within_the_allowance": (
        lambda a: change(a.person, nights_taken=7),
        lambda a: change(a.person, nights_taken=8),
    ),
    "graduate_sex_known": (
        lambda a: change(a.person, sex="men"),
        lambda a: change(a.person, sex="flexible"),
    ),
    "guardian_has_name_and_phone": (
        lambda a: change(a.person, guardian_name="示例家长", guardian_phone="+8613911112222"),
        lambda a: change(a.person, guardian_name="示例家长"),
        lambda a: change(a.person, guardian_phone="+8613911112222"),
    ),
    "chsi_code_with_its_last_day": (
        lambda a: change(a.person, degree_proof="chsi", chsi_code="SAMPLE", chsi_until=TODAY),
        lambda a: change(a.person, degree_proof="chsi", chsi_code="SAMPLE"),
        lambda a: change(a.person, degree_proof="chsi", chsi_until=TODAY),
        lambda a: change(a.person, degree_proof="diploma", chsi_until=TODAY),
        lambda a: change(a.person, degree_proof="else"),
    ),
    "one_open_invitation_an_address": (
        lambda a: add(a.invitation, status="withdrawn"),
        lambda a: add(a.invitation),
    ),
    "accepted_invitation_has_its_account": (
        lambda a: change(a.invitation, status="accepted", user=a.colleague),
        lambda a: change(a.invitation, status="accepted"),
        lambda a: change(a.invitation, user=a.colleague),
    ),
    "invitation_role_known": (
        lambda a: change(a.invitation, role="observer"),
        lambda a: change(a.invitation, role="emperor"),
    ),
    # signing in
    "one_count_of_codes_a_day": (
        lambda a: add(a.codes, who="known"),
        lambda a: add(a.codes),
    ),
    "code_count_of_a_budget": (
        lambda a: change(a.codes, who="known"),
        lambda a: change(a.codes, who="other"),
    ),
    # 1 apply
    "one_draft_a_person": (
        lambda a: add(a.draft, user=a.reviewer),
        lambda a: add(a.draft),
    ),
    "submitted_application_is_whole": (
        lambda a: add(a.application, friend_code="ABCDEFGH"),
        lambda a: change(a.application, graduate=None),
        lambda a: change(a.application, station=None),
        lambda a: change(a.application, arrival=None),
        lambda a: change(a.application, nights=None),
        lambda a: change(a.application, nights=0),
        lambda a: change(a.application, submitted_at=None),
        lambda a: change(a.application, commitment_version=""),
    ),
    "reviewer_and_until_when_together": (
        lambda a: change(a.application, reviewer=a.reviewer, reviewer_until=NOW),
        lambda a: change(a.application, reviewer=a.reviewer),
        lambda a: change(a.application, reviewer_until=NOW),
    ),
    "one_evidence_of_a_content": (
        lambda a: add(a.evidence, sha256="another"),
        lambda a: add(a.evidence),
    ),
    # 2 decide
    "one_decision_of_a_number": (
        lambda a: add(a.decision, number=3),
        lambda a: add(a.decision),
    ),
    "decision_outcome_known": (
        lambda a: add(a.decision, number=3, outcome="refuse"),
        lambda a: add(a.decision, number=3, outcome="perhaps"),
    ),
    "decision_never_changes": (
        lambda a: add(a.decision, number=3),
        lambda a: change(a.decision, outcome="refuse"),
    ),
    "one_appeal_an_application": (
        lambda a: add(a.appeal, application=a.draft),
        lambda a: add(a.appeal),
    ),
    "one_override_waits": (
        lambda a: add(a.override, status="declined", decided_by=a.colleague, decided_at=NOW),
        lambda a: add(a.override),
    ),
    "override_needs_two_people": (
        lambda a: change(a.override, status="confirmed", decided_by=a.colleague, decided_at=NOW),
        lambda a: change(a.override, status="confirmed", decided_by=a.reviewer, decided_at=NOW),
        lambda a: change(a.override, status="declined", decided_by=a.reviewer, decided_at=NOW),
    ),
    "override_knows_who_decided": (
        lambda a: change(a.override, status="declined", decided_by=a.colleague, decided_at=NOW),
        lambda a: change(a.override, status="confirmed"),
        lambda a: change(a.override, status="confirmed", decided_by=a.colleague),
        lambda a: change(a.override, decided_by=a.colleague, decided_at=NOW),
    ),
    "trial_begins_before_it_ends": (
        lambda a: change(a.trial, until=TODAY),
        lambda a: change(a.trial, until=TODAY - DAY),
    ),
    "finished_trial_has_a_result": (
        lambda a: change(a.trial, finished_at=NOW, result={}),
        lambda a: change(a.trial, finished_at=NOW),
        lambda a: change(a.trial, result={}),
    ),
    "one_count_of_a_day_and_outcome": (
        lambda a: add(a.prechecks, outcome="refuse"),
        lambda a: add(a.prechecks),
    ),
    "precheck_outcome_known": (
        lambda a: change(a.prechecks, outcome="review"),
        lambda a: change(a.prechecks, outcome="perhaps"),
    ),
    "precheck_count_counts": (
        lambda a: change(a.prechecks, count=2),
        lambda a: change(a.prechecks, count=0),
    ),
    # 3 allocate
    "stay_has_a_night": (
        lambda a: change(a.stay, departure=a.stay.arrival + DAY),
        lambda a: change(a.stay, departure=a.stay.arrival),
    ),
    "arrived_stay_knows_when": (
        lambda a: change(a.other_stay, status="arrived", arrived_at=NOW),
        lambda a: change(a.other_stay, status="arrived"),
        lambda a: change(a.other_stay, status="left", left_at=NOW),
    ),
    "left_stay_knows_when": (
        lambda a: change(a.stay, status="left", left_at=NOW),
        lambda a: change(a.stay, status="left"),
        lambda a: change(a.stay, left_at=NOW),
    ),
    "stay_with_its_graduate": (
        lambda a: add(a.stay, application=a.draft),
        lambda a: add(a.stay, application=a.draft, pk=a.stay.pk),
    ),
    "one_sex_a_room_night": (
        lambda a: add(a.room_night, night=TODAY + 9 * DAY, sex="men"),
        lambda a: add(a.room_night, sex="men"),
    ),
    "room_night_with_its_sex": (
        lambda a: add(a.room_night, room=a.other_room),
        lambda a: add(a.room_night),
    ),
    "one_stay_a_bed_night": (
        lambda a: change(a.bed_night, bed=a.free_bed),
        lambda a: change(a.bed_night, bed=a.other_bed_night.bed),
    ),
    "one_bed_a_guest_night": (
        lambda a: add(a.bed_night, night=FOURTH_NIGHT),
        lambda a: add(a.bed_night, bed=a.free_bed),
    ),
    "bed_night_bed_in_room": (
        lambda a: change(a.bed_night, bed=a.free_bed),
        lambda a: change(a.bed_night, bed=a.other_bed),
        lambda a: add(a.bed_night, bed=a.other_bed, night=FOURTH_NIGHT),
        lambda a: change(a.bed_night.bed, room=a.other_bed.room, name="9"),
    ),
    "bed_night_guest_of_stay": (
        lambda a: add(a.bed_night, night=FOURTH_NIGHT),
        lambda a: change(a.bed_night, graduate=a.draft.graduate),
        lambda a: add(a.bed_night, night=FOURTH_NIGHT, graduate=a.draft.graduate),
        lambda a: change(a.bed_night.stay, graduate=a.draft.graduate),
    ),
    "bed_night_one_sex": (
        lambda a: add(a.bed_night, night=FOURTH_NIGHT),
        lambda a: change(a.bed_night, sex="men"),
        lambda a: add(a.bed_night, night=FOURTH_NIGHT, sex="men"),
        lambda a: add(a.bed_night, night=TODAY + 9 * DAY),
        lambda a: a.bed_night.room.room_nights.update(sex="men"),
    ),
    "wait_has_a_day": (
        lambda a: change(a.wait, last_arrival=a.wait.first_arrival),
        lambda a: change(a.wait, last_arrival=a.wait.first_arrival - DAY),
    ),
    "wait_is_for_a_night": (
        lambda a: change(a.wait, nights=1),
        lambda a: change(a.wait, nights=0),
    ),
    "message_lease_while_sending": (
        lambda a: change(a.message, status="sending", lease_until=NOW),
        lambda a: change(a.message, status="sending"),
        lambda a: change(a.message, lease_until=NOW),
    ),
    "message_sent_at_a_moment": (
        lambda a: change(a.message, status="sent", sent_at=NOW),
        lambda a: change(a.message, status="sent"),
        lambda a: change(a.message, sent_at=NOW),
    ),
    "contact_by_a_way_that_is_there": (
        lambda a: change(a.contact, channel="mail", email_confirmed_at=NOW),
        lambda a: change(a.contact, channel="mail"),
        lambda a: change(a.contact, channel="wechat"),
    ),
    "one_open_offer_a_wait": (
        lambda a: add(a.offer, status="expired"),
        lambda a: add(a.offer),
    ),
    "offer_stands_for_a_while": (
        lambda a: change(a.offer, expires_at=a.offer.made_at + DAY),
        lambda a: change(a.offer, expires_at=a.offer.made_at),
    ),
    "one_open_alert_a_person": (
        lambda a: add(a.alert, told_at=NOW),
        lambda a: add(a.alert),
    ),
    "alert_has_a_day": (
        lambda a: change(a.alert, last_arrival=a.alert.first_arrival),
        lambda a: change(a.alert, last_arrival=a.alert.first_arrival - DAY),
    ),
    "alert_is_for_a_night": (
        lambda a: change(a.alert, nights=1),
        lambda a: change(a.alert, nights=0),
    ),
    "one_move_of_a_stay_an_act": (
        lambda a: add(a.move, batch=uuid4()),
        lambda a: add(a.move),
    ),
    "move_is_to_another_bed": (
        lambda a: change(a.move, to_bed=a.other_bed),
        lambda a: change(a.move, to_bed=a.bed),
    ),
    # 4 the pass
    "one_valid_pass_a_stay": (
        lambda a: add(a.shown, short_code="ABCDEFGH", revoked_at=NOW),
        lambda a: add(a.shown, short_code="ABCDEFGH"),
    ),
    # 5 the desk
    "one_scan_a_nonce": (
        lambda a: add(a.refused_scan, device="other desk"),
        lambda a: add(a.refused_scan),
    ),
    "a_stay_opens_once": (
        lambda a: add(a.scan, nonce="nonce-3", result="refused"),
        lambda a: add(a.scan, nonce="nonce-3"),
        lambda a: add(a.scan, nonce="nonce-3", result="warn"),
    ),
    "one_service_of_a_code": (
        lambda a: add(a.service, code="laundry"),
        lambda a: add(a.service),
    ),
    "one_redemption_of_a_number": (
        lambda a: add(a.redemption, scan=a.refused_scan, number=2, allowed=2),
        lambda a: add(a.redemption, scan=a.refused_scan),
    ),
    "sent_batch_knows_when_and_who": (
        lambda a: change(a.batch, sent_at=NOW, sent_by=a.reviewer),
        lambda a: change(a.batch, sent_at=NOW),
        lambda a: change(a.batch, sent_by=a.reviewer),
    ),
    "sent_registration_knows_when_and_who": (
        lambda a: change(a.registration, state="sent", sent_at=NOW, sent_by=a.reviewer),
        lambda a: change(a.registration, state="sent", sent_at=NOW),
        lambda a: change(a.registration, state="refused", sent_by=a.reviewer),
        lambda a: change(a.registration, sent_at=NOW, sent_by=a.reviewer),
        lambda a: change(a.registration, state="forgotten"),
    ),
    "confirmed_registration_knows_when_and_who": (
        lambda a: change(a.registration, state="confirmed", **sent(a), **confirmed(a)),
        lambda a: change(a.registration, state="confirmed", **sent(a)),
        lambda a: change(a.registration, state="sent", **sent(a), **confirmed(a)),
        lambda a: change(a.registration, state="confirmed", **sent(a), confirmed_at=NOW),
    ),
    "reported_departure_follows_an_arrival": (
        lambda a: change(a.registration, state="sent", **sent(a), **reported(a)),
        lambda a: change(a.registration, **reported(a)),
        lambda a: change(a.registration, state="sent", **sent(a), departure_sent_at=NOW),
    ),
    "done_note_knows_when_and_who": (
        lambda a: change(a.note, done_at=NOW, done_by=a.reviewer),
        lambda a: change(a.note, done_at=NOW),
        lambda a: change(a.note, done_by=a.reviewer),
    ),
    "note_never_changes": (
        lambda a: seal_anew(a.note, "text"),
        lambda a: change(a.note, text="另一件事"),
        lambda a: change(a.note, text=former("bookings_handovernote.text")),
        lambda a: change(a.note, at=NOW + DAY),
        lambda a: change(a.note, by=a.colleague),
    ),
    "one_reading_a_person": (
        lambda a: add(a.read, by=a.reviewer),
        lambda a: add(a.read),
    ),
    "one_guest_a_key": (
        lambda a: add(a.key, label="A2"),
        lambda a: add(a.key, stay=a.other_stay),
    ),
    "returned_key_knows_when_and_who": (
        lambda a: change(a.key, returned_at=NOW, returned_by=a.reviewer),
        lambda a: change(a.key, returned_at=NOW),
        lambda a: change(a.key, returned_by=a.reviewer),
    ),
    "use_within_the_days_uses": (
        lambda a: add(a.redemption, scan=a.refused_scan, number=2, allowed=2),
        lambda a: add(a.redemption, scan=a.refused_scan, number=2),
    ),
    "service_closes_after_it_opens": (
        lambda a: change(a.service, opens=dt.time(7), closes=dt.time(9)),
        lambda a: change(a.service, opens=dt.time(9), closes=dt.time(9)),
        lambda a: change(a.service, opens=dt.time(9), closes=dt.time(7)),
        lambda a: change(a.service, opens=dt.time(7)),
        lambda a: change(a.service, closes=dt.time(9)),
    ),
    "one_slot_of_an_hour": (
        lambda a: (add(a.slot, title_zh="讲座"), add(a.slot, cancelled_at=NOW)),
        lambda a: add(a.slot),
    ),
    "slot_ends_after_it_starts": (
        lambda a: change(a.unbooked, ends_at=NOW + 3 * DAY),
        lambda a: change(a.unbooked, ends_at=a.unbooked.starts_at),
    ),
    "slot_has_a_place": (
        lambda a: change(a.unbooked, capacity=3),
        lambda a: change(a.unbooked, capacity=0),
    ),
    "booked_slot_never_changes": (
        lambda a: (change(a.slot, cancelled_at=NOW), change(a.unbooked, capacity=9)),
        lambda a: change(a.slot, capacity=9),
        lambda a: change(a.slot, starts_at=NOW - DAY),
        lambda a: change(a.slot, ends_at=NOW + 2 * DAY),
        lambda a: change(a.slot, service=a.other_service),
    ),
    "one_booking_of_a_stay": (
        lambda a: (change(a.booking, cancelled_at=NOW), add(a.booking, cancelled_at=None)),
        lambda a: add(a.booking, number=2),
    ),
    "one_booking_of_a_place": (
        lambda a: add(a.booking, stay=a.other_stay, number=2),
        lambda a: add(a.booking, stay=a.other_stay),
    ),
    "places_count_from_one": (
        lambda a: add(a.booking, stay=a.other_stay, number=2),
        lambda a: add(a.booking, stay=a.other_stay, number=0),
    ),
    "booking_within_capacity": (
        lambda a: add(a.booking, stay=a.other_stay, number=2),
        lambda a: add(a.booking, stay=a.other_stay, number=3),
        lambda a: change(a.booking, number=3),
    ),
    "one_walk_in_a_nonce": (
        lambda a: add(a.walk_in, application=a.draft, nonce="n-2"),
        lambda a: add(a.walk_in, application=a.draft),
    ),
    "a_kind_of_paper_is_seen_once": (
        lambda a: add(a.paper_seen, kind="contract"),
        lambda a: add(a.paper_seen),
    ),
    "a_kind_of_paper_is_to_be_seen_once": (
        lambda a: add(a.paper_to_see, kind="contract"),
        lambda a: add(a.paper_to_see),
    ),
    "paper_to_see_never_changes": (
        lambda a: add(a.paper_to_see, kind="contract"),
        lambda a: change(a.paper_to_see, kind="contract"),
        lambda a: change(a.paper_to_see, by=a.colleague),
        lambda a: change(a.paper_to_see, at=NOW + DAY),
    ),
    "paper_seen_never_changes": (
        lambda a: add(a.paper_seen, kind="contract"),
        lambda a: change(a.paper_seen, kind="contract"),
        lambda a: change(a.paper_seen, by=a.colleague),
        lambda a: change(a.paper_seen, at=NOW + DAY),
    ),
    "one_incident_a_nonce": (
        lambda a: add(a.incident, nonce="n-2"),
        lambda a: add(a.incident),
    ),
    "sanction_with_its_last_day": (
        lambda a: add(a.incident, nonce="n-2", sanction="warning", expires_on=TODAY),
        lambda a: add(a.incident, nonce="n-2", sanction="warning"),
        lambda a: add(a.incident, nonce="n-2", expires_on=TODAY),
    ),
    "suspension_is_one": (
        lambda a: add(a.incident, nonce="n-2", **suspends(a)),
        lambda a: add(a.incident, nonce="n-2", **{**suspends(a), "suspension": None}),
        lambda a: add(a.incident, nonce="n-2", suspension=a.suspension),
    ),
    "only_more_is_proposed": (
        lambda a: add(a.incident, nonce="n-2", proposed="suspension"),
        lambda a: add(a.incident, nonce="n-2", proposed="warning"),
        lambda a: add(a.incident, nonce="n-2", sanction="leave_early", proposed="suspension"),
    ),
    "incident_never_changes": (
        lambda a: change(a.incident, what=""),
        lambda a: change(a.incident, kind="smoking"),
        lambda a: change(a.incident, sanction="warning", expires_on=TODAY),
        lambda a: change(a.incident, at=NOW - DAY),
        lambda a: change(a.incident, by=a.colleague),
        lambda a: change(a.incident, stay=a.other_stay),
        lambda a: change(a.incident, answers=a.incident),
    ),
    "complaint_knows_who_answered": (
        lambda a: change(a.complaint, answer="lifted", answered_by=a.colleague, answered_at=NOW),
        lambda a: change(a.complaint, answer="lifted"),
        lambda a: change(a.complaint, answer="upheld", answered_by=a.colleague),
        lambda a: change(a.complaint, answered_by=a.colleague, answered_at=NOW),
    ),
    # 6 follow up
    "one_question_a_horizon": (
        lambda a: add(a.question, horizon=90),
        lambda a: add(a.question),
    ),
    "staff_outcome_names_who": (
        lambda a: add(a.outcome, source="self", by=None),
        lambda a: add(a.outcome, by=None),
    ),
    "outcome_never_changes": (
        lambda a: add(a.outcome, kind="employed_here"),
        lambda a: change(a.outcome, kind="employed_here"),
        lambda a: change(a.listed_outcome, bureau_list=None),
    ),
    "one_answer_a_list": (
        lambda a: add(a.listed_outcome, bureau_list=None),
        lambda a: add(a.listed_outcome),
    ),
    "listed_answer_is_the_registers": (
        lambda a: add(a.listed_outcome, follow_up=a.other_question),
        lambda a: add(a.listed_outcome, follow_up=a.other_question, source="phone"),
        lambda a: add(a.listed_outcome, follow_up=a.other_question, level="document"),
    ),
    "one_list_of_a_file": (
        lambda a: add(a.list, status="discarded"),
        lambda a: add(a.list),
        lambda a: add(a.list, status="written", **_by(a)),
    ),
    "list_rows_add_up": (
        lambda a: change(a.list, rows=3, matched=1, declined=2),
        lambda a: change(a.list, rows=3, matched=1, declined=1),
    ),
    "list_knows_who_confirmed": (
        lambda a: change(a.list, status="confirming", **_by(a)),
        lambda a: change(a.list, status="confirming"),
        lambda a: change(a.list, status="written", confirmed_at=NOW),
        lambda a: change(a.list, **_by(a)),
    ),
    "list_knows_who_took_it_back": (
        lambda a: change(a.list, status="undone", undone_by=a.reviewer, undone_at=NOW, **_by(a)),
        lambda a: change(a.list, status="undone", **_by(a)),
        lambda a: change(a.list, undone_by=a.reviewer),
    ),
    "one_part_of_a_number": (
        lambda a: add(a.part, number=1),
        lambda a: add(a.part),
    ),
    "one_match_a_question": (
        lambda a: add(a.match, follow_up=a.other_question),
        lambda a: add(a.match),
    ),
    "match_is_of_work": (
        lambda a: change(a.match, kind="employed_city"),
        lambda a: change(a.match, kind="looking"),
    ),
    "caller_and_until_when_together": (
        lambda a: change(a.question, caller=a.reviewer, caller_until=NOW),
        lambda a: change(a.question, caller=a.reviewer),
        lambda a: change(a.question, caller_until=NOW),
    ),
    "one_attempt_of_a_number": (
        lambda a: add(a.attempt, number=2),
        lambda a: add(a.attempt),
    ),
    "call_back_says_when": (
        lambda a: add(a.attempt, number=2, result="no_answer", call_back_at=None),
        lambda a: add(a.attempt, number=2, result="no_answer"),
        lambda a: add(a.attempt, number=2, call_back_at=None),
    ),
    "attempt_never_changes": (
        lambda a: change(a.attempt, note="晚上再打"),
        lambda a: change(a.attempt, result="wrong_number"),
    ),
    # below all
    "settled_conflict_says_how": (
        lambda a: change(a.conflict, way="noted", settled_by=a.reviewer, settled_at=NOW),
        lambda a: change(a.conflict, way="noted"),
        lambda a: change(a.conflict, settled_at=NOW),
        lambda a: change(a.conflict, way="else", settled_by=a.reviewer, settled_at=NOW),
    ),
    "one_report_of_a_version": (
        lambda a: add(a.report, version=2),
        lambda a: add(a.report),
    ),
    "one_report_in_the_making": (
        lambda a: add(a.report, **IN_THE_MAKING),
        lambda a: [add(a.report, **IN_THE_MAKING) for _ in range(2)],
    ),
    "ready_report_has_its_figures": (
        lambda a: add(a.report, **{**IN_THE_MAKING, "state": "failed"}),
        lambda a: add(a.report, version=2, figures=None),
        lambda a: add(a.report, version=2, digest=""),
        lambda a: add(a.report, version=2, state="queued"),
    ),
    "report_kind_and_audience_known": (
        lambda a: add(a.report, kind="year", audience="internal"),
        lambda a: add(a.report, kind="week"),
        lambda a: add(a.report, audience="all"),
    ),
    "report_never_changes": (
        lambda a: change(a.report, checked_at=NOW),
        lambda a: change(a.report, figures={}),
        lambda a: change(a.report, state="failed"),
    ),
    "report_file_never_changes": (
        lambda a: add(a.report.files.get(), language="zh-hans"),
        lambda a: change(a.report.files.get(), sha256="1"),
    ),
    "ready_report_stays": (
        lambda a: unfinished(a).delete(),
        lambda a: a.report.__class__.objects.filter(pk=a.report.pk)._raw_delete("default"),
    ),
    "report_file_stays": (
        lambda a: a.report.files.none().delete(),
        lambda a: a.report.files.all()._raw_delete("default"),
    ),
    "one_file_of_a_language_and_kind": (
        lambda a: add(a.report.files.get(), kind="xlsx"),
        lambda a: add(a.report.files.get()),
    ),
    "one_subscription_of_an_address": (
        lambda a: add(a.subscription, email_hash="another"),
        lambda a: add(a.subscription),
    ),
    "ended_subscription_has_no_address": (
        lambda a: add(a.subscription, email=None, email_hash=None, ended_at=NOW),
        lambda a: add(a.subscription, email_hash="another", ended_at=NOW),
        lambda a: add(a.subscription, email=None, email_hash=None),
    ),
    "a_version_is_sent_once": (
        lambda a: a.report.mailings.create(subscription=a.subscription, at=NOW),
        lambda a: [a.report.mailings.create(subscription=a.subscription, at=NOW) for _ in range(2)],
    ),
    "public_figures_say_as_of_when": (
        lambda a: PublicNumbers.objects.create(district=a.district, figures={}, as_of=TODAY),
        lambda a: PublicNumbers.objects.create(district=a.district, figures={}),
    ),
    "one_tally_a_district_month": (
        lambda a: add(a.tally, month=NEXT_MONTH),
        lambda a: add(a.tally),
    ),
    "one_tally_a_station_month": (
        lambda a: add(a.tally, station=a.stay.station),
        lambda a: [add(a.tally, station=a.stay.station) for _ in range(2)],
    ),
    # operations
    "ended_run_says_how": (
        lambda a: change(a.run, ended_at=NOW, ok=False, reason="killed"),
        lambda a: change(a.run, ended_at=NOW),
        lambda a: change(a.run, ended_at=NOW, ok=False),
        lambda a: change(a.run, ended_at=NOW, ok=True, reason="killed"),
        lambda a: change(a.run, ok=True),
    ),
    "audit_never_changes": (
        lambda a: add(a.entry),
        lambda a: change(a.entry, action="refuse"),
    ),
}
REFUSED = [(name, refused) for name, (_accepted, *all_) in RULES.items() for refused in all_]
# these only give a foreign key its target: a narrower key (the row's own) refuses before they do
TARGETS = {"bed_with_its_room", "stay_with_its_graduate", "room_night_with_its_sex"}
IN_MODELS = {
    constraint.name: (model, constraint)
    for model in apps.get_app_config("bookings").get_models()
    for constraint in model._meta.constraints
}
OF_POLICY = [field.column for field in Policy._meta.concrete_fields if field.name != "id"]
FROZEN = [
    (name, table, column)
    for migration in ("0002_rules_of_the_database", "0022_calls", "0028_reports")
    for name, table, columns, _when in import_module(f"bookings.migrations.{migration}").FROZEN
    for column in (columns if table != "bookings_policy" else OF_POLICY)
]


def as_told(name):
    """How the database names the rule when it refuses: SQLite names a unique one by its columns."""
    if name in TARGETS:
        return "UNIQUE|unique"
    model, constraint = IN_MODELS.get(name, (None, None))
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint):
        columns = [model._meta.get_field(field).column for field in constraint.fields]
        name = ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
    return re.escape(name) + r"\b"


@pytest.mark.parametrize("name", RULES)
def test_accepts(name, a):
    accepted, *_refused = RULES[name]

    accepted(a)

    connection.check_constraints()


@pytest.mark.parametrize(("name", "refused"), REFUSED, ids=[name for name, _ in REFUSED])
def test_refuses(name, refused, a):
    with pytest.raises(IntegrityError, match=as_told(name)), transaction.atomic():
        refused(a)


@pytest.mark.parametrize(("name", "table", "column"), FROZEN)
def test_no_column_of_what_never_changes_can_change(name, table, column, a):
    row = {
        "bookings_decision": a.decision,
        "bookings_policy": a.policy,
        "bookings_auditentry": a.entry,
        "bookings_outcome": a.listed_outcome,
        "bookings_attempt": a.attempt,
        "bookings_report": a.report,
        "bookings_reportfile": a.report.files.get(),
    }[table]

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change(row, **{column: 99 if column in ("maximum_age", "stays") else None})


def test_every_constraint_of_the_models_has_a_test():
    assert set(IN_MODELS) - set(RULES) == set()


def test_every_rule_of_the_migrations_has_a_test():
    assert rules_of_the_database() == set(RULES) - set(IN_MODELS)


def rules_of_the_database():
    """The names of all triggers, and of the foreign keys of several columns."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal UNION SELECT conname "
        "FROM pg_constraint WHERE contype = 'f' AND cardinality(conkey) > 1",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {re.sub("_(insert|update|kept)$", "", name) for (name,) in cursor}
