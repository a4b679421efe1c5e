"""Two desks of one station: what one does, the other's lists show without reloading."""

import re

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests import events
from tests.e2e.conftest import DESK
from tests.factories import make_draft, make_person, resident_number

pytestmark = pytest.mark.django_db(transaction=True)
WITHIN = 15_000  # milliseconds; the page asks every five seconds


@pytest.fixture
def code(station):
    draft = make_draft(make_person(station.district), station, arrival=localdate())
    return events.promise(draft).short_code


@pytest.fixture
def desks(visitor, station, code):
    made = []
    for email in ("clerk@example.test", "manager@example.test"):
        one = visitor(DESK)
        one.is_signed_in(email)
        one.open(f"/desk/{station.slug}/")
        made.append(one)
    return made


def arrive(desk, code):
    desk.page.locator("#code").fill(code)
    desk.page.locator("#code").press("Enter")
    desk.page.locator("[data-act] button").first.click()
    desk.page.locator(".bed").wait_for()


def test_a_guest_who_arrives_at_one_desk_appears_at_the_other(desks, code):
    one, other = desks
    other.page.evaluate("window.here = true")

    arrive(one, code)

    expect(other.page.locator("#lists [href*='/stays/']")).to_have_count(1, timeout=WITHIN)
    expect(other.page.locator("#lists [href$='#later']")).to_have_count(0, timeout=WITHIN)
    assert other.page.evaluate("window.here")  # nothing was loaded anew


def test_what_is_typed_to_find_somebody_is_no_scan_and_outlives_the_news(desks, code):
    one, other = desks
    box = other.page.locator("#q")
    box.press_sequentially("nobody")
    rows = other.page.locator("#lists tbody tr")
    expect(rows.first).to_be_hidden()

    arrive(one, code)

    expect(other.page.locator("#lists [href$='#later']")).to_have_count(0, timeout=WITHIN)
    expect(box).to_have_value("nobody")
    expect(box).to_be_focused()
    expect(rows.first).to_be_hidden()


def test_a_desk_without_a_network_says_so_and_catches_up(desks, code):
    one, other = desks
    when = other.page.locator("[data-when]")
    other.context.set_offline(True)
    said = other.page.locator("[data-day]").get_attribute("data-stale")
    expect(when).to_have_text(said, timeout=WITHIN)
    arrive(one, code)

    other.context.set_offline(False)

    expect(when).to_have_text(re.compile(r"\d\d:\d\d:\d\d$"), timeout=WITHIN)
    expect(other.page.locator("#lists [href$='#later']")).to_have_count(0, timeout=WITHIN)


def test_a_clerk_registers_a_walk_in(desks, station):
    clerk = desks[0]
    clerk.open(f"/desk/{station.slug}/walk-in/")
    clerk.fill(name="测试乙", doc_number=resident_number(), doc_until="2036-05-01")
    clerk.page.get_by_role("combobox", name="搜索").press_sequentially("dcq")
    clerk.page.get_by_role("option", name="北京市 东城区").click()
    clerk.fill(has_home="no", degree="bachelor", university="示例大学")
    clerk.fill(graduation_date="2025-07-01", purpose="job_seeking", nights="2")
    clerk.page.locator("[name=seen][value=degree]").check()
    clerk.fill(committed=True)

    clerk.page.locator("main form .button").last.click()

    clerk.page.wait_for_url(re.compile(r"/walk-in/\d+/"))
    expect(clerk.page.locator(".bed")).to_be_visible()
