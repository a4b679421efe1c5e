"""The statistics' pages with many stays, and the rows behind their numbers: how fast for eight clients, and how large a web process gets.

STAYS says how many (5,000). Each figure stands beside that of a page that counts nothing.
"""

import http.client
import os
import statistics
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.benchmarks.site import call, engines, own_site, run, serving

STAYS = int(os.environ.get("STAYS", 5000))
CLIENTS, ROUNDS = 8, 5
FLOOR = "/statistics/reports/"
PAGES = [
    "/statistics/",
    "/statistics/?horizon=180",
    "/statistics/retention/",
    "/statistics/retention/?by=university&horizon=90",
    "/statistics/retention/?by=station&horizon=180",
    "/statistics/nights/",
    "/statistics/decisions/",
    "/statistics/services/",
    # the rows behind the sums of a year
    *[
        f"/statistics/rows/?of={of}"
        for of in [
            *["applied", "arrived", "stayed_on", "declined", "cohort_stayed", "cohort_silent"],
            *["nights_asked", "nights_promised", "nights_used", "nights_left_early"],
            *["nights_late", "nights_in_time", "expected", "decided", "in_time", "late"],
        ]
    ],
    *[f"/statistics/rows/?of={of}&key=non_local" for of in ("refused", "refused_alone")],
]
TIMES_THE_FLOOR = 8  # no page may take longer, however many stays there are


def seconds(address, session, page):
    start = time.perf_counter()
    connection = http.client.HTTPConnection(address, timeout=120)
    headers = {"Cookie": f"sessionid={session}; django_language=zh-hans"}
    connection.request("GET", page, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 200, (page, answer.status)
    return time.perf_counter() - start


def driven(address, session, page):
    """The milliseconds of each visit, when so many clients visit at once; ascending."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        visits = [clients.submit(seconds, address, session, page) for _ in range(CLIENTS * ROUNDS)]
        return sorted(one.result() * 1000 for one in visits)


def largest_process():
    """The resident megabytes of the largest process of gunicorn, whose workers name themselves."""
    told = subprocess.run(["ps", "-eo", "rss,args"], capture_output=True, text=True, check=True)
    sizes = [int(line.split()[0]) for line in told.stdout.splitlines() if "gunicorn" in line]
    return max(sizes) // 1024


@pytest.mark.parametrize("engine", engines())
def test_every_page_is_quick_with_many_stays(engine, tmp_path):
    env = own_site(engine, tmp_path)
    start = time.perf_counter()
    call(env, "manage.py", "seed_demo", "--stays", str(STAYS))
    loaded = time.perf_counter() - start
    counted = run(env, "count")
    session = run(env, "manager")

    with serving(env) as address:
        for page in [FLOOR, *PAGES]:
            driven(address, session, page)  # each process has loaded what it needs
        figures = {page: driven(address, session, page) for page in [FLOOR, *PAGES]}
        size = largest_process()

    print(
        f"\n{engine}: {STAYS} stays loaded in {loaded:.0f} s, counted in {counted:.1f} s, {size} MB"
    )
    floor = statistics.median(figures[FLOOR])
    for page, visits in figures.items():
        half, most = statistics.median(visits), visits[int(len(visits) * 0.95)]
        print(
            f"  {page:50} p50 {half:5.0f} ms  p95 {most:5.0f} ms  {half / floor:4.1f} × the floor"
        )
    slow = [page for page in PAGES if statistics.median(figures[page]) > TIMES_THE_FLOOR * floor]
    assert not slow
    assert size < 300
