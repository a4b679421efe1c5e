"""Where somebody is signed in: listed for them alone, ended by them."""

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from bookings.people.models import User
from bookings.people.sessions import device, forget_ended, sessions_of
from tests.factories import NOW, make_district

pytestmark = pytest.mark.django_db
PASSWORD = "sample-password-1"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 MicroMessenger/8.0"


@pytest.fixture
def user():
    make_district()
    return User.objects.create_user("staff@example.test", PASSWORD)


def sign_in(user, *, agent=PHONE, ip="203.0.113.77"):
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=ip)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def listed(client):
    return client.get("/me/sessions/").context["sessions"]


def test_each_sign_in_is_listed_with_device_and_shortened_network(user):
    here, there = sign_in(user), sign_in(user, ip="2001:db8:1:2:3::4")

    found = {(one.device, one.network, one.current) for one in listed(here)}

    assert found == {
        ("微信 WeChat · Android", "203.0.113.0/24", True),
        ("微信 WeChat · Android", "2001:db8:1::/48", False),
    }
    assert "203.0.113.77" not in here.get("/me/sessions/").content.decode()
    assert there.get("/me/").status_code == 200


def test_one_is_ended(user):
    here, there = sign_in(user), sign_in(user)
    other = next(one for one in listed(here) if not one.current)

    here.post(f"/me/sessions/{other.pk}/end/")

    assert there.get("/me/").status_code == 302
    assert [one.current for one in listed(here)] == [True]


def test_all_others_are_ended(user):
    here, *others = (sign_in(user) for _ in range(3))

    here.post("/me/sessions/end/")

    assert here.get("/me/").status_code == 200
    assert [one.get("/me/").status_code for one in others] == [302, 302]


def test_nobody_ends_anybody_elses(user):
    stranger = sign_in(User.objects.create_user("other@example.test", PASSWORD))
    here = sign_in(user)

    stranger.post(f"/me/sessions/{listed(here)[0].pk}/end/")
    stranger.post("/me/sessions/end/")

    assert here.get("/me/").status_code == 200


def test_another_password_ends_the_other_sessions(user):
    here, there = sign_in(user), sign_in(user)
    new = {
        "oldpassword": PASSWORD,
        "password1": "another good one",
        "password2": "another good one",
    }

    here.post("/accounts/password/change/", new)

    assert here.get("/me/").status_code == 200
    assert there.get("/me/").status_code == 302
    assert [one.current for one in listed(here)] == [True]


def test_what_has_run_out_is_not_listed_and_forgotten_at_night(user):
    sign_in(user)
    later = NOW + dt.timedelta(days=15)

    assert sessions_of(user, current=None, now=later) == []
    assert forget_ended(now=later) == 1
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()


@pytest.mark.parametrize(
    ("said", "device_"),
    [
        ("Mozilla/5.0 (iPhone) AppleWebKit Version/17 Safari/604", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120", "Edge · Windows"),
        ("curl/8", "curl/8"),
        ("", "—"),
    ],
)
def test_a_device_is_named_in_two_words(said, device_):
    assert device(said) == device_
