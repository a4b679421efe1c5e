"""check_invariants finds what a restored dump or a hand at the SQL prompt has broken."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from bookings.applications.models import Evidence
from bookings.beds.models import BedNight, Stay
from bookings.desk.models import Scan
from bookings.invariants import INVARIANTS, breaches
from bookings.passes.models import Pass
from bookings.people.models import Graduate, User
from bookings.places.models import Closure
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def inside():
    """A guest in the house, and one expected."""
    station = make_station(make_district(), beds=3)
    guest, expected = (make_draft(make_person(station.district), station) for _ in range(2))
    events.scan(station, events.promise(guest).short_code)
    events.promise(expected)
    for paper in Evidence.objects.all():
        paper.delete()  # the factory's papers have no file
    return guest


def unguarded(sql):
    """What only somebody at the SQL prompt does: past the triggers and the foreign keys."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("bed_night_one_sex_update", "decision_never_changes"):
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        if connection.vendor != "sqlite":
            cursor.execute("SET session_replication_role = DEFAULT")


def other_sex(guest):
    unguarded(f"UPDATE bookings_bednight SET sex = 'men' WHERE stay_id = {guest.stay.pk}")


def closed(guest):
    row = BedNight.objects.exclude(stay=guest.stay).first()
    Closure.objects.create(bed=row.bed, first_night=TODAY, until=TODAY + DAY, reason="修理")


def no_bed(guest):
    BedNight.objects.filter(stay=guest.stay).first().delete()


def other_findings(guest):
    unguarded("UPDATE bookings_decision SET findings = '[]' WHERE number = 2")


def opened_twice(guest):
    Scan.objects.filter(action="arrive").update(result="refused")


def no_pass(guest):
    Pass.objects.filter(stay=guest.stay).update(revoked_at=NOW)


def elsewhere(guest):
    other = make_station(guest.district, slug="other")
    Stay.objects.filter(pk=guest.stay.pk).update(station=other)


def plain_name(guest):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE bookings_graduate SET name = %s", ["测试甲".encode()])


def other_hash(guest):
    User.objects.filter(pk=guest.user_id).update(phone_hash="0" * 64)


def without_file(guest):
    paper = guest.evidence.create(kind="other", size=1, sha256="x", uploaded_at=NOW)
    Evidence.objects.filter(pk=paper.pk).update(file="gone.jpg")


def wrong_count(guest):
    Graduate.objects.update(nights_taken=1)


def asked_before_they_came(guest):
    for stay in Stay.objects.all():
        stay.follow_ups.create(horizon=30, due_on=dt.date(2020, 1, 1))


DAMAGE = {
    other_sex: "one_sex_a_room_night",
    closed: "every_promised_night_has_a_bed",
    no_bed: "every_promised_night_has_a_bed",
    wrong_count: "nights_within_the_allowance",
    other_findings: "decisions_replay",
    asked_before_they_came: "numbers_add_up",
    opened_twice: "a_code_opens_a_stay_once",
    no_pass: "a_code_opens_a_stay_once",
    elsewhere: "within_one_district",
    plain_name: "personal_data_is_sealed",
    other_hash: "personal_data_is_sealed",
    without_file: "personal_data_is_sealed",
}


def test_a_house_in_order_has_no_breach(inside):
    said = io.StringIO()

    call_command("check_invariants", stdout=said)

    assert list(breaches()) == []


@pytest.mark.parametrize(("damage", "name"), DAMAGE.items())
def test_it_finds(damage, name, inside):
    damage(inside)

    assert name in {breach.split(":")[0] for breach in breaches()}


def test_a_breach_is_printed_and_ends_with_one(inside):
    no_bed(inside)
    said = io.StringIO()

    with pytest.raises(CommandError) as ended:
        call_command("check_invariants", stderr=said)

    assert ended.value.returncode == 1
    assert "every_promised_night_has_a_bed" in said.getvalue()


def test_each_check_but_the_first_has_its_damage():
    """The first (unique rows) cannot be damaged: the database refuses even that hand."""
    names = [check.__name__ for check in INVARIANTS]

    assert set(names[1:]) == set(DAMAGE.values())
