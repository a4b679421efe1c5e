"""One thing a page, kept at every step: leave on the phone, go on at a computer."""

import datetime as dt

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bookings.applications.evidence import add_evidence
from bookings.applications.models import Application
from bookings.people.models import LONG_TERM, Graduate, User
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station, pdf
from tests.typed import PERSON, says_who

pytestmark = pytest.mark.django_db
ANSWERS = {
    "district": "370829",
    "has_home": "no",
    "degree": "master",
    "graduation_date": "2025-07-01",
    "purpose": "interview",
}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def district():
    return make_district()


def signed_in(user):
    one = Client()
    one.force_login(user)
    return one


@pytest.fixture
def newcomer(district):
    return User.objects.sign_up("+8613900000001")


@pytest.fixture
def phone(newcomer):
    return signed_in(newcomer)


def filled_in(client, step):
    form = client.get(f"/apply/{step}/").context["form"]
    return {name: form[name].value() for name in form.fields}


def test_what_is_half_right_waits_at_the_computer(phone, newcomer):
    phone.post("/apply/person/", {**PERSON, "doc_number": "110", "name": "样例乙"})

    there = filled_in(signed_in(newcomer), "person")

    assert (there["doc_number"], there["name"]) == ("110", "样例乙")
    assert not Graduate.objects.exists()


def test_the_person_is_kept_once_all_three_steps_are_right(phone, newcomer):
    for step, known in (("home", 0), ("degree", 0), ("person", 1)):
        phone.post(f"/apply/{step}/", PERSON)
        assert Graduate.objects.count() == known

    assert phone.get("/apply/").url == "/apply/purpose/"
    assert Application.objects.get().graduate == Graduate.objects.get(user=newcomer)


def test_what_was_kept_fills_the_steps_in_again(phone):
    says_who(phone, doc_until="", long_term="on")
    Application.objects.all().delete()

    person, home = filled_in(phone, "person"), filled_in(phone, "home")

    assert (person["long_term"], person["doc_until"]) == ("on", "")
    assert (person["birth_date"], home["has_home"]) == ("2002-05-01", "no")
    assert Graduate.objects.get().doc_until == LONG_TERM


def test_whoever_has_no_hukou_is_not_asked_for_one(phone):
    phone.post("/apply/person/", {**PERSON, "doc_type": "passport", "doc_number": "E12345678"})

    assert list(filled_in(phone, "home")) == ["has_home"]


def test_a_former_county_can_be_chosen_and_stays_chosen(phone):
    says_who(phone, hukou_code="370802")

    page = phone.get("/apply/home/")

    assert Graduate.objects.get().hukou_code == "370802"
    assert '<option value="370802" selected>' in page.content.decode()


@pytest.mark.parametrize("code", ["370800", "370000", "999999", "x"])
def test_what_is_no_county_is_refused_beside_the_list(phone, code):
    page = phone.post("/apply/home/", {**PERSON, "hukou_code": code})

    assert "hukou_code" in page.context["form"].errors


def test_a_document_of_another_number_is_told_at_once(phone, district):
    other = make_person(district)

    page = phone.post("/apply/person/", {**PERSON, "doc_number": other.doc_number})

    assert "doc_number" in page.context["form"].errors


def test_the_pre_checks_answers_are_taken_along(newcomer):
    make_district("370829")
    phone = signed_in(newcomer)

    assert phone.get("/apply/", ANSWERS).url == "/apply/person/"

    draft = Application.objects.get()
    assert (draft.district.code, draft.purpose) == ("370829", "interview")
    degree, home = filled_in(phone, "degree"), filled_in(phone, "home")
    assert (degree["degree"], degree["graduation_date"]) == ("master", "2025-07-01")
    assert home["has_home"] == "no"


def test_they_change_nothing_that_was_answered_before(phone):
    says_who(phone, degree="bachelor", has_home="yes")
    phone.post("/apply/purpose/", {"purpose": "startup"})

    phone.get("/apply/", {**ANSWERS, "district": ""})

    assert filled_in(phone, "degree")["degree"] == "bachelor"
    assert filled_in(phone, "home")["has_home"] == "yes"
    assert Application.objects.get().purpose == "startup"


