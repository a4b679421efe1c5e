"""Telephoning those who did not answer: who is on the list, who has the call, what comes of it."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bookings import journey
from bookings.core.transitions import StateChanged
from bookings.journey import CalledMeanwhile, NoTime
from bookings.messages.models import Message
from bookings.people.models import Role, User
from bookings.retention.calls import claim, queue
from bookings.retention.calls.claim import CalledByAnother, NotACaller
from bookings.retention.models import FollowUp, Proof
from tests.factories import NOW, TODAY, make_district, make_station, pdf
from tests.people.world import member
from tests.retention.calling import DAY, signed_in, silent, status

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def call(question, result, by, *, number=1, now=NOW, **more):
    question = FollowUp.objects.get(pk=question.pk)
    return journey.call(follow_up=question, result=result, number=number, by=by, now=now, **more)


def answered(question, by, *, number=1, **more):
    answer = {"kind": "employed_here", "source": "phone", "level": "self_report"}
    return call(question, "reached", by, number=number, answer=answer, **more)


def listed(rows, station, now=NOW):
    return list(rows(station.district, now))


# --- the list -------------------------------------------------------------------------------------


def test_a_question_comes_to_the_list_ten_days_after_it_was_sent(station):
    question = silent(station, asked_at=NOW - 9 * DAY)

    assert listed(queue.to_call, station) == []
    assert listed(queue.with_guest, station) == [question]
    assert listed(queue.to_call, station, NOW + DAY) == [question]


def test_whom_no_message_reaches_is_called_at_once(station):
    without, failed = (silent(station, asked_at=NOW) for _ in range(2))
    user = without.stay.application.user
    User.objects.filter(pk=user.pk).update(phone=None, phone_hash=None)
    other = failed.stay.application.user
    lost = {"key": f"follow-up:{failed.pk}", "to": other.phone, "text": "", "status": "failed"}
    when = dict.fromkeys(["created_at", "ready_at", "next_try_at"], NOW)
    Message.objects.create(user=other, kind="follow_up", **when, **lost)

    assert listed(queue.to_call, station) == [without, failed]


def test_calls_promised_come_first_then_what_is_due_longest(station, caller):
    late, early, promised = (silent(station, due_on=TODAY - days * DAY) for days in (1, 9, 0))
    call(promised, "call_back", caller, now=NOW - DAY, call_back_at=NOW - HOUR)

    assert listed(queue.to_call, station) == [promised, early, late]


def test_who_did_not_answer_today_comes_again_tomorrow(station, caller):
    question = silent(station)

    call(question, "no_answer", caller)

    assert listed(queue.to_call, station) == []
    assert listed(queue.later, station) == [question]
    assert listed(queue.to_call, station, NOW + DAY) == [question]


def test_a_call_back_waits_for_its_time(station, caller):
    question = silent(station)

    call(question, "call_back", caller, call_back_at=NOW + 2 * HOUR)

    assert listed(queue.later, station, NOW + HOUR) == [question]
    assert listed(queue.to_call, station, NOW + 3 * HOUR) == [question]


def test_the_next_call_is_one_that_nobody_else_has(station, caller, colleague):
    first, taken, third = (silent(station, due_on=TODAY - days * DAY) for days in (3, 2, 1))
    claim.take(follow_up=taken, by=colleague, now=NOW)

    rows = queue.to_call(station.district, NOW)

    assert queue.next_call(rows, after=first, user=caller, now=NOW) == third.pk


def test_another_district_has_its_own_list(station):
    silent(station)

    assert listed(queue.to_call, make_station(make_district("370829"), slug="far")) == []


# --- what comes of a call -------------------------------------------------------------------------


def test_an_answer_on_the_telephone_is_kept_with_its_call(station, caller):
    question = silent(station)

    answered(question, caller, note="很热情")

    assert status(question) == "answered"
    assert list(question.attempts.values_list("result", "by")) == [("reached", caller.pk)]
    assert question.outcomes.get().by == caller


def test_the_same_call_sent_twice_is_one(station, caller):
    question = silent(station)

    first, second = (call(question, "no_answer", caller) for _ in range(2))

    assert first == second
    assert question.attempts.count() == 1


def test_a_call_passed_to_two_colleagues_from_two_tabs_is_the_firsts(station, caller, colleague):
    question = silent(station)
    other = member(station.district, Role.MANAGER)
    told = {"follow_up": question, "note": "", "number": 1, "by": caller, "now": NOW}

    first, again = (journey.pass_on(to=colleague, **told) for _ in range(2))
    with pytest.raises(CalledMeanwhile):
        journey.pass_on(to=other, **told)

    assert first == again
    assert FollowUp.objects.get(pk=question.pk).caller == colleague


def test_a_page_that_is_behind_is_told_so(station, caller, colleague):
    question = silent(station)
    call(question, "no_answer", caller)

    with pytest.raises(StateChanged):
        answered(question, colleague)

    assert not question.outcomes.exists()


def test_a_call_back_needs_a_time_to_come(station, caller):
    question = silent(station)

    for at in (None, NOW - HOUR):
        with pytest.raises(NoTime):
            call(question, "call_back", caller, call_back_at=at)

    assert not question.attempts.exists()


def test_three_days_without_an_answer_give_the_question_up(station, caller):
    question = silent(station)

    found = []
    for number, at in enumerate([NOW, NOW + HOUR, NOW + DAY, NOW + 2 * DAY], start=1):
        call(question, "no_answer", caller, number=number, now=at)
        found.append(status(question))

    assert found == ["asked", "asked", "asked", "unreachable"]


def test_a_wrong_number_gives_the_question_up(station, caller):
    question = silent(station)

    call(question, "wrong_number", caller)

    assert status(question) == "unreachable"
    assert listed(queue.later, station, NOW + 9 * DAY) == []


def test_who_was_given_up_may_still_answer(station, caller):
    question = silent(station)
    call(question, "wrong_number", caller)

    journey.answer(follow_up=question, kind="looking", source="self", by=None, now=NOW)

    assert status(question) == "answered"


def test_refusing_on_the_telephone_takes_the_consent_back(station, caller):
    question = silent(station)
    FollowUp.objects.create(stay=question.stay, horizon=90, due_on=TODAY + 60 * DAY)

    call(question, "refused", caller)

    assert set(question.stay.follow_ups.values_list("status", flat=True)) == {"declined"}
    with pytest.raises(StateChanged):
        call(question, "no_answer", caller, number=2)


# --- whose call -----------------------------------------------------------------------------------


def test_a_call_is_had_by_one_for_a_quarter_of_an_hour(station, caller, colleague):
    question = silent(station)
    claim.take(follow_up=question, by=caller, now=NOW)

    with pytest.raises(CalledByAnother):
        claim.take(follow_up=question, by=colleague, now=NOW + HOUR / 5)
    claim.take(follow_up=question, by=colleague, now=NOW + HOUR / 4)

    with pytest.raises(CalledByAnother):
        answered(question, caller, now=NOW + HOUR / 4)


def test_a_call_that_came_to_nothing_is_anybodys(station, caller, colleague):
    question = silent(station)

    call(question, "no_answer", caller)

    call(question, "no_answer", colleague, number=2, now=NOW + DAY)


def test_a_call_is_passed_on_with_a_note_for_a_day(station, caller, colleague):
    question = silent(station)

    journey.pass_on(follow_up=question, to=colleague, note="请你来打", number=1, by=caller, now=NOW)

    with pytest.raises(CalledByAnother):
        call(question, "no_answer", caller, number=2, now=NOW + 23 * HOUR)
    answered(question, colleague, number=2, now=NOW + 23 * HOUR)
    assert [one.note for one in question.attempts.order_by("number")] == ["请你来打", None]


def test_a_call_is_passed_to_those_only_who_do_follow_ups_here(station, caller):
    question = silent(station)
    clerk = member(station.district, Role.CLERK, station)
    elsewhere = member(make_district("370829"), Role.MANAGER)

    for to in (clerk, elsewhere):
        with pytest.raises(NotACaller):
            journey.pass_on(follow_up=question, to=to, note="", number=1, by=caller, now=NOW)

    assert not question.attempts.exists()


# --- a paper --------------------------------------------------------------------------------------


def with_paper(question):
    journey.answer(follow_up=question, kind="employed_here", source="self", by=None, now=NOW)
    paper = SimpleUploadedFile("contract.pdf", pdf())
    journey.tell_more(follow_up=question, paper=paper, now=NOW, employer="示例公司")
    return Proof.objects.get(outcome__follow_up=question)


def test_a_paper_counts_once_somebody_has_looked_at_it(
    station, caller, django_capture_on_commit_callbacks
):
    question = silent(station)
    proof = with_paper(question)
    assert question.outcomes.ruling_first().first().level == "self_report"

    with django_capture_on_commit_callbacks(execute=True):
        signed_in(caller).post(f"/follow-ups/proofs/{proof.pk}/judge/", {"shows": "yes"})

    ruling = question.outcomes.ruling_first().first()
    assert (ruling.level, ruling.by, ruling.employer) == ("document", caller, "示例公司")
    assert not Proof.objects.exists()
    assert not proof.file.storage.exists(str(proof.file.name))


def test_a_paper_that_shows_nothing_changes_nothing(station, caller):
    question = silent(station)
    proof = with_paper(question)

    journey.decline_proof(proof=proof, by=caller, now=NOW)

    assert {one.level for one in question.outcomes.all()} == {"self_report"}
    with pytest.raises(StateChanged):
        journey.confirm_proof(proof=proof, by=caller, now=NOW)


def test_a_later_paper_takes_the_place_of_the_former(station):
    question = silent(station)
    former = with_paper(question)

    assert with_paper(question) != former
    assert Proof.objects.count() == 1
