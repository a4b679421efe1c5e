"""Each page of the site: fits a phone and a desk, passes axe, keeps the security policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

from tests.e2e.conftest import DESK, PHONE
from tests.e2e.pages import cookies_of, pages

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_engine]
ALL = {"resultTypes": ["violations"]}
# what another width and other colours can change
SEEN = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
RULES = {360: ALL, 1280: {**ALL, "runOnly": SEEN}}


@pytest.fixture
def sample(site):
    call_command("seed_demo", verbosity=0)
    return pages()


def problems(page, *, axe):
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    yield from [f"{wide} px too wide"] if wide > 0 else []
    if axe:
        rules = RULES[page.viewport_size["width"]]
        for violation in Axe().run(page, options=rules).response["violations"]:
            yield f"{violation['id']}: {violation['nodes'][0]['html'][:120]}"


def test_every_page(visitor, site, sample):
    """Each is opened once in a language, on a phone by day, and then becomes as wide as a desk at
    night. What axe looks at is the same in both languages."""
    one, found = visitor(PHONE), []
    for name, look in sample.items():
        for language in ("zh-hans", "en"):
            one.context.clear_cookies()
            one.context.add_cookies(cookies_of(look.user, language, site))
            for size, scheme in ((PHONE, "light"), (DESK, "dark")):
                one.page.set_viewport_size(size)
                one.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                if size == PHONE:
                    look.open(one.page, site)
                where = f"{name} {language} {size['width']} px"
                axe = language == "zh-hans"
                found += [f"{where}: {problem}" for problem in problems(one.page, axe=axe)]

    assert found == []
