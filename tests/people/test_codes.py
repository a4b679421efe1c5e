"""The whole site's sign-in codes have a budget a day: of new numbers first, of known guests later."""

from functools import partial

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from bookings.messages.models import Message
from bookings.operations import checks
from bookings.people.codes import forget_counts, may_send, spent
from bookings.people.models import CodeCount, User
from tests.factories import NOW, TODAY, make_district, make_person
from tests.people.world import it_is_me
from tests.racing import race

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def district(settings):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.CODES_A_DAY = {"new": 2, "known": 3}
    return make_district()


@pytest.fixture
def guest():
    user = User.objects.sign_up("+8613900000001")
    User.objects.filter(pk=user.pk).update(phone_verified=True)
    return "13900000001"


def ask(*phones):
    """What each is told besides, and how many codes went out to them all."""
    before, told = Message.objects.count(), []
    for phone in phones:
        answer = Client().post("/accounts/login/code/", {"phone": phone})
        told.append((answer.url, [str(one) for one in get_messages(answer.wsgi_request)]))
    return told, Message.objects.count() - before


def new_numbers(count):
    return [f"1390000100{n}" for n in range(count)]


def test_beyond_the_budget_of_new_numbers_they_get_none():
    assert ask(*new_numbers(4))[1] == 2
    assert checks.site(NOW).codes_spent == ["new"]


def test_known_guests_get_theirs_until_a_budget_of_their_own(guest):
    ask(*new_numbers(4))

    assert ask(*[guest] * 5)[1] == 3
    assert spent(now=NOW) == ["new", "known"]


def test_codes_asked_for_in_vain_are_not_counted_against_known_guests(guest):
    ask(*new_numbers(9))

    assert ask(guest)[1] == 1


def test_nobody_learns_from_it_whether_a_number_is_known(guest):
    ask(*new_numbers(2))

    told, sent = ask(guest, "13900009999")

    assert sent == 1
    assert told[0] == told[1]
    assert "八点" in told[0][1][0]


def test_within_the_budget_nothing_is_said(guest):
    assert ask(guest) == ([("/accounts/login/code/confirm/", ["验证码已发送。"])], 1)


def test_who_was_registered_at_a_desk_is_known(district):
    person = make_person(district)
    ask(*new_numbers(2))

    assert ask(person.user.phone)[1] == 1


def test_a_guests_new_number_is_a_new_one(guest, client):
    ask(*new_numbers(2))
    user = User.objects.by_phone("+8613900000001")
    client.force_login(user)
    it_is_me(client)

    client.post("/accounts/phone/change/", {"phone": "13900008888"})

    assert not Message.objects.filter(user=user).exists()


def test_the_next_day_begins_anew(noon):
    ask(*new_numbers(2))

    noon.shift(24 * 3600)

    assert spent(now=NOW.replace(day=NOW.day + 1)) == []
    assert ask("13900009999")[1] == 1
    assert forget_counts(now=NOW.replace(day=NOW.day + 1)) == 1
    assert [one.day for one in CodeCount.objects.all()] == [TODAY.replace(day=TODAY.day + 1)]


def test_nought_is_no_limit(settings):
    settings.CODES_A_DAY = {"new": 0, "known": 0}

    assert ask(*new_numbers(5))[1] == 5
    assert spent(now=NOW) == []


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_one_moment_no_more_get_one_than_the_budget_has():
    users = [User.objects.sign_up(f"+86{phone}") for phone in new_numbers(6)]

    goes = race(*(partial(may_send, user, user.phone, now=NOW) for user in users))

    assert sorted(goes) == [False] * 4 + [True] * 2
