"""Each page of the site: fits a phone and a desk, passes axe, keeps the security policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command

from tests.e2e.conftest import DESK, PHONE
from tests.e2e.pages import cookies_of, pages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sample(site):
    call_command("seed_demo", verbosity=0)
    return pages()


def problems(page, *, axe):
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    yield from [f"{wide} px too wide"] if wide > 0 else []
    if axe:
        for violation in Axe().run(page).response["violations"]:
            yield f"{violation['id']}: {violation['nodes'][0]['html'][:120]}"


@pytest.mark.parametrize(
    ("viewport", "language", "scheme", "axe"),
    [
        pytest.param(PHONE, "zh-hans", "light", True, id="phone"),
        pytest.param(DESK, "zh-hans", "dark", True, id="desk-dark"),
        pytest.param(PHONE, "en", "light", False, id="phone-english"),
        pytest.param(DESK, "en", "light", False, id="desk-english"),
    ],
)
def test_every_page(visitor, site, sample, viewport, language, scheme, axe):
    found = []
    for name, look in sample.items():
        one = visitor(viewport)
        one.page.emulate_media(color_scheme=scheme)
        one.context.add_cookies(cookies_of(look.user, language, site))
        look.open(one.page, site)
        found += [f"{name}: {problem}" for problem in problems(one.page, axe=axe)]
        one.page.close()

    assert found == []
