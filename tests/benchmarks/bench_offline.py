"""A desk whose server is killed: fifty arrivals, twenty breakfasts, three guests taken at two desks, one
cancelled meanwhile; and a tab that crashes. Then the server is there again: everything is on it once.
"""

import contextlib
import time

import pytest
from playwright.sync_api import sync_playwright

from tests.benchmarks.site import engines, is_whole, own_site, run, serving
from tests.chromium import LAUNCH

ARRIVALS, BREAKFASTS, TWICE = 50, 20, 3


class Tablet:
    """A browser with a clerk signed in, at the scan page."""

    def __init__(self, browser, address, session):
        self.url = f"http://{address}/desk/sample/scanner/"
        self.context = browser.new_context(locale="zh-CN")
        self.context.add_cookies(
            [{"name": "sessionid", "value": session, "url": f"http://{address}"}]
        )
        self.open()
        while not self.page.evaluate("caches.match(location.pathname).then(Boolean)"):
            time.sleep(0.1)

    def open(self):
        self.page = self.context.new_page()
        self.page.goto(self.url)
        self.page.locator("[data-ready]").wait_for()

    def crash(self):
        with contextlib.suppress(Exception):
            self.page.goto("chrome://crash", timeout=2000)
        self.page.close()
        self.open()

    def is_alone(self):
        self.page.locator("[data-reach=gone]").wait_for()

    def scan(self, code, act):
        """Scan, and press the button that is proposed, by its place."""
        self.page.locator("#code").fill(code)
        self.page.locator("#code").press("Enter")
        self.page.locator(f"[data-part=acts] button >> nth={act}").click()
        self.page.locator("[data-part=acts] button:disabled").first.wait_for(state="detached")

    def has_sent_all(self):
        self.page.locator("[data-reach=here]").wait_for()
        self.page.locator("[data-part=waiting]").wait_for(state="hidden", timeout=60_000)


@pytest.mark.parametrize("engine", engines())
def test_nothing_is_lost_and_each_conflict_is_found(engine, tmp_path):
    env = own_site(engine, tmp_path)
    desk = run(env, "desk", ARRIVALS + TWICE)
    with sync_playwright() as playwright, playwright.chromium.launch(**LAUNCH) as browser:
        with serving(env) as address:
            one, two = (Tablet(browser, address, session) for session in desk["sessions"])
        one.is_alone()
        two.is_alone()
        run(env, "withdraw", desk["applications"][0])
        begun = time.perf_counter()
        for code in desk["codes"][:ARRIVALS]:
            one.scan(code, 0)
        took = (time.perf_counter() - begun) / ARRIVALS
        one.crash()
        for code in desk["codes"][1 : 1 + BREAKFASTS]:
            one.scan(code, 1)
        for code in desk["codes"][1 : 1 + TWICE]:
            two.scan(code, 0)
        with serving(env):
            one.has_sent_all()
            two.has_sent_all()
    told = run(env, "told")

    print(f"\n{engine}: {took * 1000:.0f} ms for a guest, scan to bed; {told}")
    assert told["arrived"] == ARRIVALS - 1
    assert told["redeemed"] == BREAKFASTS
    assert told["arrivals sent"] == ARRIVALS + TWICE
    assert told["conflicts"] == {"cancelled": 1, "already_arrived": TWICE}
    assert is_whole(env)
