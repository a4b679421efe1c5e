"""The headers that browsers go by, on every kind of answer, as in production."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client

from bookings.applications.models import Evidence
from bookings.applications.paper_address import address as paper_address
from bookings.people.models import User
from tests.people.doors import addresses, below, doors
from tests.people.world import it_is_me

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]
EVERYWHERE = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
WASM = "'wasm-unsafe-eval'"
CAMERA = "camera=(self)"
PASSWORD = "sample-password-1"


@pytest.fixture(autouse=True)
def production(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.LANGUAGE_COOKIE_SECURE = True


def browser(user=None):
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
        it_is_me(client)
    return client


def policy_of(answer):
    """The Content-Security-Policy: its values by directive."""
    directives = [one.split() for one in answer["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in directives}


def lacking(answer):
    """What is not as it should be; `scanner` alone may have WebAssembly and the camera."""
    policy, may = policy_of(answer), answer["Permissions-Policy"]
    wrong = {name for name, value in EVERYWHERE.items() if answer.headers.get(name) != value}
    wrong |= {one for values in policy.values() for one in values if "unsafe" in one}
    wrong |= {CAMERA} & {*may.split(", ")}
    if policy["default-src"] not in (["'self'"], ["'none'"]):
        wrong.add("default-src")
    if policy["frame-ancestors"] != ["'none'"]:
        wrong.add("frame-ancestors")
    return wrong


@pytest.mark.parametrize("who", ["anonymous", "graduate", "clerk", "manager"])
def test_every_page_has_them(who, house):
    client = browser(house.who[who])
    everywhere = [one for one in [*doors(), *below("accounts/")] if one[0] != "account_logout"]

    found = {
        name: wrong
        for name, address in addresses(house.arguments, everywhere)
        if (wrong := lacking(client.get(address, secure=True)))
    }

    assert found == ({"scanner": {WASM, CAMERA}} if who in ("clerk", "manager") else {})


def test_every_kind_of_answer_has_them(house, settings):
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True  # nothing is collected
    one, manager = browser(), browser(house.who["manager"])
    settings.LIMITS = {**settings.LIMITS, "pages": (60, 1, 0)}

    answers = [
        one.get("/nowhere/", secure=True),
        one.head("/static/core/base.css", secure=True),
        one.get("/api/desk/pulse", secure=True),
        one.get("/admin/", secure=True),
        one.put("/", secure=True),
        one.post("/check/", secure=True),
        *(one.get("/check/", secure=True) for _ in range(2)),
        manager.get("/lists/", {"x": "x" * 100}, secure=True),
        manager.post("/desk/sample/act/", {"x": "x" * 2_000_000}, secure=True),
        Client(enforce_csrf_checks=True).post("/language/", secure=True),
        Client(headers={"host": "evil.example"}).get("/", secure=True),
    ]

    statuses = [answer.status_code for answer in answers]
    assert statuses == [404, 200, 401, 302, 405, 405, 200, 429, 200, 400, 403, 400]
    assert [lacking(answer) for answer in answers] == [set()] * len(answers)


def test_a_failure_of_ours_has_them_too(settings):
    settings.ROOT_URLCONF = "tests.hostile.broken_urls"

    answer = browser().get("/", secure=True)

    assert (answer.status_code, lacking(answer)) == (500, set())


def test_a_picture_that_somebody_sent_opens_in_a_sandbox(house):
    paper = Evidence.objects.get(pk=house.arguments["evidence_file"])
    Evidence.objects.filter(pk=paper.pk).update(content_type="image/jpeg")
    owner = house.who["graduate"]

    answer = browser(owner).get(paper_address(paper, owner), secure=True)

    assert policy_of(answer) == {
        "default-src": ["'none'"],
        "sandbox": [],
        "frame-ancestors": ["'none'"],
    }
    assert lacking(answer) == set()


def test_cookies_are_kept_from_scripts_other_sites_and_plain_http():
    user = User.objects.create(email="staff@example.test", password=make_password(PASSWORD))
    client = Client()
    client.get("/accounts/login/", secure=True)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD}, secure=True)
    client.post("/language/", {"language": "en"}, secure=True)

    flags = {
        name: (bool(one["httponly"]), bool(one["secure"]), one["samesite"])
        for name, one in client.cookies.items()
    }

    assert flags == {
        "sessionid": (True, True, "Lax"),
        "csrftoken": (False, True, "Lax"),  # the scan page sends it along
        "django_language": (False, True, "Lax"),
        "messages": (True, True, "Lax"),
    }


@pytest.mark.parametrize("who", ["graduate", "manager"])
def test_looking_at_the_head_alone_changes_nothing(who, house):
    client = browser(house.who[who])

    statuses = {
        client.head(address, secure=True).status_code for _, address in addresses(house.arguments)
    }

    assert statuses <= {200, 302, 403, 404, 405, 410, 503}
