import datetime as dt

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from bookings import journey
from bookings.core.transitions import StateChanged
from bookings.retention.follow_up import BadEmployerCode, BadLink, OldLink, link, open_link
from bookings.retention.models import FollowUp
from tests import events
from tests.factories import NOW, make_district, make_draft, make_person, make_station

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LATER = NOW + 32 * DAY
EMPLOYER_CODE = "91370811MA0000000Y"


def left(*, consent=True, district=None):
    station = make_station(district or make_district())
    draft = make_draft(make_person(station.district), station)
    events.submit(draft, consent=consent)
    code = events.approve(draft).short_code
    events.scan(station, code)
    events.scan(station, code, "leave", nonce="nonce-2", at=NOW + DAY)
    return FollowUp.objects.get(stay=draft.stay, horizon=30)


def answer(follow_up, **changed):
    told = {"kind": "employed_here", "source": "self", "by": None, "now": LATER, **changed}
    return journey.answer(follow_up=follow_up, **told)


def test_leaving_schedules_a_question_for_each_horizon_of_the_policy():
    left()

    due = FollowUp.objects.order_by("horizon").values_list("horizon", "due_on")
    assert list(due) == [(days, (NOW + (days + 1) * DAY).date()) for days in (30, 90)]


def test_who_does_not_consent_is_never_asked_and_counts_as_declined():
    follow_up = left(consent=False)

    assert not journey.ask(follow_up=follow_up, now=LATER)
    assert follow_up.status == "declined"
    with pytest.raises(StateChanged):
        answer(follow_up)


def test_a_question_is_not_asked_before_its_day():
    assert not journey.ask(follow_up=left(), now=NOW + 30 * DAY)


def test_a_later_answer_stands_beside_the_former():
    follow_up = left()

    answer(follow_up)
    answer(follow_up, kind="elsewhere", now=LATER + DAY)

    assert list(follow_up.outcomes.order_by("at").values_list("kind", flat=True)) == [
        "employed_here",
        "elsewhere",
    ]


def test_a_social_credit_code_with_a_slip_is_refused_and_nothing_is_kept():
    follow_up = left()

    with pytest.raises(BadEmployerCode):
        answer(follow_up, employer_code=EMPLOYER_CODE[:-1] + "1")

    assert not follow_up.outcomes.exists()


def test_a_social_credit_code_is_kept_as_it_is_written_officially():
    outcome = answer(left(), employer_code=f" {EMPLOYER_CODE.lower()} ")

    assert outcome.employer_code == EMPLOYER_CODE


def test_a_link_opens_its_question_and_no_other():
    follow_up = left()

    token = link(follow_up).rstrip("/").rsplit("/", 1)[1]

    assert open_link(token) == follow_up
    with pytest.raises(BadLink):
        open_link(token[:-1] + ("A" if token[-1] != "A" else "B"))


def test_a_link_opens_for_sixty_days():
    token = link(left()).rstrip("/").rsplit("/", 1)[1]

    with time_machine.travel(NOW + 61 * DAY), pytest.raises(OldLink):
        open_link(token)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_bad_link_says_whom_to_call(language):
    make_district()
    client = Client()
    client.cookies["django_language"] = language

    page = client.get("/answer/forged/")

    assert page.status_code == 410
    assert "0537-0000000" in page.content.decode()


def test_one_press_answers_without_signing_in():
    follow_up = left()

    page = Client().post(link(follow_up), {"kind": "employed_here"}, follow=True)

    assert page.redirect_chain[0][0].endswith("/more/")
    assert [one.kind for one in follow_up.outcomes.all()] == ["employed_here"]


def test_the_same_press_twice_is_one_answer():
    follow_up = left()

    for _ in range(2):
        Client().post(link(follow_up), {"kind": "employed_here"})

    assert follow_up.outcomes.count() == 1


def test_more_may_be_told_and_a_slip_keeps_what_was_typed():
    follow_up = left()
    answer(follow_up, now=NOW)
    slip = {"employer": "示例公司", "employer_code": "123", "industry": "software"}
    address = f"{link(follow_up)}more/"

    page = Client().post(address, slip)

    assert page.context["form"]["employer"].value() == "示例公司"
    assert "employer_code" in page.context["form"].errors
    Client().post(address, {**slip, "employer_code": EMPLOYER_CODE, "post": "示例岗位"})
    told = follow_up.outcomes.ruling_first().first()
    assert (told.kind, told.employer, told.post, told.industry) == (
        *("employed_here", "示例公司", "示例岗位", "software"),
    )


def test_pressing_the_answer_again_does_not_take_back_what_was_told():
    follow_up = left()
    answer(follow_up, employer="示例公司")

    answer(follow_up)

    assert follow_up.outcomes.get().employer == "示例公司"


def test_more_is_told_of_an_answer_only():
    follow_up = left()

    page = Client().get(f"{link(follow_up)}more/")

    assert page.url == link(follow_up).removeprefix(settings.SITE_URL)
    with pytest.raises(StateChanged):
        journey.tell_more(follow_up=follow_up, paper=None, now=LATER)


def test_the_link_is_enough_to_be_asked_no_more():
    follow_up = left()

    page = Client().post(f"{link(follow_up)}stop/", follow=True)

    assert page.context["declined"]
    assert set(FollowUp.objects.values_list("status", flat=True)) == {"declined"}
