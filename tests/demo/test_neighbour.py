"""The second sample district: whole, small, and laid beside the first one."""

import re

import pytest
from django.core.management import call_command

from bookings.beds.models import Stay
from bookings.invariants import breaches
from bookings.people.models import Membership, User
from bookings.places.models import District
from bookings.statistics.pages import districts
from bookings.statistics.pages.asked import asked
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def samples(once):
    """The second district comes to samples that were made without it, and is made once."""

    def build():
        call_command("seed_demo", stays=40, verbosity=0)
        for _ in range(2):
            call_command("seed_demo", neighbour=True, verbosity=0)

    once(build)


def test_an_observer_of_the_samples_has_two_districts_side_by_side():
    first, second = District.objects.order_by("pk")

    assert Stay.objects.filter(station__district=second).count() == 150
    assert list(breaches()) == []
    observer = User.objects.get(email="observer@example.test").membership
    [section] = districts.sections(asked({}, observer, today=TODAY))
    assert [row[0].value for row in section.table.rows] == [first.name, second.name]


def test_the_printed_log_ins_are_those_of_both_districts(capsys):
    call_command("demo_logins")

    printed = set(re.findall(r"\S+@example.test", capsys.readouterr().out))
    assert printed == set(Membership.objects.values_list("user__email", flat=True))
