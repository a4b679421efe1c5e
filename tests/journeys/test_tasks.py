"""What the worker does by itself: listed once, safe to run twice."""

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.utils.module_loading import import_string
from django_q.models import Schedule

from bookings import tasks
from bookings.messages.models import Message
from bookings.people.models import User
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def draft():
    station = make_station(make_district())
    return make_draft(make_person(station.district), station)


def test_the_schedule_is_kept_as_listed_however_often():
    Schedule.objects.create(name="given up", func="bookings.tasks.gone")

    for _ in range(2):
        call_command("schedule_jobs")

    kept = Schedule.objects.values_list("name", "func", "cron")
    assert sorted(kept) == sorted((name, *job) for name, job in tasks.JOBS.items())


OF_THE_SITE = {"back up", "check the audit log"}  # which say how it went


def test_every_job_is_there_and_runs_on_an_empty_house():
    for name, (function, _) in tasks.JOBS.items():
        if name == "restore drill":
            continue  # tests/operations/test_drill.py
        done = "ok" if name in OF_THE_SITE else 0
        assert import_string(function)() in (done, None)


def test_a_hold_lapses_when_its_papers_do_not_come_in_time(draft):
    events.submit(draft)
    events.ask_for_more(draft)

    with time_machine.travel(NOW + dt.timedelta(hours=9)):
        assert tasks.lapse_holds() == 0
    with time_machine.travel(NOW + DAY):
        assert (tasks.lapse_holds(), tasks.lapse_holds()) == (1, 0)

    assert events.own(draft).status == "lapsed"
    assert not draft.stay.bed_nights.exists()


def test_who_does_not_come_by_the_cut_off_is_given_up(draft):
    events.promise(draft)

    with time_machine.travel(NOW + dt.timedelta(hours=9, minutes=59)):
        assert tasks.give_up_no_shows() == 0
    with time_machine.travel(NOW + dt.timedelta(hours=10)):
        assert (tasks.give_up_no_shows(), tasks.give_up_no_shows()) == (1, 0)

    assert "no_show" in Message.objects.latest("pk").key


def test_a_question_is_asked_on_its_day_and_once(draft):
    code = events.promise(draft).short_code
    events.scan(draft.station, code)
    events.scan(draft.station, code, "leave", nonce="nonce-2", at=NOW + DAY)

    with time_machine.travel(NOW + 31 * DAY):
        assert (tasks.ask_follow_ups(), tasks.ask_follow_ups()) == (1, 0)


def test_a_message_that_cannot_go_does_not_keep_the_others_waiting(draft, settings):
    settings.SMS_CARRIER = "none"
    shown = events.promise(draft)
    events.replace_pass(draft, shown)

    tasks.deliver_messages()

    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


def test_a_number_that_was_typed_but_never_verified_is_forgotten_after_a_day():
    User.objects.sign_up("+8613900000001")

    with time_machine.travel(NOW + 2 * DAY):
        assert tasks.forget_unverified_numbers() == 1
