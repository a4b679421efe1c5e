"""Signing in through WeChat, with WeChat's answers faked: no network."""

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.messages import get_messages
from django.test import Client

from bookings import journey
from bookings.core.audit import AuditEntry
from bookings.core.crypto import keyed_hash
from bookings.people.models import Membership, Role, User
from bookings.people.phone import move_account
from bookings.people.wechat.bind import NotForStaff, WeChatTaken, bind_wechat, unbind_wechat
from tests.factories import NOW, make_district, make_person
from tests.people.wechat import ANSWER, comes_back, set_up
from tests.people.world import it_is_me, member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wechat(settings, monkeypatch):
    return set_up(settings, monkeypatch)


@pytest.fixture
def guest():
    user = make_person(make_district()).user
    User.objects.filter(pk=user.pk).update(phone_verified=True)
    return User.objects.get(pk=user.pk)


def signed_in(user):
    client = Client()
    client.force_login(user)
    it_is_me(client)
    return client


def uid():
    return keyed_hash(ANSWER["openid"], "wechat")


def told(answer):
    return [str(one) for one in get_messages(answer.wsgi_request)]


def user_in(client):
    return client.session.get("_auth_user_id")


def test_the_button_leads_to_wechat(client):
    there = client.post("/accounts/wechat/").url

    assert there.startswith("https://open.weixin.qq.com/connect/qrconnect?appid=wx-sample&")
    assert there.endswith("#wechat_redirect")


def test_a_bound_account_is_opened(client, guest, wechat):
    comes_back(signed_in(guest), "/accounts/wechat/bind/")

    answer = comes_back(client)

    assert (answer.url, user_in(client)) == ("/after-login/", str(guest.pk))
    assert set(wechat["asked"]) == {
        "/sns/oauth2/access_token"
    }  # neither name nor picture is asked for


def test_an_unbound_one_opens_nothing_and_makes_nothing(client, wechat):
    answer = comes_back(client)

    assert answer.url == "/accounts/login/code/"
    assert "手机号登录一次" in told(answer)[0]
    assert user_in(client) is None
    assert not User.objects.exists() and not SocialAccount.objects.exists()


@pytest.mark.parametrize("staff", ["who was bound before", "by an e-mail address alone"])
def test_staff_are_never_let_in_this_way(client, guest, wechat, staff):
    bind_wechat(user=guest, uid=uid(), now=NOW)
    if staff == "who was bound before":
        Membership.objects.create(user=guest, district=guest.graduate.district, role=Role.CLERK)
    else:
        User.objects.filter(pk=guest.pk).update(email="clerk@example.test")

    answer = comes_back(client)

    assert (told(answer), user_in(client)) == ([str(NotForStaff.sentence)], None)


def test_a_number_not_proven_is_proven_first(client, guest, wechat):
    bind_wechat(user=guest, uid=uid(), now=NOW)
    User.objects.filter(pk=guest.pk).update(phone_verified=False)

    assert comes_back(client).url == "/accounts/login/code/"
    assert user_in(client) is None


def test_staff_cannot_bind(wechat):
    client = signed_in(member(make_district(), Role.MANAGER))

    assert client.post("/accounts/wechat/bind/").status_code == 404


def test_a_locked_account_stays_locked(client, guest, wechat):
    bind_wechat(user=guest, uid=uid(), now=NOW)
    User.objects.filter(pk=guest.pk).update(is_active=False)

    assert comes_back(client).url == "/accounts/inactive/"
    assert user_in(client) is None


@pytest.mark.parametrize("act", ["bind", "unbind"])
def test_who_binds_or_unbinds_is_asked_once_more(client, guest, act):
    client.force_login(guest)

    answer = client.post(f"/accounts/wechat/{act}/")

    assert answer.url.startswith("/me/is-it-you/")


def test_opening_by_wechat_is_not_enough_for_what_only_its_owner_may_do(client, guest, wechat):
    bind_wechat(user=guest, uid=uid(), now=NOW)
    comes_back(client)

    assert client.get("/me/data.json").url.startswith("/me/is-it-you/")


