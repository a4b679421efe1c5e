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

from django.core.management import call_command  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from tests.chromium import LAUNCH  # noqa: E402
from tests.e2e.pages import Look, cookies_of, pages  # noqa: E402

WIDTHS = {"phone": (360, 740), "desk": (1280, 800)}


def prepare() -> None:
    with open(os.devnull, "w") as nowhere:
        call_command("prepare", demo=True, stdout=nowhere)


def shoot(browser: Browser, name: str, look: Look) -> None:
    for language in ("zh-hans", "en"):
        for kind, (width, height) in WIDTHS.items():
            picture = f"{name}-{language}-{kind}"
            if not picture.startswith(wanted):
                continue
            context = browser.new_context(viewport={"width": width, "height": height})
            site = os.environ["SITE_URL"]
            context.add_cookies(cookies_of(look.user, language, site))
            page = context.new_page()
            look.open(page, site)
            too_wide(page, picture)
            page.screenshot(path=folder / f"{picture}.png", full_page=True)
            context.close()


def too_wide(page: Page, what: str) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        print(f"{what}: {wide} px too wide")


def serve() -> subprocess.Popen[bytes]:
    bind = f"127.0.0.1:{PORT}"
    gunicorn = [sys.executable, "-m", "gunicorn", "station.wsgi", "--no-control-socket"]
    server = subprocess.Popen([*gunicorn, "--bind", bind, "--threads", "4"])
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
        for name, look in shown.items():
            shoot(browser, name, look)
finally:
    server.terminate()
    server.wait()
