"""One box for signing up and in by phone; staff by e-mail and password."""

import re

import pytest
from django.test import Client

from bookings.messages.models import Message
from bookings.people.codes import TO_A_NUMBER
from bookings.people.models import User
from tests.factories import make_district

pytestmark = pytest.mark.django_db
PHONE = "13900000001"
PASSWORD = "sample-password-1"


@pytest.fixture(autouse=True)
def district():
    return make_district()


def ask(client, phone=PHONE):
    return client.post("/accounts/login/code/", {"phone": phone})


def newest_code():
    return re.search(r"\d{6}", Message.objects.latest("pk").text).group()


def enter(client, code):
    return client.post("/accounts/login/code/confirm/", {"code": code})


def test_a_new_number_becomes_an_account_when_its_code_is_entered():
    guest = Client()
    ask(guest)

    enter(guest, newest_code())

    assert guest.get("/me/").status_code == 200
    assert User.objects.get().phone_verified


def test_the_same_number_signs_in_to_the_same_account():
    for phone in (PHONE, "+86 139 0000 0001"):
        guest = Client()
        ask(guest, phone)
        enter(guest, newest_code())

    assert User.objects.count() == 1


@pytest.mark.parametrize("phone", ["", "139", "12345678901", "not a number", "+8613900000001" * 9])
def test_what_is_no_mobile_number_is_told_beside_the_box(phone):
    page = ask(Client(), phone)

    assert "phone" in page.context["form"].errors
    assert not Message.objects.exists()


def test_a_wrong_code_is_told_and_the_right_one_still_works():
    guest = Client()
    ask(guest)
    wrong = "000000" if newest_code() != "000000" else "111111"

    page = enter(guest, wrong)

    assert "验证码不对" in page.content.decode()
    enter(guest, newest_code())
    assert guest.get("/me/").status_code == 200


def test_codes_stop_at_the_days_quota_of_the_number(settings):
    settings.ACCOUNT_RATE_LIMITS = False

    for _ in range(TO_A_NUMBER + 3):
        ask(Client())

    assert Message.objects.count() == TO_A_NUMBER


def test_nobody_learns_whether_a_number_is_known():
    known, unknown = Client(), Client()
    User.objects.sign_up("+8613900000001")

    answers = [ask(known), ask(unknown, "13900000002")]

    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].url == answers[1].url


def test_staff_sign_in_by_password_and_are_slowed_after_five_wrong_ones():
    User.objects.create_user("manager@example.test", PASSWORD)
    client = Client()

    pages = [_enter_password(client, "wrong") for _ in range(7)]

    assert pages[0].status_code == 200
    told = _enter_password(client, PASSWORD)
    assert "五分钟" in told.content.decode()


def _enter_password(client, password):
    return client.post("/accounts/login/", {"login": "manager@example.test", "password": password})
