"""The desk's box with a USB scanner, which types like a very quick hand, and without a network."""

import pytest
from django.utils import timezone

from bookings.desk.models import Scan
from tests.e2e.conftest import DESK
from tests.events import promise
from tests.factories import make_draft, make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerk(visitor, station):
    clerk = visitor(DESK)
    clerk.sign_in_as_staff("clerk@example.test")
    clerk.open(f"/desk/{station.slug}/")
    return clerk


@pytest.fixture
def codes(station):
    drafts = [make_draft(make_person(station.district), station) for _ in range(2)]
    return [promise(draft, now=timezone.now()).short_code for draft in drafts]


def scan(clerk, code):
    clerk.page.keyboard.type(code, delay=10)
    clerk.page.keyboard.press("Enter")


def test_a_scan_lands_in_the_box_wherever_the_focus_was(clerk, codes):
    clerk.page.get_by_role("link", name="前台").focus()

    scan(clerk, codes[0])

    clerk.page.locator(".verdict").wait_for()
    assert Scan.objects.get().stay.passes.get().short_code == codes[0]
    assert clerk.page.locator("#code").evaluate("box => box === document.activeElement")


def test_two_scans_at_once_are_two_scans_in_their_order(clerk, codes):
    for code in codes:
        scan(clerk, code)

    clerk.page.locator(".verdict").wait_for()
    clerk.page.wait_for_function("document.querySelectorAll('#result .card').length === 1")
    clerk.page.wait_for_load_state("networkidle")
    seen = [scan.stay.passes.get().short_code for scan in Scan.objects.order_by("pk")]
    assert seen == codes


def test_without_a_network_the_code_stays_in_the_box_and_the_page_says_so(clerk, codes):
    clerk.context.set_offline(True)

    scan(clerk, codes[0])

    clerk.reads("网络断开")
    assert clerk.page.locator("#code").input_value() == codes[0]


def test_the_box_works_without_javascript(browser, clerk, codes):
    plain = browser.new_context(
        java_script_enabled=False, storage_state=clerk.context.storage_state()
    )
    page = plain.new_page()
    page.goto(clerk.page.url)

    page.locator("#code").fill(codes[0])
    page.locator("#code").press("Enter")

    assert page.locator(".verdict").is_visible()
    plain.close()
