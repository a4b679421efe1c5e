"""Leave to ask: its own, taken back and given again; the reminders; what is said on leaving."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from bookings import journey, tasks
from bookings.applications.models import Application
from bookings.core.transitions import StateChanged
from bookings.messages.models import Message
from bookings.retention.models import FollowUp
from bookings.statistics.retention import retention
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
DUE = NOW + 31 * DAY  # the first question; the second 60 days later


def left(*, consent=True):
    """The stay of somebody who left a day after coming."""
    station = make_station(make_district())
    draft = make_draft(make_person(station.district), station)
    events.submit(draft, consent=consent)
    code = events.approve(draft).short_code
    events.scan(station, code)
    events.scan(station, code, "leave", nonce="nonce-2", at=NOW + DAY)
    return events.stay_of(draft)


def statuses(stay):
    return dict(stay.follow_ups.values_list("horizon", "status"))


def withdraw(stay, now=NOW):
    person = stay.graduate
    journey.withdraw_consent(person=person, by=person.user, now=now)


def give(stay, now=NOW):
    person = stay.graduate
    journey.give_consent(person=person, by=person.user, now=now)


def test_taken_back_stops_what_is_not_answered_and_given_again_asks_what_is_to_come():
    stay = left()
    journey.ask(follow_up=stay.follow_ups.get(horizon=30), now=DUE)

    withdraw(stay, DUE)
    assert statuses(stay) == {30: "declined", 90: "declined"}
    give(stay, DUE)

    assert statuses(stay) == {30: "declined", 90: "due"}
    assert Application.objects.get(pk=stay.application_id).follow_up_consent


def test_who_never_gave_it_may_give_it_later():
    stay = left(consent=False)

    give(stay)

    assert statuses(stay) == {30: "due", 90: "due"}


def test_ones_own_page_offers_what_is_not_so():
    stay = left()
    client = Client()
    client.force_login(stay.graduate.user)

    client.post("/me/data/consent/")
    assert not client.get("/me/data/").context["consents"]
    client.post("/me/data/consent/give/")

    assert client.get("/me/data/").context["consents"]
    assert statuses(stay) == {30: "due", 90: "due"}


def worker_at(now):
    with time_machine.travel(now):
        return tasks.ask_follow_ups()


def test_the_worker_asks_and_reminds_twice_each_once():
    left()

    sent = [worker_at(DUE + days * DAY) for days in (0, 0, 2, 3, 3, 7, 8, 20)]

    assert sent == [1, 0, 0, 1, 0, 1, 0, 0]
    assert Message.objects.filter(key__startswith="follow-up:").count() == 3


def test_reminders_missed_are_not_sent_one_after_another():
    left()

    sent = [worker_at(DUE + days * DAY) for days in (0, 8, 9)]

    assert sent == [1, 1, 0]


def test_who_has_answered_or_declined_is_not_reminded():
    stay = left()
    question = stay.follow_ups.get(horizon=30)
    worker_at(DUE)

    journey.answer(follow_up=question, kind="looking", source="self", by=None, now=DUE)

    assert worker_at(DUE + 3 * DAY) == 0


def test_what_comes_next_may_be_said_on_the_page_of_the_stay():
    stay = left()
    client = Client()
    client.force_login(stay.graduate.user)
    page = f"/applications/{stay.application_id}/"
    assert client.get(page).context["leaving"]["said"] is None

    for _ in range(2):
        client.post(f"{page}leaving/", {"kind": "looking"})

    assert client.get(page).context["leaving"]["said"].kind == "looking"
    assert FollowUp.objects.get(horizon=0).outcomes.count() == 1


def test_what_comes_next_is_not_asked_of_whom_one_may_not_ask():
    stay = left(consent=False)

    with pytest.raises(StateChanged):
        journey.answer_leaving(stay=stay, kind="looking", now=NOW)

    assert not FollowUp.objects.filter(horizon=0).exists()


def test_what_was_said_on_leaving_is_in_no_published_rate():
    stay = left()
    journey.answer_leaving(stay=stay, kind="employed_here", now=NOW)

    months = {"first": NOW.date(), "last": NOW.date(), "today": (NOW + 400 * DAY).date()}

    assert {cohort.horizon for cohort in retention(**months)} == {30, 90}
