"""Two hundred requests a second from ever so many networks: what a visitor's pages take meanwhile, beside
the same pages without the flood; and, to compare, with the brake off."""

import http.client
import json
import subprocess
import sys
import time

import pytest

from tests.benchmarks.site import ROOT, engines, own_site, run, serving

A_SECOND, SECONDS = 200, 24
SETTLED = 12  # seconds of flood until the brake holds
SLOWEST = 0.5  # seconds, of 95 in 100 of the visitor's pages
OFF = dict.fromkeys(["CODES_TOGETHER", "SIGN_INS_TOGETHER", "PAGES_TOGETHER"], "0")


def visit(address, session, seconds):
    """Page after page, as a person who is signed in and one who is not: the seconds each took."""
    until, took = time.monotonic() + seconds, []
    pages = [("/", ""), ("/accounts/login/code/", ""), ("/me/", f"sessionid={session}")]
    while time.monotonic() < until:
        for path, cookie in pages:
            connection = http.client.HTTPConnection(address, timeout=60)
            start = time.perf_counter()
            headers = {"X-Forwarded-For": "203.0.113.7", "Cookie": cookie}
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            took.append(time.perf_counter() - start)
            connection.close()
            assert answer.status == 200, (path, answer.status)
            time.sleep(0.05)
    return took


def p95(took):
    return sorted(took)[int(len(took) * 0.95)]


def flooded(address, session):
    flood = [sys.executable, "-m", "tests.benchmarks.flood", address, f"{SECONDS}", f"{A_SECOND}"]
    with subprocess.Popen(flood, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        time.sleep(SETTLED)
        took = visit(address, session, SECONDS - SETTLED)
        return p95(took), json.loads(running.communicate()[0])


@pytest.mark.parametrize("engine", engines())
def test_a_visitors_pages_in_a_flood(tmp_path, engine):
    env = {**own_site(engine, tmp_path), "TRUSTED_PROXY_COUNT": "1"}
    (session,) = run(env, "drafts", "alike", 1)
    with serving(env) as address:
        visit(address, session, 1)
        calm = p95(visit(address, session, SECONDS / 3))
        braked, answers = flooded(address, session)
    with serving({**env, **OFF}) as address:
        free, _ = flooded(address, session)

    print(f"\n{engine}: 95 in 100 pages within {calm * 1000:.0f} ms without a flood")
    print(f"  in it {braked * 1000:.0f} ms, {braked / calm:.1f} times as long; {answers}")
    print(f"  with the brake off {free * 1000:.0f} ms, {free / calm:.1f} times as long")
    assert braked < SLOWEST
