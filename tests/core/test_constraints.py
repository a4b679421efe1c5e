"""Every rule that the database holds: one row it accepts, one it refuses, on both engines."""

import datetime as dt
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from bookings import journey
from bookings.beds.models import RoomNight
from bookings.core.audit import AuditEntry
from bookings.core.crypto import keyed_hash
from bookings.desk.models import Scan, Service
from bookings.places.models import Bed, Closure, Policy, Room
from bookings.retention.models import FollowUp
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

rules_of_the_database = import_module("bookings.migrations.0002_rules_of_the_database")
pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def new(row, **changes):
    """Another row like this one, but for some fields."""
    fields = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    copy = type(row)(**{**fields, row._meta.pk.attname: None, **changes})
    if row._meta.pk.get_default() is not None:
        copy.pk = row._meta.pk.get_default()
    return lambda: copy.save(force_insert=True)


def change(row, **changes):
    """This row with other values in some fields."""
    return lambda: type(row).objects.filter(pk=row.pk).update(**changes)


@pytest.fixture
def w():
    """A house with a guest who has left, one who is in, one draft, and what belongs to them."""
    district = make_district()
    station = make_station(district, beds=3)
    left, inside, draft, other = (
        make_draft(make_person(district), station, arrival=TODAY) for _ in range(4)
    )
    for guest in (left, inside):
        code = events.promise(guest).short_code
        events.scan(station, code, nonce=code)
    service = Service.objects.create(station=station, code="laundry", uses_per_day=2)
    events.scan(station, code, "redeem", nonce="wash", service="laundry")
    events.scan(station, left.stay.passes.get().short_code, "leave", nonce="bye", at=NOW + DAY)
    question = FollowUp.objects.get(horizon=30)
    answer = {"kind": "looking", "source": "phone", "by": events.reviewer(), "now": NOW + 40 * DAY}
    return SimpleNamespace(
        district=district,
        station=station,
        room=station.rooms.get(),
        bed=station.rooms.get().beds.first(),
        free=Bed.objects.filter(bed_nights=None).get(),
        policy=district.policies.get(),
        left=left,
        inside=inside,
        draft=draft,
        other=other,
        night=inside.stay.bed_nights.latest("night"),
        redemption=inside.stay.redemptions.get(),
        arrival=inside.stay.scans.get(action="arrive"),
        service=service,
        question=question,
        outcome=journey.answer(follow_up=question, **answer),
        man=make_person(district, sex="men"),
    )


def closure(w, **changes):
    nights = {"first_night": TODAY, "until": TODAY + DAY, "reason": "修理"}
    return lambda: Closure.objects.create(**{**nights, **changes})


