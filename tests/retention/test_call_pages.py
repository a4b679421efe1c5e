"""The pages of the call list: where one begins, what is kept, what is told."""

import pytest

from bookings import journey
from bookings.retention.calls import claim
from tests.factories import NOW, TODAY, make_station
from tests.retention.calling import DAY, HEARD, signed_in, silent, status

pytestmark = pytest.mark.django_db


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


def test_a_slip_does_not_hide_that_the_call_was_recorded_meanwhile(station, caller):
    question = silent(station)
    client = signed_in(caller)
    address, sent = f"/follow-ups/{question.pk}/", {**HEARD, "said": "looking"}
    client.post(address, sent)

    slip = client.post(address, {**sent, "said": ""})
    told = client.post(address, {**sent, "said": "studying"})

    assert [page.context["number"] for page in (slip, told)] == [1, 2]


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
