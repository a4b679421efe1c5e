"""The scan page: a USB scanner, which types like a very quick hand; the end of a phone number; a device
whose network goes."""

import datetime as dt
import json

import pytest

from bookings import journey
from bookings.core.clock import now
from bookings.desk.models import Scan
from bookings.invariants import breaches
from bookings.passes.issue import text_of
from tests.e2e.conftest import DESK
from tests.events import own, promise, stay_of
from tests.factories import make_draft, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]


@pytest.fixture
def clerk(visitor, station, noon):
    noon.shift(dt.timedelta(hours=4))  # the desk is open
    clerk = visitor(DESK)
    clerk.is_signed_in("clerk@example.test")
    clerk.open(f"/desk/{station.slug}/scanner/")
    clerk.page.locator("[data-ready]").wait_for()
    return clerk


@pytest.fixture
def drafts(station):
    return [make_draft(make_person(station.district), station) for _ in range(2)]


@pytest.fixture
def shown(drafts):
    return [promise(draft, now=now()) for draft in drafts]


def scan(clerk, text):
    clerk.page.keyboard.type(text, delay=10)
    clerk.page.keyboard.press("Enter")


def verdict(clerk, tone):
    clerk.page.locator(f".verdict--{tone}").wait_for()


def arrive(clerk, text):
    scan(clerk, text)
    clerk.press("证件一致，办理入住")
    clerk.page.locator(".verdict--ok").get_by_text(
        "已办理入住"
    ).wait_for()  # the look was green too
    clerk.page.locator(".bed").wait_for()


def cut(clerk):
    clerk.context.set_offline(True)
    clerk.page.evaluate("dispatchEvent(new Event('online'))")  # it asks at once
    clerk.page.locator("[data-reach=gone]").wait_for()


def join(clerk):
    clerk.context.set_offline(False)
    clerk.page.locator("[data-reach=here]").wait_for()
    clerk.page.locator("[data-part=waiting]").wait_for(state="hidden")


def kept(clerk, what):
    """What the device keeps, as whoever steals it finds it."""
    return clerk.page.evaluate(
        """async (what) => {
        const db = await new Promise((done) => {
            const asked = indexedDB.open("desk");
            asked.onsuccess = () => done(asked.result);
        });
        const rows = await new Promise((done) => {
            const asked = db.transaction(what).objectStore(what).getAll();
            asked.onsuccess = () => done(asked.result);
        });
        return rows.map(({ data, ...rest }) => [new TextDecoder("latin1").decode(data), rest]);
    }""",
        what,
    )


def seen():
    return [one.stay.passes.get().short_code for one in Scan.objects.order_by("pk")]


def test_a_scan_is_taken_wherever_the_focus_was(shown, clerk):
    clerk.page.get_by_role("link", name="前台").focus()

    scan(clerk, shown[0].short_code)

    verdict(clerk, "ok")
    assert seen() == [shown[0].short_code]
    assert clerk.page.locator("#code").evaluate("box => box === document.activeElement")


def test_two_codes_at_once_are_two_scans_in_their_order(shown, clerk):
    clerk.page.keyboard.type(f"{text_of(shown[0])}\n{text_of(shown[1])}\n", delay=1)

    result = clerk.page.locator("[data-part=result]")
    result.get_by_text(own(shown[1].stay.application).reference).wait_for()
    assert seen() == [one.short_code for one in shown]


def test_the_end_of_a_phone_number_finds_the_guest(drafts, shown, clerk):
    scan(clerk, drafts[1].user.phone[-4:])

    verdict(clerk, "ok")
    result = clerk.page.locator("[data-part=result]")
    result.get_by_text(own(drafts[1]).reference).wait_for()
    assert Scan.objects.get().stay == drafts[1].stay


def test_a_guest_arrives_and_leaves_by_one_code(drafts, shown, clerk):
    arrive(clerk, text_of(shown[0]))
    scan(clerk, text_of(shown[0]))
    clerk.press("办理离店")
    clerk.reads("已办理离店")

    assert stay_of(drafts[0]).status == "left"


def test_the_whole_number_is_shown_and_the_look_is_logged(drafts, shown, clerk):
    scan(clerk, shown[0].short_code)
    clerk.press("显示完整号码（会记录）")

    clerk.reads(drafts[0].graduate.doc_number)


