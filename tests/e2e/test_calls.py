"""Follow-ups worked through by keyboard, and the link answered on a phone."""

import datetime as dt
import time

import pytest

from bookings.retention.follow_up import link
from bookings.retention.models import Attempt, FollowUp
from tests import events
from tests.e2e.conftest import DESK
from tests.factories import NOW, TODAY, make_draft, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]
CALLS = 7
HALF_A_MINUTE = 30  # seconds
DAY = dt.timedelta(days=1)


def asked(station):
    draft = make_draft(make_person(station.district), station, nights=1)
    events.promise(draft)
    return FollowUp.objects.create(
        stay=events.stay_of(draft),
        horizon=30,
        due_on=TODAY,
        status="asked",
        asked_at=NOW - 20 * DAY,
    )


def works(keys):
    keys.press("1")
    keys.press("d")
    keys.type("示例公司 1 n w")  # keys do nothing while one writes
    keys.press("Enter")


def press(*names):
    def pressed(keys):
        for name in names:
            keys.press(name)

    return pressed


HEARD = [
    (works, "reached"),
    (press("4", "Enter"), "reached"),
    (press("n", "Enter"), "no_answer"),
    (press("w", "Enter"), "wrong_number"),
    (press("b", "Enter"), "call_back"),
    (press("r", "Enter"), "refused"),
    (press("u"), None),  # back to the list, this one later
]


def test_a_call_list_by_keyboard_alone(visitor, station):
    questions = [asked(station) for _ in range(CALLS)]
    caller = visitor(DESK)
    caller.is_signed_in("reviewer@example.test")
    page, loads = caller.page, []
    caller.open("/follow-ups/")
    page.locator("main a.button").click()
    page.on("framenavigated", lambda frame: loads.append(frame.url))

    for question, (heard, _result) in zip(questions, HEARD, strict=True):
        page.wait_for_url(f"**/follow-ups/{question.pk}/")
        page.wait_for_load_state()
        heard(page.keyboard)
    page.wait_for_url("**/follow-ups/")

    results = Attempt.objects.order_by("pk").values_list("result", flat=True)
    assert list(results) == [result for _heard, result in HEARD if result]
    assert questions[0].outcomes.get().employer == "示例公司 1 n w"
    assert len(loads) == CALLS  # one page a call


def test_enter_with_nothing_chosen_says_what_is_missing(visitor, station):
    question = asked(station)
    caller = visitor(DESK)
    caller.is_signed_in("reviewer@example.test")
    caller.open(f"/follow-ups/{question.pk}/")

    caller.page.keyboard.press("Enter")

    caller.page.locator("#id_said .error").wait_for()
    caller.page.keyboard.press("n")
    caller.page.keyboard.press("Enter")
    caller.page.wait_for_url("**/follow-ups/")
    assert question.attempts.get().result == "no_answer"


def test_a_note_typed_before_passing_on_goes_with_the_call(visitor, station):
    question = asked(station)
    caller = visitor(DESK)
    caller.is_signed_in("reviewer@example.test")
    caller.open(f"/follow-ups/{question.pk}/")
    page = caller.page

    page.locator("#id_note").fill("请晚上打")
    page.locator("h1").click()
    page.keyboard.press("p")
    page.locator("#id_to").select_option(index=1)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/follow-ups/")

    assert [(one.result, one.note) for one in question.attempts.all()] == [
        ("passed_on", "请晚上打")
    ]


def test_the_link_is_answered_on_a_phone_in_less_than_half_a_minute(visitor, station):
    question = asked(station)
    guest = visitor()
    begun = time.monotonic()

    guest.open(link(question))
    guest.page.locator("button[value=employed_here]").click()
    guest.page.wait_for_url("**/more/")
    guest.fill(employer="示例公司", industry="software")
    guest.page.locator("main details form button").click()
    guest.page.locator("details:not([open])").wait_for()

    assert time.monotonic() - begun < HALF_A_MINUTE
    assert question.outcomes.ruling_first().first().employer == "示例公司"
    assert guest.page.evaluate("document.documentElement.scrollWidth") == 360