def test_only_a_keyed_hash_is_kept(guest, wechat):
    comes_back(signed_in(guest), "/accounts/wechat/bind/")

    bound = SocialAccount.objects.get()
    assert (bound.user, bound.uid, bound.extra_data) == (guest, uid(), {})
    assert not SocialToken.objects.exists()
    assert list(AuditEntry.objects.values_list("action", "by")) == [("bind WeChat", guest.pk)]


def test_what_opens_one_account_opens_no_other(guest, wechat):
    other = make_person(guest.graduate.district).user
    bind_wechat(user=guest, uid=uid(), now=NOW)

    answer = comes_back(signed_in(other), "/accounts/wechat/bind/")

    assert told(answer) == [str(WeChatTaken.sentence)]
    assert SocialAccount.objects.get().user == guest


def test_another_wechat_account_takes_the_place_of_the_former(guest):
    bind_wechat(user=guest, uid="a", now=NOW)
    bind_wechat(user=guest, uid="b", now=NOW)

    assert list(SocialAccount.objects.values_list("uid", flat=True)) == ["b"]


def test_unbound_it_opens_nothing(client, guest, wechat):
    bind_wechat(user=guest, uid=uid(), now=NOW)
    own = signed_in(guest)

    own.post("/accounts/wechat/unbind/")
    comes_back(client)

    assert user_in(client) is None
    assert not unbind_wechat(user=guest, by=guest, now=NOW)


@pytest.mark.parametrize(
    "answer",
    [
        {"errcode": 40029, "errmsg": "invalid code"},
        {"access_token": "t"},
        {**ANSWER, "openid": ""},
        [],
    ],
)
def test_what_wechat_does_not_confirm_opens_nothing(client, guest, wechat, answer):
    bind_wechat(user=guest, uid=uid(), now=NOW)
    wechat["answer"] = answer

    assert comes_back(client).url == "/accounts/login/code/"
    assert user_in(client) is None


@pytest.mark.parametrize("changed", [{"state": "stranger's"}, {"state": ""}, {"code": ""}])
def test_only_what_was_begun_in_this_session_goes_on(client, guest, wechat, changed):
    bind_wechat(user=guest, uid=uid(), now=NOW)
    wechat["answer"] = ANSWER if "state" in changed else {"errcode": 41008}

    assert comes_back(client, **changed).url == "/accounts/login/code/"
    assert user_in(client) is None


def test_an_answer_is_good_once(client, guest, wechat):
    bind_wechat(user=guest, uid=uid(), now=NOW)
    back = comes_back(client).wsgi_request.get_full_path()
    client.logout()

    client.get(back)

    assert user_in(client) is None


def test_no_next_leads_elsewhere(client, guest, wechat):
    bind_wechat(user=guest, uid=uid(), now=NOW)

    assert comes_back(client, "/accounts/wechat/?next=https://evil.example/").url == "/after-login/"


def test_a_lost_phone_and_being_forgotten_unbind(guest):
    person = guest.graduate
    bind_wechat(user=guest, uid="a", now=NOW)
    who = {"doc_number": person.doc_number, "name": person.name, "phone": "+8613900009999"}
    by = member(person.district, Role.MANAGER)
    move_account(district=person.district, **who, by=by, now=NOW)
    assert not SocialAccount.objects.exists()

    bind_wechat(user=guest, uid="a", now=NOW)
    journey.forget_person(person=person, by=guest, now=NOW)
    assert not SocialAccount.objects.exists()


def test_ones_own_data_say_since_when(guest):
    assert journey.portrait(user=guest)["account"]["wechat_bound_at"] is None

    bind_wechat(user=guest, uid="a", now=NOW)

    assert journey.portrait(user=guest)["account"]["wechat_bound_at"]


@pytest.mark.parametrize(
    ("kind", "browser", "offered"),
    [
        ("none", "MicroMessenger", False),
        ("website", "", True),
        ("official_account", "", False),
        ("official_account", "… MicroMessenger/8.0 …", True),
    ],
)
def test_the_button_is_there_where_it_works(client, settings, guest, kind, browser, offered):
    settings.WECHAT_SIGN_IN = kind
    header = {"HTTP_USER_AGENT": browser}

    page = client.get("/accounts/login/code/", **header).content.decode()
    own = signed_in(guest).get("/me/sessions/", **header).content.decode()

    assert ("/accounts/wechat/" in page, "/accounts/wechat/bind/" in own) == (offered, offered)