def test_without_a_network_it_goes_on_and_sends_all_when_it_is_back(drafts, shown, clerk):
    cut(clerk)

    for one in shown:
        arrive(clerk, text_of(one))
    scan(clerk, text_of(shown[0]))
    clerk.press("办理离店")
    verdict(clerk, "ok")
    assert not Scan.objects.exists()
    join(clerk)

    assert [stay_of(one).status for one in drafts] == ["left", "arrived"]
    assert {*Scan.objects.values_list("offline", flat=True)} == {True}
    assert list(breaches()) == []


def settle(clerk):
    """Until the device has all that it needs to open the page without a server."""
    clerk.page.evaluate("navigator.serviceWorker.ready")
    while not clerk.page.evaluate("caches.match(location.pathname).then(Boolean)"):
        clerk.page.wait_for_timeout(50)
    while not kept(clerk, "lists"):
        clerk.page.wait_for_timeout(50)


def open_again(clerk):
    """As after a crash of the page, without a server."""
    address = clerk.page.url
    clerk.page.close()
    clerk.page = clerk.context.new_page()
    clerk.page.goto(address)
    clerk.page.locator("[data-ready]").wait_for()
    clerk.page.locator("[data-reach=gone]").wait_for()


def test_what_was_done_offline_outlives_the_page_and_opens_without_a_server(drafts, shown, clerk):
    settle(clerk)
    cut(clerk)
    arrive(clerk, text_of(shown[0]))

    open_again(clerk)
    scan(clerk, text_of(shown[0]))
    clerk.page.get_by_role("button", name="办理离店").wait_for()
    join(clerk)

    assert stay_of(drafts[0]).status == "arrived"
    assert Scan.objects.filter(action="arrive").count() == 1


def test_what_the_server_took_is_known_though_no_list_came_after_it(drafts, shown, clerk):
    settle(clerk)
    clerk.page.route("**/api/desk/snapshot*", lambda route: None)  # on its way
    arrive(clerk, text_of(shown[0]))
    for _ in range(600):  # a slow server is told afterwards
        if stay_of(drafts[0]).status == "arrived":
            break
        clerk.page.wait_for_timeout(100)
    clerk.context.set_offline(True)

    open_again(clerk)

    scan(clerk, text_of(shown[0]))
    clerk.page.get_by_role("button", name="办理离店").wait_for()


def test_who_was_cancelled_meanwhile_is_a_conflict(drafts, shown, clerk):
    cut(clerk)
    journey.withdraw(application=own(drafts[0]), by=drafts[0].user, now=now())
    arrive(clerk, text_of(shown[0]))
    join(clerk)

    sent = Scan.objects.get(action="arrive")
    assert (sent.told, sent.reason, sent.conflict.way) == ("ok", "cancelled", "")
    clerk.reads("需要处理")


def test_a_forged_code_is_red_without_a_network_too(shown, clerk):
    token = text_of(shown[0])
    forged = token[:40] + ("A" if token[40] != "A" else "B") + token[41:]
    cut(clerk)

    scan(clerk, forged)

    verdict(clerk, "refused")


def test_the_device_keeps_nothing_that_can_be_read(drafts, shown, clerk):
    lists = kept(clerk, "lists")

    assert len(lists) == 1
    assert own(drafts[0]).reference not in json.dumps(lists)
    clerk.page.get_by_role("button", name="结束").click()
    clerk.page.wait_for_url(lambda address: "/desk/" not in address)


def test_at_the_end_of_a_shift_nothing_of_a_guest_stays(shown, clerk):
    clerk.page.route("**/api/desk/snapshot*", lambda route: None)  # on its way
    arrive(clerk, text_of(shown[0]))

    clerk.page.get_by_role("button", name="结束").click()
    clerk.page.wait_for_url(lambda address: "/desk/" not in address)

    assert kept(clerk, "lists") == kept(clerk, "outbox") == []


def test_the_days_page_works_without_javascript(browser, clerk, shown, station):
    plain = browser.new_context(
        java_script_enabled=False, storage_state=clerk.context.storage_state()
    )
    page = plain.new_page()
    page.goto(clerk.page.url.replace("scanner/", ""))

    page.locator("#code").fill(shown[0].short_code)
    page.locator("#code").press("Enter")

    assert page.locator(".verdict").is_visible()
    plain.close()
