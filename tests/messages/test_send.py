"""What is put in the outbox: once, of a kind, to the address that somebody is told at."""

import datetime as dt
import json

import pytest
from django.core.signing import loads
from django.db import connection
from django.utils import translation
from django_q.models import OrmQ

from bookings.messages.kinds import KINDS
from bookings.messages.models import Contact, Message
from bookings.messages.send import queue
from bookings.people.models import User
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TO = "+8613900000001"
NIGHT = NOW + dt.timedelta(hours=10)  # ten in the evening in Shanghai
MORNING = NOW + dt.timedelta(hours=20)  # eight
LINK = "http://127.0.0.1:8000/applications/1/"


@pytest.fixture
def user():
    return User.objects.sign_up(TO)


def put(user, kind="refused", *, key="key", now=NOW, **more):
    return queue(kind=kind, key=key, params={"link": LINK}, user=user, now=now, **more)


def test_the_same_key_is_one_message(user):
    assert put(user) == put(user)

    assert Message.objects.count() == 1


def test_every_kind_has_words_in_which_its_parameters_stand():
    for kind in KINDS.values():
        filled = {name: f"<{name}>" for name in kind.parameters}
        for language in ("zh-hans", "en"):
            with translation.override(language):
                text = kind.render(filled)

            assert all(value in text for value in filled.values())


def test_a_message_knows_its_language_and_what_fills_a_template(user):
    with translation.override("en"):
        message = put(user)

    assert (message.language, json.loads(message.params)) == ("en", {"link": LINK})
    assert message.text.endswith(f"what helps: {LINK}")


def test_number_text_and_parameters_are_ciphertext_in_the_database(user):
    put(user)

    with connection.cursor() as cursor:
        cursor.execute('SELECT "to", text, params FROM bookings_message')
        stored = b"".join(bytes(value) for value in cursor.fetchone())

    assert TO.encode() not in stored
    assert LINK.encode() not in stored


def test_the_workers_queue_holds_a_number_and_nothing_else(user):
    message = put(user)

    task = loads(OrmQ.objects.get().payload, salt="station", serializer=_Pickle)
    assert (task["func"], task["args"]) == ("bookings.tasks.deliver", (message.pk,))


class _Pickle:
    """As django-q packs a task."""

    def loads(self, data):
        import pickle

        return pickle.loads(data)  # noqa: S301 of our own queue


def test_what_can_wait_waits_for_the_morning(user):
    message = put(user, now=NIGHT)

    assert (message.next_try_at, message.ready_at) == (MORNING, MORNING)
    assert not OrmQ.objects.exists()


@pytest.mark.parametrize(
    ("kind", "more"), [("code", {}), ("offer", {}), ("remind", {}), ("refused", {"urgent": True})]
)
def test_what_is_urgent_goes_at_any_hour(user, kind, more):
    params = dict.fromkeys(KINDS[kind].parameters, "x")

    message = queue(kind=kind, key="key", params=params, user=user, now=NIGHT, **more)

    assert message.next_try_at == NIGHT


def test_a_newer_code_replaces_one_that_waits(user):
    codes = [
        queue(kind="code", key=key, params={"code": "1"}, user=user, to=TO, now=NOW)
        for key in ("a", "b")
    ]

    states = [Message.objects.get(pk=code.pk).status for code in codes]
    assert states == ["superseded", "queued"]


def by_mail(user):
    Contact.objects.create(
        user=user, channel="mail", email="guest@example.test", email_confirmed_at=NOW
    )


def test_somebody_is_told_by_the_way_they_have_chosen(user):
    by_mail(user)

    message = put(user)

    assert (message.channel, message.to) == ("mail", "guest@example.test")


def test_a_code_goes_by_sms_whatever_was_chosen(user):
    by_mail(user)

    message = queue(kind="code", key="key", params={"code": "1"}, user=user, to=TO, now=NOW)

    assert (message.channel, message.to) == ("sms", TO)


def test_a_way_that_is_not_set_up_any_more_is_not_taken(user, settings):
    settings.MAIL_CARRIER = "none"
    by_mail(user)

    assert put(user).channel == "sms"


@pytest.mark.parametrize(("kind", "channel"), [("refused", "wechat"), ("lapsed", "sms")])
def test_wechat_is_taken_for_the_kinds_that_have_a_template_there(user, settings, kind, channel):
    settings.WECHAT_CARRIER = "wechat"
    settings.WECHAT_TEMPLATES = {"refused": {"id": "T1", "data": {}}}
    Contact.objects.create(user=user, channel="wechat", openid="openid-1")

    assert put(user, kind).channel == channel
