"""Who has begun in a district stays with it."""

import datetime as dt

import pytest

from bookings.applications.models import Application
from bookings.people.models import User
from tests.factories import TODAY, make_district, make_station, resident_number
from tests.people.houses import client
from tests.typed import PERSON, says_who

pytestmark = pytest.mark.django_db

WISH = {"purpose": "interview", "arrival": TODAY, "nights": 2}
SIGNED = {"committed": "on", "signature": PERSON["name"]}


def test_a_person_stays_with_the_district_they_began_in():
    older, younger = make_district("370812"), make_district("370829")
    station = make_station(younger)
    older.policies.update(valid_from=TODAY + dt.timedelta(days=1))
    early, late = (client(User.objects.sign_up(f"+861380000000{n}")) for n in (1, 2))
    early.get("/apply/person/")

    older.policies.update(valid_from=TODAY)
    says_who(early, doc_number=resident_number())
    early.post("/apply/purpose/", {"purpose": "job_seeking"})
    early.post("/apply/stay/", {**WISH, "station": station.pk})
    early.post("/apply/check/", SIGNED)
    for one in (early, late):
        one.get("/apply/person/")

    places = Application.objects.order_by("pk").values_list("district", "graduate__district")
    assert list(places) == [(younger.pk, younger.pk), (younger.pk, younger.pk), (older.pk, None)]
