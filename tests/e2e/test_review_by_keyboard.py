"""Twenty cases cleared without touching the mouse."""

import pytest

from tests import events
from tests.e2e.conftest import DESK
from tests.factories import TODAY, make_draft, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]
CASES = 20


@pytest.fixture
def cases(station):
    drafts = [make_draft(make_person(station.district), station, nights=1) for _ in range(CASES)]
    half = CASES // 2  # the house has sixteen beds, eight of them for women
    for number, draft in enumerate(drafts):
        draft.arrival = TODAY.replace(day=TODAY.day + number // (half // 2))
        draft.save()
        events.submit(draft)
    return drafts


def opened(page, draft):
    page.wait_for_url(f"**/review/{draft.pk}/")
    page.wait_for_load_state()


def approve(keys):
    keys.press("a")
    keys.press("Enter")


def refuse(keys):
    keys.press("r")
    keys.press("6")
    keys.press("n")
    keys.type("证书上是另一个人的名字, a r m 5")  # keys do nothing while one writes
    keys.press("Control+Enter")


def ask(keys):
    keys.press("m")
    keys.press("4")
    keys.press("n")
    keys.type("请补充盖章页")
    keys.press("Control+Enter")


def test_twenty_cases_by_keyboard_alone(visitor, cases):
    reviewer = visitor(DESK)
    reviewer.is_signed_in("reviewer@example.test")
    page, keys = reviewer.page, reviewer.page.keyboard
    page.wait_for_url("**/review/")
    page.wait_for_load_state()
    for key in ("?", "Escape", "j", "ArrowDown", "k", "Enter"):
        keys.press(key)

    for number, draft in enumerate(cases):
        opened(page, draft)
        (approve, refuse, ask, approve)[number % 4](keys)
    page.wait_for_url("**/review/")

    states = [events.own(draft).status for draft in cases]
    assert states == ["approved", "refused", "more_asked", "approved"] * (CASES // 4)
    refusal = cases[1].decisions.latest()
    assert refusal.note == "证书上是另一个人的名字, a r m 5"
    assert [f["clause"] for f in refusal.findings if f["outcome"] == "fail"] == ["degree"]
    assert events.own(cases[2]).asked_kinds == ["contract"]


def test_two_digits_name_one_clause_and_keys_can_be_switched_off(visitor, cases):
    reviewer = visitor(DESK)
    reviewer.is_signed_in("reviewer@example.test")
    page, keys = reviewer.page, reviewer.page.keyboard
    reviewer.open(f"/review/{cases[0].pk}/")
    for key in ("r", "1", "1"):
        keys.press(key)
    assert page.locator("input[name=clause]:checked").get_attribute("value") == "overlap"

    keys.press("?")
    page.locator("[data-keys-on]").uncheck()
    keys.press("Escape")
    keys.press("u")

    assert page.url.endswith(f"/review/{cases[0].pk}/")
    page.get_by_role("button", name="快捷键").click()
    page.locator("[data-keys-on]").check()
    keys.press("Escape")
    keys.press("u")
    page.wait_for_url("**/review/")
