"""Each page of the site: fits a phone and a desk, passes axe, keeps the security policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

from tests.e2e.conftest import DESK, PHONE
from tests.e2e.pages import cookies_of, pages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]
ALL = {"resultTypes": ["violations"], "preload": False}  # no rule of ours reads the style sheets
# what another width and other colours can change
SEEN = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
RULES = {360: ALL, 1280: {**ALL, "runOnly": SEEN}}


@pytest.fixture
def sample(site, settings):
    settings.WECHAT_SIGN_IN = "website"  # its buttons are looked at too
    call_command("seed_demo", verbosity=0)
    return pages()


def too_wide(page):
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{wide} px too wide"] if wide > 0 else []


def violations(page):
    """What axe, which is in the page already, finds."""
    rules = RULES[page.viewport_size["width"]]
    found = page.evaluate("async rules => (await axe.run(document, rules)).violations", rules)
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def test_every_page(visitor, site, sample):
    """Each is opened once in a language, on a phone by day, and then becomes as wide as a desk at
    night. What axe looks at is the same in both languages."""
    one, found = visitor(PHONE), []
    page, axe = one.page, Axe().axe_script
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for name, look in sample.items():
        for language in ("en", "zh-hans"):
            seen_by_axe = language == "zh-hans"
            one.context.clear_cookies()
            one.context.add_cookies(cookies_of(look.user, language, site))
            page.set_viewport_size(PHONE)
            look.open(page, site)
            wrong = too_wide(page)
            if seen_by_axe:
                page.evaluate(axe)
                wrong += violations(page)
                page.emulate_media(color_scheme="dark")
            page.set_viewport_size(DESK)
            wrong += too_wide(page)
            if seen_by_axe:
                wrong += violations(page)
                page.emulate_media(color_scheme="light")
            found += [f"{name} {language}: {problem}" for problem in wrong]

    assert found == []