# name → what it accepts, what it refuses
CASES = {
    "one_room_of_a_name": lambda w: (new(w.room, name="102"), new(w.room)),
    "room_sex_known": lambda w: (change(w.room, sex="women"), change(w.room, sex="cats")),
    "one_bed_of_a_name": lambda w: (new(w.bed, name="9"), new(w.bed)),
    "closure_has_nights": lambda w: (
        closure(w, bed=w.bed),
        closure(w, bed=w.bed, until=TODAY),
    ),
    "closure_of_a_room_or_a_bed": lambda w: (
        closure(w, room=w.room),
        closure(w, room=w.room, bed=w.bed),
    ),
    "one_policy_of_a_version": lambda w: (
        new(w.policy, version=2, valid_from=TODAY),
        new(w.policy, valid_from=TODAY + DAY),
    ),
    "one_policy_from_a_day": lambda w: (
        new(w.policy, version=2, valid_from=TODAY),
        new(w.policy, version=3),
    ),
    "policy_gives_a_night": lambda w: (
        new(w.policy, version=2, valid_from=TODAY, nights=1),
        new(w.policy, version=3, valid_from=TODAY + DAY, nights=0),
    ),
    "phone_and_its_hash_together": lambda w: (
        change(w.draft.user, phone=None, phone_hash=None),
        change(w.other.user, phone=None),
    ),
    "one_person_a_document": lambda w: (
        new(w.man, doc_hash=keyed_hash("another", "document"), user_id=None),
        new(w.man, user_id=None),
    ),
    "nights_within_the_allowance": lambda w: (
        change(w.man, nights_allowed=7, nights_taken=7),
        change(w.inside.graduate, nights_taken=8),
    ),
    "graduate_sex_known": lambda w: (change(w.man, sex="women"), change(w.man, sex="?")),
    "one_draft_a_person": lambda w: (
        new(w.draft, user_id=w.man.user_id),
        new(w.draft),
    ),
    "submitted_application_is_whole": lambda w: (
        change(w.left, nights=1),
        change(w.left, commitment_version=""),
    ),
    "one_evidence_of_a_content": lambda w: (
        new(w.left.evidence.get(), sha256="other"),
        new(w.left.evidence.get()),
    ),
    "one_decision_of_a_number": lambda w: (
        new(w.left.decisions.latest(), number=9),
        new(w.left.decisions.latest()),
    ),
    "decision_outcome_known": lambda w: (
        new(w.left.decisions.latest(), number=9, outcome="refuse"),
        new(w.left.decisions.latest(), number=10, outcome="perhaps"),
    ),
    "stay_has_a_night": lambda w: (
        change(w.left.stay, departure=TODAY + DAY),
        change(w.left.stay, departure=TODAY),
    ),
    "arrived_stay_knows_when": lambda w: (
        change(w.inside.stay, arrived_at=NOW),
        change(w.inside.stay, arrived_at=None),
    ),
    "left_stay_knows_when": lambda w: (
        change(w.left.stay, left_at=NOW),
        change(w.left.stay, left_at=None),
    ),
    "one_sex_a_room_night": lambda w: (
        lambda: RoomNight.objects.create(room=w.room, night=TODAY + 30 * DAY, sex="men"),
        lambda: RoomNight.objects.create(room=w.room, night=w.night.night, sex="men"),
    ),
    "one_stay_a_bed_night": lambda w: (
        change(w.night, bed=w.free),
        new(w.night, stay_id=w.left.stay.pk, graduate_id=w.left.graduate_id),
    ),
    "one_bed_a_guest_night": lambda w: (
        change(w.night, bed=w.free),
        new(w.night, bed_id=w.free.pk),
    ),
    "bed_night_bed_in_room": lambda w: (
        change(w.night, bed=w.free),
        change(w.night, bed=Bed.objects.create(room=_another_room(w), name="1")),
    ),
    "bed_night_guest_of_stay": lambda w: (
        change(w.night, stay=w.left.stay, graduate=w.left.graduate),
        change(w.night, stay=w.left.stay),
    ),
    "bed_night_one_sex": lambda w: (
        change(w.night, sex="women"),
        change(w.night, sex="men"),
    ),
    "one_valid_pass_a_stay": lambda w: (
        new(w.inside.stay.passes.get(), short_code="AAAAAAAA", revoked_at=NOW),
        new(w.inside.stay.passes.get(), short_code="BBBBBBBB"),
    ),
    "one_scan_a_nonce": lambda w: (
        new(w.arrival, nonce="another", result="refused"),
        new(w.arrival, result="refused"),
    ),
    "a_stay_opens_once": lambda w: (
        new(w.arrival, nonce="another", result="refused"),
        new(w.arrival, nonce="a third", result="warn"),
    ),
    "one_service_of_a_code": lambda w: (new(w.service, code="suit"), new(w.service)),
    "one_redemption_of_a_number": lambda w: (
        new(w.redemption, number=2, scan_id=w.arrival.pk),
        new(w.redemption, scan_id=Scan.objects.latest("pk").pk),
    ),
    "one_question_a_horizon": lambda w: (new(w.question, horizon=45), new(w.question)),
    "staff_outcome_names_who": lambda w: (
        new(w.outcome, source="self", by_id=None),
        new(w.outcome, by_id=None),
    ),
    "decision_never_changes": lambda w: (
        change(w.left.decisions.latest(), note="请看附件"),
        change(w.left.decisions.latest(), outcome="refuse"),
    ),
    "used_policy_never_changes": lambda w: (
        lambda: Policy.objects.create(**_unused(w)),
        change(w.policy, nights=9),
    ),
    "audit_never_changes": lambda w: (
        new(AuditEntry.objects.first()),
        change(AuditEntry.objects.first(), action="nothing"),
    ),
    "outcome_never_changes": lambda w: (new(w.outcome), change(w.outcome, kind="employed_here")),
}
# what other rules refer to; what is kept by it is tested there
REFERRED_TO = {"bed_with_its_room", "stay_with_its_graduate", "room_night_with_its_sex"}


def _another_room(w):
    return Room.objects.create(station=w.station, name="201")


def _unused(w):
    return {
        "district": w.district,
        "version": 2,
        "valid_from": TODAY,
        "minimum_degree": "bachelor",
        "evidence": {},
    }


@pytest.mark.parametrize("name", CASES)
def test_the_database_holds(name, w):
    accepted, refused = CASES[name](w)

    with transaction.atomic():
        accepted()
        connection.check_constraints()
        transaction.set_rollback(True)
    with pytest.raises(IntegrityError, match=f"{name}|UNIQUE"), transaction.atomic():
        refused()


def test_every_rule_of_the_database_is_tested():
    models = apps.get_app_config("bookings").get_models()
    named = {rule.name for model in models for rule in model._meta.constraints}
    named |= {name for name, *_ in rules_of_the_database.REFERENCES}
    named |= {name for name, *_ in rules_of_the_database.FROZEN}

    assert named == set(CASES) | REFERRED_TO
