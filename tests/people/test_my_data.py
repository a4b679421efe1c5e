"""My data: all of it, masked until one shows who one is, and corrected on a page of its own."""

import datetime as dt

import pytest
from django.test import Client

from bookings.applications.draft import answers_of, keep_answers, known_of
from bookings.applications.models import Application
from bookings.invariants import one_sex_a_room_night
from bookings.people.models import Graduate, mask_number
from tests import events
from tests.factories import (
    NOW,
    TODAY,
    make_district,
    make_draft,
    make_person,
    make_station,
    resident_number,
)
from tests.people.world import it_is_me

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def person():
    return make_person(make_station(make_district()).district)


@pytest.fixture
def guest(person):
    client = Client()
    client.force_login(person.user)
    return client


@pytest.fixture
def station(person):
    return person.district.stations.get()


def typed(person, **more):
    return {name: text for step in known_of(person).values() for name, text in step.items()} | more


def correct(guest, person, **more):
    answer = guest.post("/me/data/correct/", typed(person, **more))
    return answer, Graduate.objects.get(pk=person.pk)


def test_all_is_shown_and_the_number_masked_until_one_shows_who_one_is(guest, person, station):
    make_draft(person, station)

    page = guest.get("/me/data/").content.decode()
    asked = guest.get("/me/data/number/")
    it_is_me(guest)

    for told in ("本科", "女", "求职", person.masked_number):
        assert told in page
    assert person.doc_number not in page
    assert asked.status_code == 302
    assert person.doc_number in guest.get("/me/data/number/").content.decode()


@pytest.mark.parametrize("name", ["chsi_code", "certificate_number"])
def test_a_number_that_proves_the_degree_is_masked_too(guest, person, name):
    until = {"degree_proof": "chsi", "chsi_until": TODAY} if name == "chsi_code" else {}
    Graduate.objects.filter(pk=person.pk).update(**{name: "SAMPLE0123456789"}, **until)
    it_is_me(guest)

    assert "SAMPLE0123456789" not in guest.get("/me/data/").content.decode()
    assert "SAMPLE0123456789" in guest.get("/me/data/number/").content.decode()


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ("person", "doc_number"),
        ("person", "guardian_phone"),
        ("degree", "chsi_code"),
        ("degree", "certificate_number"),
    ],
)
def test_a_number_typed_so_far_is_masked_too(guest, person, station, step, name):
    number = resident_number()
    keep_answers(draft=make_draft(person, station), answers={step: {name: number}})

    assert number not in guest.get("/me/data/").content.decode()


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("12999920020501002X", "12************002X"),
        ("E00000001", "E******01"),
        ("123456", "****56"),
        ("12", "****"),
    ],
)
def test_a_third_of_a_number_is_shown_at_most(number, shown):
    assert mask_number(number) == shown


def test_the_number_is_not_shown_there_and_left_empty_it_stays(guest, person):
    page = guest.get("/me/data/correct/").content.decode()
    wrong, _ = correct(guest, person, doc_number="", university="")
    _, now = correct(guest, person, doc_number="", university="示例学院")

    assert person.doc_number not in page + wrong.content.decode()
    assert (now.doc_number, now.university) == (person.doc_number, "示例学院")


def test_a_correction_begins_no_application(guest, person):
    answer, now = correct(guest, person, university="示例学院", name="测试乙")

    assert answer.url == "/me/data/"
    assert (now.university, now.name) == ("示例学院", "测试乙")
    assert not Application.objects.exists()


def test_an_application_that_is_begun_has_the_correction(guest, person, station):
    draft = make_draft(person, station)
    keep_answers(draft=draft, answers={"degree": {"university": "旧"}})

    correct(guest, person, university="示例学院")

    draft.refresh_from_db()
    assert answers_of(draft)["degree"]["university"] == "示例学院"


def test_what_a_bed_was_given_for_stays_while_it_is_held_and_all_else_is_corrected(
    guest, person, station
):
    events.promise(make_draft(person, station))

    page = guest.get("/me/data/correct/").content.decode()
    other = {"name": "测试他", "doc_number": resident_number()}
    answer, now = correct(guest, person, **other, university="示例学院")

    assert person.district.hotline in page.split("data-step")[0].rsplit("<h1>")[1]
    assert answer.status_code == 302
    assert (now.name, now.doc_number) == (person.name, person.doc_number)
    assert now.university == "示例学院"


@pytest.mark.parametrize("told_of_the_arrival", [False, True])
def test_who_one_is_stays_until_the_police_have_been_told_all_of_the_stay(
    guest, person, station, told_of_the_arrival
):
    draft = make_draft(person, station)
    events.scan(station, events.promise(draft).short_code)
    if told_of_the_arrival:
        events.send_by_hand(draft)
    events.leave(draft, at=NOW)

    before = correct(guest, person, name="测试他")[1].name
    events.send_by_hand(draft)
    after = correct(guest, person, name="测试他")[1].name

    assert (before, after) == (person.name, "测试他")


def test_a_sex_corrected_after_the_stay_breaks_no_rule(guest, person, station):
    draft = make_draft(person, station)
    events.scan(station, events.promise(draft).short_code)
    events.leave(draft, at=NOW + DAY)

    Graduate.objects.filter(pk=person.pk).update(sex="men")

    assert draft.stay.bed_nights.exists()
    assert list(one_sex_a_room_night()) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"doc_number": "110101200205010000"}, "doc_number"),
        ({"graduation_date": "soon"}, "graduation_date"),
        ({"hukou_code": "000000"}, "hukou_code"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(guest, person, wrong, field):
    answer, now = correct(guest, person, **wrong)

    assert [name for form in answer.context["asked"] for name in form.errors] == [field]
    assert getattr(now, field) == getattr(person, field)


def test_somebody_elses_document_is_not_taken(guest, person):
    other = make_person(person.district)

    answer, now = correct(guest, person, doc_number=other.doc_number)

    assert [name for form in answer.context["asked"] for name in form.errors] == ["doc_number"]
    assert now.doc_number == person.doc_number
