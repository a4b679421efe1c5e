"""Every page, at 360 and 1280 px, in both languages: python .ci/screenshots.py FOLDER [NAME…]

Runs a server of its own on sample data. With NAMEs only the pictures whose names begin so.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

folder = Path(sys.argv[1]).resolve()
wanted = tuple(sys.argv[2:] or [""])
PORT = os.environ.setdefault("PORT", "8765")
var = tempfile.TemporaryDirectory()
os.environ["STATION_VAR"] = var.name
os.environ["SITE_URL"] = f"http://127.0.0.1:{PORT}"
os.environ["DJANGO_SETTINGS_MODULE"] = "station.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from bookings.applications.models import Application  # noqa: E402
from bookings.people.models import User  # noqa: E402
from bookings.retention.follow_up import link  # noqa: E402
from bookings.retention.models import FollowUp  # noqa: E402
from tests.chromium import LAUNCH  # noqa: E402

WIDTHS = {"phone": (360, 740), "desk": (1280, 800)}


def prepare() -> None:
    with open(os.devnull, "w") as nowhere:
        call_command("prepare", demo=True, stdout=nowhere)


def session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def newest(**what: object) -> Application:
    return Application.objects.filter(**what).select_related("user").latest("pk")


def pages() -> dict[str, tuple[User | None, str]]:
    """Name → who looks at which address."""
    staff = {user.email: user for user in User.objects.filter(email__isnull=False)}
    manager = staff["manager@example.test"]
    waiting = newest(status="in_review", evidence__isnull=False)
    promised, refused = newest(stay__status="promised"), newest(status="refused")
    inside, left = newest(stay__status="arrived"), newest(stay__status="left")
    new, _ = User.objects.get_or_create(name="new guest", defaults={"password": "!"})
    question = FollowUp.objects.filter(status="asked").select_related("stay").latest("pk")
    check = "/check/?local=no&has_home=no&degree=bachelor&graduation_date=2025-07-01&purpose="
    return {
        "home": (None, "/"),
        "precheck": (None, "/check/"),
        "precheck-yes": (None, check + "job_seeking"),
        "precheck-no": (None, check + "other"),
        "sign-in": (None, "/accounts/login/code/"),
        "staff-sign-in": (None, "/accounts/login/"),
        "outbox": (None, "/dev/outbox/"),
        "not-found": (None, "/nowhere/"),
        "my-stay-empty": (new, "/me/"),
        "apply-person": (new, "/apply/person/"),
        "apply-stay": (left.user, "/apply/stay/"),
        "my-stay": (left.user, "/me/"),
        "application-in-review": (waiting.user, f"/applications/{waiting.pk}/"),
        "application-promised": (promised.user, f"/applications/{promised.pk}/"),
        "application-refused": (refused.user, f"/applications/{refused.pk}/"),
        "application-arrived": (inside.user, f"/applications/{inside.pk}/"),
        "pass": (promised.user, f"/applications/{promised.pk}/pass/"),
        "review-queue": (manager, "/review/"),
        "review": (manager, f"/review/{waiting.pk}/"),
        "desk-choose": (manager, "/desk/"),
        "desk": (manager, "/desk/sample-east/"),
        "follow-ups": (manager, "/follow-ups/"),
        "follow-up": (manager, f"/follow-ups/{question.pk}/"),
        "statistics": (manager, "/statistics/"),
        "not-allowed": (staff["clerk@example.test"], "/statistics/"),
        "answer": (None, link(question).removeprefix(os.environ["SITE_URL"])),
        "answer-bad-link": (None, "/answer/forged/"),
    }


def shoot(browser: Browser, name: str, user: User | None, path: str) -> None:
    for language in ("zh-hans", "en"):
        for kind, (width, height) in WIDTHS.items():
            picture = f"{name}-{language}-{kind}"
            if not picture.startswith(wanted):
                continue
            context = browser.new_context(viewport={"width": width, "height": height})
            cookies = {settings.LANGUAGE_COOKIE_NAME: language}
            if user:
                cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
            site = os.environ["SITE_URL"]
            context.add_cookies([{"name": k, "value": v, "url": site} for k, v in cookies.items()])
            page = context.new_page()
            page.goto(site + path)
            too_wide(page, picture)
            page.screenshot(path=folder / f"{picture}.png", full_page=True)
            context.close()


def too_wide(page: Page, what: str) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        print(f"{what}: {wide} px too wide")


def serve() -> subprocess.Popen[bytes]:
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "station.wsgi",
            "-b",
            f"127.0.0.1:{PORT}",
            "--threads",
            "4",
        ]
    )
    for _ in range(100):
        try:
            urllib.request.urlopen(os.environ["SITE_URL"])
            return server
        except OSError:
            time.sleep(0.1)
    server.terminate()
    raise SystemExit("the server did not start")


folder.mkdir(parents=True, exist_ok=True)
prepare()
shown = pages()
server = serve()
try:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        for name, (user, path) in shown.items():
            shoot(browser, name, user, path)
finally:
    server.terminate()
    server.wait()
