"""Telephoning those who did not answer: who is on the list, who has the call, what comes of it."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bookings import journey
from bookings.core.transitions import StateChanged
from bookings.journey import CalledMeanwhile, NoTime
from bookings.messages.models import Message
from bookings.people.models import Role, User
from bookings.retention.calls import claim, queue
from bookings.retention.calls.claim import CalledByAnother, NotACaller
from bookings.retention.models import FollowUp, Proof
from tests import events
from tests.factories import NOW, TODAY, make_district, make_draft, make_person, make_station, pdf
from tests.people.world import member

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
SENT = NOW - 20 * DAY
HEARD = {"number": 1, "source": "phone", "level": "self_report"}


@pytest.fixture
def station():
    return make_station(make_district(), beds=9)


@pytest.fixture
def caller(station):
    return member(station.district, Role.REVIEWER)


@pytest.fixture
def colleague(station):
    return member(station.district, Role.MANAGER)


def silent(station, *, horizon=30, due_on=TODAY, asked_at=SENT, status="asked"):
    """A question of a new guest that was sent and not answered."""
    draft = make_draft(make_person(station.district), station)
    events.submit(draft)
    events.approve(draft)
    return FollowUp.objects.create(
        stay=events.stay_of(draft), horizon=horizon, due_on=due_on, status=status, asked_at=asked_at
    )


def call(question, result, by, *, number=1, now=NOW, **more):
    question = FollowUp.objects.get(pk=question.pk)
    return journey.call(follow_up=question, result=result, number=number, by=by, now=now, **more)


def answered(question, by, *, number=1, **more):
    answer = {"kind": "employed_here", "source": "phone", "level": "self_report"}
    return call(question, "reached", by, number=number, answer=answer, **more)


def status(question):
    return FollowUp.objects.get(pk=question.pk).status


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


LOOKING = {**HEARD, "said": "looking", "note": "下周面试"}


@pytest.mark.parametrize(
    "other",
    [
        {"said": "employed_here"},
        {"note": "明天入职"},
        {"employer": "示例公司"},
        {"said": "no_answer"},
    ],
)
def test_another_answer_from_a_second_tab_is_told_and_kept_on_the_page(station, caller, other):
    question = silent(station)
    client = signed_in(caller)
    client.post(f"/follow-ups/{question.pk}/", LOOKING)

    page = client.post(f"/follow-ups/{question.pk}/", {**LOOKING, **other})

    (told,) = page.context["form"].non_field_errors()
    assert told.startswith(f"{caller} 已记录此次通话：已接通。")
    assert {name: page.context["call"][name].value() for name in other} == other
    assert (question.attempts.count(), question.outcomes.count()) == (1, 1)


@pytest.mark.parametrize(
    "sent",
    [
        LOOKING,
        {
            **LOOKING,
            "said": "employed_here",
            "employer": "示例公司",
            "contract_start": "2026-11-02",
        },
        {**LOOKING, "said": "call_back", "call_back_at": "2026-11-25T10:00"},
        {**LOOKING, "said": "wrong_number"},
    ],
)
def test_the_same_press_twice_is_one_call_and_kept(station, caller, sent):
    question = silent(station)
    client = signed_in(caller)

    first, second = (client.post(f"/follow-ups/{question.pk}/", sent) for _ in range(2))

    assert first.url == second.url == "/follow-ups/"
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


def test_a_call_back_is_at_most_as_far_ahead_as_a_link_is_good(station, caller):
    question = silent(station)
    client = signed_in(caller)

    sent = {**HEARD, "said": "call_back", "call_back_at": "2027-01-23T00:00"}
    page = client.post(f"/follow-ups/{question.pk}/", sent)
    told = page.context["form"].errors["call_back_at"]
    client.post(f"/follow-ups/{question.pk}/", {**sent, "call_back_at": "2027-01-22T23:59"})

    assert told == ["回电时间最晚为 2027-01-22：再晚，这次回访就过时了。"]
    page = client.get(f"/follow-ups/{question.pk}/")
    assert "回电 2027-01-22 23:59" in page.content.decode()


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


# --- the pages ------------------------------------------------------------------------------------


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_after_a_call_the_next_one_opens(station, caller):
    first, second = (silent(station, due_on=TODAY - days * DAY) for days in (2, 1))
    client = signed_in(caller)

    page = client.post(f"/follow-ups/{first.pk}/?horizon=30", {**HEARD, "said": "looking"})
    assert page.url == f"/follow-ups/{second.pk}/?horizon=30"
    page = client.post(page.url, {**HEARD, "said": "no_answer"})

    assert page.url == "/follow-ups/?horizon=30"
    assert (status(first), status(second)) == ("answered", "asked")


def test_one_begins_with_the_first_call_that_no_colleague_has(station, caller, colleague):
    taken, passed, free = (silent(station, due_on=TODAY - days * DAY) for days in (3, 2, 1))
    claim.take(follow_up=taken, by=colleague, now=NOW)
    journey.pass_on(follow_up=passed, to=colleague, note="", number=1, by=caller, now=NOW)
    mine, theirs = (signed_in(one).get("/follow-ups/") for one in (caller, colleague))

    assert [page.context["first"] for page in (mine, theirs)] == [free.pk, taken.pk]


def test_where_colleagues_have_every_call_the_list_says_so(station, caller, colleague):
    claim.take(follow_up=silent(station), by=colleague, now=NOW)

    page = signed_in(caller).get("/follow-ups/")

    assert page.context["first"] is None
    assert "此列表中的电话目前都由同事负责。" in page.content.decode()


def test_the_list_the_call_and_what_is_kept_give_one_count(station, caller, colleague):
    first, _second, taken = (silent(station, due_on=TODAY - days * DAY) for days in (3, 2, 1))
    claim.take(follow_up=taken, by=colleague, now=NOW)
    client = signed_in(caller)
    counts = [
        client.get(path).context["left"] for path in ("/follow-ups/", f"/follow-ups/{first.pk}/")
    ]

    sent = {**HEARD, "said": "looking"}
    page = client.post(f"/follow-ups/{first.pk}/", sent, follow=True)

    assert counts == [3, 3]
    assert page.context["left"] == 2
    assert [str(one) for one in page.context["messages"]] == ["已保存，还有 2 个。"]


@pytest.mark.parametrize("sent", [{"said": "looking"}, {"said": ""}, {"act": "pass"}])
def test_who_saves_after_the_guest_declined_is_told_and_led_to_the_next_call(station, caller, sent):
    question, following = (silent(station, due_on=TODAY - days * DAY) for days in (2, 1))
    person = question.stay.graduate
    journey.withdraw_consent(person=person, by=person.user, now=NOW)

    page = signed_in(caller).post(f"/follow-ups/{question.pk}/?horizon=30", {**HEARD, **sent})

    text = page.content.decode()
    assert "住客刚刚表示不希望再接到电话。" in text
    assert f"/follow-ups/{following.pk}/?horizon=30" in text
    assert person.name not in text
    assert (question.attempts.count(), question.outcomes.count()) == (0, 0)


def test_a_guest_who_declines_while_the_call_is_saved_is_not_asked(station, caller, monkeypatch):
    question = silent(station)
    person = question.stay.graduate
    take = claim.take

    def declined_first(**told):
        journey.withdraw_consent(person=person, by=person.user, now=NOW)
        take(**told)

    monkeypatch.setattr(claim, "take", declined_first)
    page = signed_in(caller).post(f"/follow-ups/{question.pk}/", {**HEARD, "said": "looking"})

    assert "住客刚刚表示不希望再接到电话。" in page.content.decode()
    assert not question.attempts.exists()


def test_a_refusal_on_the_telephone_pressed_twice_is_kept(station, caller):
    question = silent(station)
    client = signed_in(caller)

    pages = [
        client.post(f"/follow-ups/{question.pk}/", {**HEARD, "said": "refused"}) for _ in range(2)
    ]

    assert [page.status_code for page in pages] == [302, 302]
    assert question.attempts.count() == 1


def test_who_has_not_the_call_does_not_see_the_number(station, caller, colleague):
    question = silent(station)
    claim.take(follow_up=question, by=colleague, now=NOW)

    page = signed_in(caller).get(f"/follow-ups/{question.pk}/")

    assert page.context["taken"]
    assert not page.context["phone"]
    assert question.stay.application.user.phone not in page.content.decode()


def test_a_call_passed_on_is_said_to_be_with_the_day_it_ends(station, caller, colleague):
    question = silent(station)
    journey.pass_on(follow_up=question, to=colleague, note="", number=1, by=caller, now=NOW)

    page = signed_in(caller).get(f"/follow-ups/{question.pk}/")

    assert page.context["taken"].startswith(f"此电话已转交给 {colleague}，11-24 12:00 前")


def test_a_call_opened_after_it_was_passed_on_in_vain_is_at_hand(station, caller, colleague):
    question = silent(station)
    journey.pass_on(follow_up=question, to=colleague, note="", number=1, by=caller, now=NOW - DAY)
    claim.take(follow_up=question, by=colleague, now=NOW)

    page = signed_in(caller).get(f"/follow-ups/{question.pk}/")

    assert page.context["taken"].startswith(f"{colleague} 正在拨打此电话，至 12:15 止。")


def test_what_was_noted_goes_with_a_call_that_is_passed_on(station, caller, colleague):
    question = silent(station)
    client = signed_in(caller)
    sent = {**HEARD, "act": "pass", "said": "", "note": "请晚上打", "employer": "示例公司"}

    page = client.post(f"/follow-ups/{question.pk}/", sent)
    kept = [page.context["call"][name].value() for name in ("note", "employer")]
    client.post(f"/follow-ups/{question.pk}/", {**sent, "to": colleague.pk})

    assert "to" in page.context["form"].errors
    assert kept == ["请晚上打", "示例公司"]
    assert question.attempts.get().note == "请晚上打"


def test_a_slip_keeps_what_was_typed(station, caller):
    question = silent(station)
    slip = {**HEARD, "said": "employed_here", "employer": "示例公司", "employer_code": "123"}

    page = signed_in(caller).post(f"/follow-ups/{question.pk}/", slip)

    assert "employer_code" in page.context["form"].errors
    assert page.context["form"]["employer"].value() == "示例公司"
    assert not question.attempts.exists()


def test_the_list_is_narrowed_by_horizon_station_and_hand(station, caller):
    other = make_station(station.district, slug="other", beds=9)
    here, there = silent(station), silent(other, horizon=90)
    claim.take(follow_up=here, by=caller, now=NOW)
    client = signed_in(caller)

    found = [
        client.get(f"/follow-ups/?{query}").context["follow_ups"]
        for query in (f"station={other.pk}", "horizon=30", "mine=on", "station=nonsense")
    ]

    assert [list(one) for one in found] == [[there], [here], [here], [here, there]]


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
