"""Two workers at once: one sends. The control takes the guard away."""

from functools import partial

import pytest

from bookings.messages import outbox
from bookings.messages.carriers import CARRIERS
from bookings.messages.models import Message
from bookings.messages.send import queue
from bookings.people.models import User
from tests.factories import NOW
from tests.racing import errors, meeting, race

pytestmark = pytest.mark.django_db(transaction=True)
TO = "+8613900000001"


@pytest.fixture
def letters(settings, monkeypatch):
    sent = []
    settings.SMS_CARRIER = "alibaba"
    monkeypatch.setitem(CARRIERS, "alibaba", lambda letter: sent.append(letter) or "receipt")
    return sent


@pytest.fixture
def deliver():
    user = User.objects.sign_up(TO)
    params = {"link": "http://127.0.0.1:8000/"}
    message = queue(kind="refused", key="key", params=params, user=user, now=NOW)
    return partial(outbox.deliver, message=message, now=NOW)


def test_of_two_workers_one_sends_a_message(letters, deliver):
    results = race(deliver, deliver)

    assert (errors(results), len(letters)) == ([], 1)
    assert Message.objects.get().status == "sent"


def test_control_without_the_claim_both_would_send_it(letters, deliver, monkeypatch):
    def look(message, now):
        return Message.objects.due(now).filter(pk=message.pk).first()

    monkeypatch.setattr(outbox, "_claim", meeting(look))

    race(deliver, deliver)

    assert len(letters) == 2
