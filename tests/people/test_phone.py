"""Another mobile number: changed by its owner, or moved by a manager who has seen the document."""

import re

import pytest
from django.test import Client

from bookings.core.audit import AuditEntry
from bookings.messages.models import Message
from bookings.people.models import Role, User
from bookings.people.phone import NoSuchPerson, NumberTaken, move_account
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, make_station
from tests.people.houses import client
from tests.people.world import member

pytestmark = pytest.mark.django_db
NEW = "+8613800000009"


@pytest.fixture
def district():
    return make_district()


@pytest.fixture
def person(district):
    return make_person(district)


@pytest.fixture
def manager(district):
    return member(district, Role.MANAGER)


def move(person, by, *, phone=NEW, **changes):
    about = {"doc_number": person.doc_number, "name": person.name, **changes}
    move_account(district=by.membership.district, phone=phone, by=by, now=NOW, **about)


def newest_code(to):
    texts = [one.text for one in Message.objects.order_by("-pk") if one.to == to]
    return re.search(r"\d{6}", texts[0]).group()


def numbers_told():
    return {one.to for one in Message.objects.all()}


# --- by its owner ---------------------------------------------------------------------------------


def test_a_code_to_the_new_number_changes_it_and_the_old_one_is_told(person):
    old, guest = person.user.phone, client(person.user)
    guest.post("/accounts/phone/change/", {"phone": "13800000009"})
    assert User.objects.by_phone(old) == person.user

    answer = guest.post("/accounts/phone/verify/", {"code": newest_code(NEW)}, follow=True)

    assert User.objects.by_phone(NEW) == person.user
    assert answer.redirect_chain[-1][0] == "/me/"
    assert "手机号已确认" in answer.content.decode()
    assert Message.objects.latest("pk").to == old
    assert AuditEntry.objects.get(action="change phone").by == person.user


def test_nobody_learns_whether_a_number_has_an_account(person, district):
    taken = make_person(district).user.phone

    answers = [
        client(user).post("/accounts/phone/change/", {"phone": phone})
        for user, phone in ((person.user, taken), (make_person(district).user, NEW))
    ]

    assert [(one.status_code, one.url) for one in answers] == [(302, "/accounts/phone/verify/")] * 2


def test_a_number_in_use_is_not_taken_over(person, district):
    other = make_person(district).user
    guest = client(person.user)
    guest.post("/accounts/phone/change/", {"phone": other.phone})

    guest.post("/accounts/phone/verify/", {"code": newest_code(other.phone)})

    assert User.objects.by_phone(other.phone) == other


# --- by a manager ---------------------------------------------------------------------------------


def test_the_account_moves_with_all_that_is_in_it(person, manager):
    old = person.user.phone
    code = events.promise(make_draft(person, make_station(person.district))).short_code

    move(person, manager)

    moved = User.objects.by_phone(NEW)
    assert (moved, moved.phone_verified) == (person.user, False)
    assert moved.applications.get().stay.passes.get().short_code == code
    assert numbers_told() >= {old, NEW}
    assert AuditEntry.objects.get(action="move account").by == manager


def test_pressed_twice_it_moves_once(person, manager):
    move(person, manager)
    move(person, manager)

    assert AuditEntry.objects.filter(action="move account").count() == 1


@pytest.mark.parametrize("changes", [{"name": "别人"}, {"doc_number": "110101200205010019"}])
def test_what_differs_from_the_document_moves_nothing(person, manager, changes):
    with pytest.raises(NoSuchPerson):
        move(person, manager, **changes)

    assert User.objects.by_phone(NEW) is None


def test_a_person_of_another_district_is_not_found(person):
    far = member(make_district("370829"), Role.MANAGER)

    with pytest.raises(NoSuchPerson):
        move(person, far)


def test_an_empty_account_gives_the_number_up(person, manager):
    tried = User.objects.sign_up(NEW)

    move(person, manager)

    tried.refresh_from_db()
    assert (tried.phone, tried.is_active) == (None, False)
    assert User.objects.by_phone(NEW) == person.user


def test_somebody_elses_number_is_refused(person, manager, district):
    with pytest.raises(NumberTaken):
        move(person, manager, phone=make_person(district).user.phone)


def test_the_page_moves_it_and_two_different_numbers_do_not(person, manager):
    about = {"doc_number": person.doc_number, "name": person.name, "phone": "13800000009"}
    page = client(manager).post("/staff/new-number/", {**about, "again": "13800000008"})
    assert "again" in page.context["form"].errors

    client(manager).post("/staff/new-number/", {**about, "again": "13800000009"})

    assert User.objects.by_phone(NEW) == person.user


# --- is it you ------------------------------------------------------------------------------------


def sensitive(guest):
    return [
        guest.get("/me/data.json").status_code,
        guest.get("/accounts/phone/change/").status_code,
        guest.post("/me/data/forget/", {"sure": "on"}).status_code,
    ]


def test_a_session_of_long_ago_is_asked_for_a_code_then_goes_on(person):
    guest = Client()
    guest.force_login(person.user)
    asked = guest.get("/me/data.json")
    assert asked.url.startswith("/me/is-it-you/")
    assert sensitive(guest) == [302, 302, 302]

    guest.get("/me/data.json")
    guest.post(asked.url, {"act": "send"})
    answer = guest.post(asked.url, {"code": newest_code(person.user.phone)})

    assert answer.url == "/me/data.json"
    assert guest.get(answer.url).json()["person"]["doc_number"] == person.doc_number


def test_it_holds_for_five_minutes(person, noon):
    guest = client(person.user)
    assert guest.get("/me/data.json").status_code == 200

    noon.shift(5 * 60 + 1)

    assert guest.get("/me/data.json").status_code == 302


def test_three_wrong_codes_and_the_right_one_is_void(person):
    guest = Client()
    guest.force_login(person.user)
    guest.post("/me/is-it-you/", {"act": "send"})
    code = newest_code(person.user.phone)
    wrong = "000000" if code != "000000" else "111111"

    for _ in range(3):
        guest.post("/me/is-it-you/", {"code": wrong})
    guest.post("/me/is-it-you/", {"code": code})

    assert guest.get("/me/data.json").status_code == 302


def test_without_a_code_sent_none_is_right(person):
    guest = Client()
    guest.force_login(person.user)

    page = guest.post("/me/is-it-you/", {"code": ""})

    assert page.status_code == 200
    assert guest.get("/me/data.json").status_code == 302
