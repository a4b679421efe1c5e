"""Scans through the whole web stack: how fast, beside a view that reads and changes one row; and a
hundred devices that come back from a day without the network at the same moment."""

import http.client
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

import pytest

from tests.benchmarks.site import engines, is_whole, own_site, run, serving

CLIENTS, GUESTS = 16, int(os.environ.get("GUESTS", 480))
FIRST = 8  # of each client, not counted: each connection plans its statements once
LEAST = 0.2  # of the bare view's rate, on PostgreSQL: what no change may fall below
SLOWEST = 0.5  # seconds, of 99 in 100 scans, on a machine that also runs the clients
SIZES = {"postgresql": (100, 100), "sqlite": (8, 25)}  # devices, guests
on_each_engine = pytest.mark.parametrize("engine", engines())


class Client:
    """A device with a connection that stays open."""

    def __init__(self, address, token):
        self.connection = http.client.HTTPConnection(address, timeout=900)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.seconds = []

    def post(self, path, body):
        start = time.perf_counter()
        try:
            answer = self._send(path, body)
        except (ConnectionError, http.client.RemoteDisconnected):  # idle for too long
            self.connection.close()
            answer = self._send(path, body)  # a scan sent twice is one scan
        text = answer.read()
        self.seconds.append(time.perf_counter() - start)
        assert answer.status == 200, (answer.status, text[:300])
        return json.loads(text)

    def _send(self, path, body):
        self.connection.request("POST", path, json.dumps(body), self.headers)
        return self.connection.getresponse()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.connection.close()


def scan(at, code, nonce, action="arrive", **more):
    """`at` is the site's own clock: in tests another day is set."""
    return {"code": code, "nonce": nonce, "at": at, "action": action, **more}


def at_once(clients, act):
    """All begin at the same moment; what each got, and the seconds in all."""
    start = Barrier(len(clients) + 1, timeout=900)

    def one(number):
        start.wait()
        return act(number, clients[number])

    with ThreadPoolExecutor(len(clients)) as threads:
        told = [threads.submit(one, number) for number in range(len(clients))]
        start.wait()
        began = time.perf_counter()
        answers = [each.result() for each in told]
        return answers, time.perf_counter() - began


def test_scans_a_second_beside_a_bare_view(tmp_path):
    engine = engines()[-1]
    env = own_site(engine, tmp_path)
    made = run(env, "expected", GUESTS + FIRST * CLIENTS, CLIENTS)
    codes = [made["codes"][n::CLIENTS] for n in range(CLIENTS)]
    with serving(env, "tests.benchmarks.bare") as address, ExitStack() as whole:
        clients = [whole.enter_context(Client(address, token)) for token in made["tokens"]]

        def bare(n, one):
            return [one.post(f"/bare/{n + 1 + k * CLIENTS}/", {}) for k in range(len(codes[n]))]

        def arrivals(nonce, some):
            def arrive(n, one):
                one.seconds.clear()
                return [
                    one.post("/api/desk/scans", scan(made["at"], code, nonce + code))["reason"]
                    for code in some[n]
                ]

            answers, seconds = at_once(clients, arrive)
            return {reason for some in answers for reason in some}, seconds, slow(clients)

        at_once(clients, bare)  # what is only done once
        arrivals("", [mine[len(mine) - FIRST :] for mine in codes])
        codes = [mine[:-FIRST] for mine in codes]
        _, floor = at_once(clients, bare)
        kinds = {"first arrivals": "", "sent again": "", "shown again": "2 "}
        told = {kind: arrivals(nonce, codes) for kind, nonce in kinds.items()}
        _, after = at_once(clients, bare)  # what else the machine does changes meanwhile

    floor = (floor + after) / 2
    print(f"\n{engine}, {CLIENTS} clients, a bare view {GUESTS / floor:.0f} a second")
    for kind, (reasons, seconds, (half, most)) in told.items():
        print(
            f"{kind}: {GUESTS / seconds:.0f} a second, {floor / seconds:.2f} of the bare view; half "
            f"within {half * 1000:.0f} ms, 99 % within {most * 1000:.0f}; {reasons}"
        )
    assert [reasons for reasons, *_ in told.values()] == [{"fine"}, {"fine"}, {"already_arrived"}]
    if engine == "postgresql":
        assert all(floor / seconds >= LEAST for _, seconds, _ in told.values())
        assert all(most < SLOWEST for *_, (_, most) in told.values())


def slow(clients):
    """The seconds within which half, and 99 in 100, were answered."""
    took = sorted(second for one in clients for second in one.seconds)
    return took[len(took) // 2], took[len(took) * 99 // 100]


@on_each_engine
def test_all_devices_come_back_at_once(engine, tmp_path):
    """Each let in every guest and gave each a breakfast: one of each is right, the others are
    conflicts; nothing is lost, nothing is counted twice, and sent again all is as it was."""
    devices, guests = SIZES[engine]
    env = own_site(engine, tmp_path)
    made = run(env, "expected", guests, devices)
    batches = [
        [scan(made["at"], code, f"a{code}", offline=True, told="ok") for code in made["codes"]]
        + [
            scan(
                made["at"], code, f"r{code}", "redeem", offline=True, told="ok", service="breakfast"
            )
            for code in made["codes"]
        ]
        for _ in range(devices)
    ]
    with serving(env) as address, ExitStack() as whole:
        clients = [whole.enter_context(Client(address, token)) for token in made["tokens"]]

        def sync(n, one):
            return one.post("/api/desk/sync", {"scans": batches[n]})["answers"]

        answers, seconds = at_once(clients, sync)
        again, _ = at_once(clients[:4], sync)

    sent = devices * guests * 2
    print(f"\n{engine}: {sent} offline scans of {devices} devices, {sent / seconds:.0f} a second")
    assert [len(some) for some in answers] == [guests * 2] * devices
    verdicts = [[one["reason"] for one in some] for some in answers]
    assert [[one["reason"] for one in some] for some in again] == verdicts[:4]
    assert run(env, "desk_outcome") == {
        "scans": sent,
        "arrived": guests,
        "redemptions": guests,
        "conflicts": sent - 2 * guests,
        "refused": sent - 2 * guests,
    }
    assert is_whole(env)
