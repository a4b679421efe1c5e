"""Promises under load: races through the whole web stack, and how fast beds are promised.

Each race starts a site of its own (gunicorn, two processes of eight threads), on SQLite and, where
DATABASE_URL names one, on PostgreSQL.
"""

import http.client
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlencode

import pytest

from tests.benchmarks.feasible import feasible
from tests.benchmarks.site import CASES, engines, is_whole, own_site, run, serving

GUESTS = 64
LEAST = 0.1  # of a transaction that only writes the same rows: what no change may fall below
on_each_engine = pytest.mark.parametrize("engine", engines())


class Guest:
    """A browser with a session, at the page where one signs."""

    def __init__(self, address, session, start):
        self.address, self.start = address, start
        self.cookies = {"sessionid": session, "django_language": "zh-hans"}

    def ask(self, method, body=None):
        connection = http.client.HTTPConnection(self.address, timeout=120)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request(method, "/apply/check/", body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition("=")
            self.cookies[name] = value.partition(";")[0]
        connection.close()
        return answer.status, text

    def sign(self):
        """Open the page, then sign at the same moment as all others. The status."""
        _, page = self.ask("GET")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        signed = {"committed": "on", "signature": "测试甲", "csrfmiddlewaretoken": token}
        self.start.wait()
        return self.ask("POST", urlencode(signed))[0]


def race(env, sessions, application="station.wsgi"):
    """All sign at once. The statuses."""
    start = Barrier(len(sessions), timeout=300)
    with serving(env, application) as address, ThreadPoolExecutor(len(sessions)) as threads:
        return list(threads.map(lambda one: Guest(address, one, start).sign(), sessions))


@on_each_engine
@pytest.mark.parametrize("case", CASES)
def test_sixty_four_sign_at_once_for_twenty_beds(engine, case, tmp_path):
    env = own_site(engine, tmp_path)

    statuses = race(env, run(env, "drafts", case, GUESTS))

    assert {*statuses} <= {200, 302}
    told = run(env, "outcome")
    got = [wish[:3] for wish in told if wish[3] == "promised"]
    lost = [wish[:3] for wish in told if wish[3] != "promised"]
    print(f"\n{engine}, {case}: {len(got)} promised, {len(lost)} told that no bed is free")
    assert statuses.count(302) == len(got)
    rooms, sexes, _ = CASES[case]
    assert feasible(rooms, sexes, got)
    assert not any(feasible(rooms, sexes, [*got, wish]) for wish in {*map(tuple, lost)})
    if case != "all kinds":
        assert len(got) == 20
    assert is_whole(env)


@on_each_engine
def test_control_without_the_lock_guests_get_error_pages(engine, tmp_path):
    env = own_site(engine, tmp_path)

    statuses = race(env, run(env, "drafts", "alike", GUESTS), "tests.benchmarks.unlocked")

    broken = sum(status >= 500 for status in statuses)
    print(f"\n{engine} without the lock: {broken} error pages")
    assert broken or not is_whole(env)


@on_each_engine
@pytest.mark.parametrize("clients", [1, 8])
def test_promises_a_second_beside_bare_rows(engine, clients, tmp_path):
    env = own_site(engine, tmp_path)

    speed = run(env, "rate", 240, clients)

    ratio = speed["promises"] / speed["bare"]
    print(
        f"\n{engine}, {clients} clients: {speed['promises']:.0f} promises a second, "
        f"{ratio:.2f} of {speed['bare']:.0f} bare transactions"
    )
    assert ratio >= LEAST