def test_a_district_that_takes_nobody_is_not_found(phone):
    assert phone.get("/apply/", {"district": "999999"}).status_code == 404
    assert Client().get("/check/999999/").status_code == 404
    assert Client().get("/check/370811/").status_code == 200


def test_one_goes_on_where_something_lacks_and_back_to_where_one_came_from(district):
    draft = make_draft(make_person(district), make_station(district))
    guest = signed_in(draft.user)

    assert guest.get("/apply/").url == "/apply/check/"
    assert guest.post("/apply/purpose/?back=1", {"purpose": "interview"}).url == "/apply/check/"
    assert guest.post("/apply/purpose/", {"purpose": "interview"}).url == "/apply/stay/"
    Application.objects.update(arrival=None)
    assert guest.get("/apply/").url == "/apply/stay/"


def test_what_is_not_right_any_more_is_asked_again_before_one_signs(district):
    draft = make_draft(make_person(district), make_station(district))
    guest = signed_in(draft.user)
    proof = {"degree_proof": "chsi", "chsi_code": "SAMPLE0000000000"}
    Graduate.objects.update(**proof, chsi_until=TODAY - dt.timedelta(days=1))

    guest.post("/apply/person/", {**PERSON, "doc_number": draft.graduate.doc_number, "name": "乙"})

    assert guest.get("/apply/check/").url == "/apply/"
    assert guest.get("/apply/").url == "/apply/degree/"
    guest.post("/apply/degree/", {**PERSON, **proof, "chsi_until": TODAY})
    assert guest.get("/apply/check/").context["draft"].graduate.name == "乙"


def test_once_sent_nothing_typed_is_left_with_the_application(phone, district):
    station = make_station(district)
    says_who(phone)
    phone.post("/apply/purpose/", {"purpose": "job_seeking"})
    phone.post("/apply/stay/", {"station": station.pk, "arrival": TODAY, "nights": 2})
    draft = Application.objects.get()
    assert draft.answers

    events.submit(draft)

    assert events.own(draft).answers is None


def test_a_draft_is_deleted_from_ones_own_page_with_its_papers(district):
    draft = make_draft(make_person(district), make_station(district))
    guest = signed_in(draft.user)

    assert "删除这份草稿" in guest.get("/me/").content.decode()
    for _press in range(2):
        assert guest.post("/apply/discard/").url == "/me/"

    assert not Application.objects.exists()


def test_an_application_that_was_sent_is_not_deleted(district):
    draft = make_draft(make_person(district), make_station(district))
    events.submit(draft)

    signed_in(draft.user).post("/apply/discard/")

    assert Application.objects.get() == draft


def test_papers_of_before_are_used_again_where_one_says_so(district):
    station = make_station(district)
    before = make_draft(make_person(district), station, evidence=())
    sent = SimpleUploadedFile("paper.pdf", pdf())
    add_evidence(application=before, kind="degree", upload=sent, now=NOW)
    events.submit(before)
    events.withdraw(before)
    draft = make_draft(before.graduate, station, evidence=())
    guest = signed_in(draft.user)
    (paper,) = guest.get("/apply/papers/").context["former"]
    assert not draft.evidence.exists()

    for _press in range(2):
        guest.post("/apply/papers/", {"again": "1", "paper": [paper.pk]})

    (copy,) = draft.evidence.all()
    assert (copy.kind, copy.file.read()) == (paper.kind, paper.file.read())
    assert copy.file.name != paper.file.name


@pytest.mark.parametrize(
    ("there", "chosen"),
    [((), "degree"), (("degree",), "interview_notice"), (("degree", "interview_notice"), "")],
)
def test_the_paper_that_is_wanted_is_chosen_already(district, there, chosen):
    station = make_station(district)
    draft = make_draft(make_person(district), station, evidence=there)
    Application.objects.update(purpose="interview")

    page = signed_in(draft.user).get("/apply/papers/")

    assert page.context["form"]["kind"].value() == chosen


def test_papers_of_somebody_else_are_not_offered(district):
    station = make_station(district)
    theirs = make_draft(make_person(district), station).evidence.get()
    draft = make_draft(make_person(district), station, evidence=())
    guest = signed_in(draft.user)

    guest.post("/apply/papers/", {"again": "1", "paper": [theirs.pk, "9" * 30, "x"]})

    assert guest.get("/apply/papers/").context["former"] == []
    assert not draft.evidence.exists()
