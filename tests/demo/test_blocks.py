"""Very many guests are copies of some: as whole as they are, each with a number of their own."""

import pytest
from django.core.management import call_command

from bookings.beds.models import Stay
from bookings.demo import blocks, copies
from bookings.invariants import breaches
from bookings.management.commands import seed_demo
from bookings.passes.models import Pass
from bookings.people.models import Graduate, User
from bookings.places.models import Station

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def season(once):
    with pytest.MonkeyPatch.context() as patch:
        for place in (blocks, seed_demo):
            patch.setattr(place, "MOST", 60)
            patch.setattr(place, "USUAL", 20)
        once(lambda: call_command("seed_demo", stays=170, verbosity=0))


def test_copied_blocks_keep_every_invariant(season):
    at = {f"sample-{n}": Stay.objects.filter(station__slug=f"sample-{n}") for n in (3, 4, 5)}

    assert {slug: stays.count() for slug, stays in at.items()} == dict.fromkeys(at, 50)
    assert list(breaches()) == []
    assert Station.objects.count() == 5


def test_a_copy_is_another_person(season):
    first, second = (
        list(Graduate.objects.filter(applications__station__slug=slug).order_by("pk"))
        for slug in ("sample-3", "sample-4")
    )

    assert [one.university for one in first] == [one.university for one in second] != []
    assert not {one.doc_number for one in first} & {one.doc_number for one in second}
    assert User.objects.filter(phone__isnull=False).count() >= 170


def test_no_copy_has_the_code_of_another_pass(season, monkeypatch):
    there = Pass.objects.first().short_code
    drawn = iter([there, "AAAAAAAA", "AAAAAAAA", "BBBBBBBB"])
    monkeypatch.setattr(copies, "short_code", lambda: next(drawn))

    assert sorted(copies._codes(2)) == ["AAAAAAAA", "BBBBBBBB"]
