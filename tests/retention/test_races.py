"""Two at once: one call, one reminder, one row. The control takes the guard away."""

import datetime as dt
from functools import partial

import pytest
from django.db.models import Q

from bookings import journey
from bookings.messages.models import Message
from bookings.retention.calls import claim
from bookings.retention.calls.claim import CalledByAnother
from bookings.retention.models import FollowUp
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station
from tests.racing import errors, race

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)


@pytest.fixture
def question():
    station = make_station(make_district())
    draft = make_draft(make_person(station.district), station)
    events.promise(draft)
    events.reviewer("colleague")
    asked = {"due_on": TODAY, "status": "asked", "asked_at": NOW - 4 * DAY}
    return FollowUp.objects.create(stay=events.stay_of(draft), horizon=30, **asked)


def own(question):
    return FollowUp.objects.select_related("stay__application__user").get(pk=question.pk)


def take(question, name):
    claim.take(follow_up=own(question), by=events.reviewer(name), now=NOW)


def no_answer(question):
    by = events.reviewer()
    return journey.call(follow_up=own(question), result="no_answer", number=1, by=by, now=NOW)


def test_of_two_who_open_a_call_at_once_one_has_it(question):
    results = race(partial(take, question, "reviewer"), partial(take, question, "colleague"))

    assert errors(results) == [CalledByAnother]
    (told,) = [result for result in results if result]
    assert str(own(question).caller) in str(told.sentence)


def test_control_without_the_compare_both_believe_to_have_it(question, monkeypatch):
    monkeypatch.setattr(claim, "free_for", lambda user, now: Q())

    results = race(partial(take, question, "reviewer"), partial(take, question, "colleague"))

    assert errors(results) == []


def test_a_call_sent_twice_at_once_is_one(question):
    results = race(*[partial(no_answer, question)] * 2)

    assert errors(results) == []
    assert question.attempts.count() == 1


def test_two_workers_send_one_reminder(question):
    def again():
        return journey.ask_again(follow_up=own(question), now=NOW)

    assert sorted(race(again, again)) == [False, True]
    assert Message.objects.filter(key__contains=":again:").count() == 1


def test_an_answer_pressed_twice_at_once_is_one(question):
    def press():
        told = {"kind": "looking", "source": "self", "by": None, "now": NOW}
        return journey.answer(follow_up=own(question), **told)

    results = race(press, press)

    assert errors(results) == []
    assert question.outcomes.count() == 1
