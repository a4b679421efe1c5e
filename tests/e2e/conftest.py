"""A real browser on a real server."""

import os
import re

import pytest
from django.core.cache import cache

from bookings.demo.places import PASSWORD, rencheng, staff, stations
from bookings.people.models import User
from tests.chromium import LAUNCH
from tests.e2e import camera
from tests.e2e.pages import cookies_of

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop runs in the test's thread
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, **LAUNCH}


@pytest.fixture
def site(live_server, settings, noon):
    """The address of the running site."""
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture
def station(site):
    """Rencheng with its stations and staff; the first station, where the clerk works."""
    district = rencheng()
    first, *_ = stations(district)
    staff(district, desk=first)
    return first


class Visitor:
    """One person with a browser window of their own."""

    def __init__(self, browser, site, viewport, language="zh-CN"):
        self.site = site
        self.context = browser.new_context(viewport=viewport, locale=language, base_url=site)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.problems = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message):
        if message.type == "error" and "Content Security Policy" in message.text:
            self.problems.append(message.text)

    def open(self, address):
        return self.page.goto(address)

    def press(self, words):
        """A button or a link of the page's own, by the words on it."""
        main = self.page.get_by_role("main")
        button = main.get_by_role("button", name=words, exact=True)
        button.or_(main.get_by_role("link", name=words, exact=True)).first.click()

    def fill(self, **fields):
        """Fill in fields by their names: a choice by its value, a tick by a truth, all else as one types it."""
        for name, value in fields.items():
            field = self.page.locator(f"[name={name}]")
            kind = field.first.get_attribute("type")
            if kind == "checkbox":
                field.set_checked(value)
            elif kind == "radio":
                self.page.locator(f"[name={name}][value={value}]").check()
            elif field.first.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def reads(self, text):
        """Wait until the page shows a text."""
        self.page.get_by_text(text).first.wait_for()

    def newest_message(self):
        """What the development outbox shows on top, read in another tab."""
        outbox = self.context.new_page()
        outbox.goto("/dev/outbox/")
        text = outbox.locator("article p:last-child").first.inner_text()
        outbox.close()
        return text

    def sign_in_by_phone(self, phone):
        self.open("/accounts/login/code/")
        self.gives_phone(phone)
        self.page.wait_for_url("**/me/")

    def gives_phone(self, phone):
        """Sign in on the page that asks for it, by the code that comes."""
        self.fill(phone=phone)
        self.press("获取验证码")
        self.reads("重新发送验证码")
        self.fill(code=re.search(r"\d{6}", self.newest_message()).group())
        self.press("登录")

    def is_signed_in(self, email):
        """A member of staff who has just signed in: how one does that is another test's subject."""
        user = User.objects.get(email=email)
        self.context.add_cookies(cookies_of(user, "zh-hans", self.site))
        self.open("/after-login/")

    def sign_in_as_staff(self, email):
        cache.clear()  # the limit on attempts is another test's subject
        self.open("/accounts/login/")
        self.fill(login=email, password=PASSWORD)
        self.press("登录")
        self.page.wait_for_url(lambda address: "/accounts/" not in address)


@pytest.fixture
def filming(browser_type, browser_type_launch_args, tmp_path):
    """Start a browser whose camera sees nothing but the given picture."""
    started = []

    def start(picture):
        arguments = [*LAUNCH["args"], *camera.flags(picture, tmp_path / "film.y4m")]
        started.append(browser_type.launch(**{**browser_type_launch_args, "args": arguments}))
        return started[-1]

    yield start
    for browser in started:
        browser.close()


@pytest.fixture
def visitor(browser, site):
    """Make visitors; at the end none of their pages has had an error."""
    made = []

    def make(viewport=PHONE, *, browser=browser):
        made.append(Visitor(browser, site, viewport))
        return made[-1]

    yield make
    if os.environ.get("E2E_SHOTS"):
        for number, one in enumerate(made):
            one.page.screenshot(path=f"{os.environ['E2E_SHOTS']}/{number}.png", full_page=True)
            print(number, one.page.url)
    problems = [problem for one in made for problem in one.problems]
    for one in made:
        one.context.close()
    assert problems == []
