"""The sample data: fictional, whole, the same for the same seed, and made once."""

import pytest
from django.core.management import CommandError, call_command
from stdnum.cn import ric

from bookings.beds.models import Stay
from bookings.desk.incidents.models import Complaint, Incident
from bookings.invariants import breaches
from bookings.people.models import Graduate
from bookings.retention.bureau.models import BureauList

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def season(once):
    once(lambda: call_command("seed_demo", seed=7, verbosity=0))


def test_a_season_keeps_every_invariant(season):
    around_the_waitlist = Stay.objects.filter(application__needed_on__isnull=False)
    at_the_desk = Stay.objects.exclude(application__walk_in=None)
    assert Stay.objects.count() == 1000 + around_the_waitlist.count() + at_the_desk.count()
    assert list(breaches()) == []


def test_it_is_made_once(season):
    made = Stay.objects.count()

    call_command("seed_demo", seed=7, verbosity=0)

    assert Stay.objects.count() == made


def test_nobody_is_real(season):
    numbers = [person.doc_number for person in Graduate.objects.filter(doc_type="resident_id")]

    assert [n for n in numbers if n[-1] != ric.calc_check_digit(n)] == []
    assert [n for n in numbers if n[1:6] != "19999"] == []  # a region that does not exist


def test_it_shows_every_state_a_page_can_have(season):
    statuses = set(Stay.objects.values_list("status", flat=True))

    assert {
        "requested",
        "promised",
        "arrived",
        "left",
        "cancelled",
        "no_show",
        "waitlisted",
        "offered",
    } <= statuses
    assert set(BureauList.objects.values_list("status", flat=True)) == {"ready", "written"}


def test_the_desk_has_had_walk_ins_incidents_and_an_appeal(season):
    walk_ins = Stay.objects.exclude(application__walk_in=None)

    assert {*walk_ins.values_list("status", flat=True)} == {"arrived", "requested"}
    assert [*Incident.objects.order_by("pk").values_list("sanction", "proposed")] == [
        ("note", ""),
        ("warning", ""),
        ("warning", "suspension"),
    ]
    assert Complaint.objects.get().answer == ""


def test_production_has_no_sample_data(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError):
        call_command("seed_demo")
