"""The whole site under load, killed again and again: gunicorn's processes, the worker's, PostgreSQL's.

    python -m tests.benchmarks.killed_site KILLS SEED

Guests apply, a reviewer approves, a desk scans, a manager uploads lists, the worker sends messages; all
through the site's own doors. What was answered well is put down in a ledger. After the last kill the
worker finishes what is left, and all that is in the ledger must be there, whole. Prints JSON.
"""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from random import Random
from threading import Event, Thread
from urllib.parse import urlencode

from tests.benchmarks.site import ROOT, make_draft, make_house

PATIENCE = 60  # seconds until a part that was started must serve
GONE = (OSError, http.client.HTTPException)


# --- what runs --------------------------------------------------------------------------------------


class Part:
    """A program of the site in a process group of its own."""

    def __init__(self, name, *arguments, log):
        self.name, self.arguments, self.log = name, arguments, log
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, *self.arguments],
            cwd=ROOT,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def pids(self):
        """Of its processes, the first one's not among them."""
        listed = subprocess.run(["ps", "-eo", "pid=,pgid="], capture_output=True, text=True)
        pairs = [map(int, line.split()) for line in listed.stdout.splitlines()]
        return [pid for pid, group in pairs if group == self.process.pid != pid]

    def kill_all(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_one(self, dice):
        if pids := self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(dice.choice(pids), signal.SIGKILL)


def kill_backend(dice):
    """SIGKILL to one of PostgreSQL's processes: it ends all others and recovers."""
    from django.db import connection

    with contextlib.suppress(Exception), connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        pids = [pid for (pid,) in cursor.fetchall()]
        with contextlib.suppress(ProcessLookupError):
            os.kill(dice.choice(pids), signal.SIGKILL)
    connection.close()


# --- the load ---------------------------------------------------------------------------------------


class Browser:
    def __init__(self, address, session="", token=""):
        self.address, self.token = address, token
        self.cookies = {"sessionid": session, "django_language": "en"}

    def ask(self, method, path, body=None, kind="application/x-www-form-urlencoded"):
        """The status, the text and where it leads to. Errors: those of GONE."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        headers |= {"Content-Type": kind} if body else {}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition("=")
            self.cookies[name] = value.partition(";")[0]
        return answer.status, text, answer.headers.get("Location", "")

    def post(self, path, fields, file=None):
        """Open the page, then send its form."""
        _, page, _ = self.ask("GET", path)
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        if not found:
            return 0, ""
        fields = {**fields, "csrfmiddlewaretoken": found[1]}
        if file is None:
            status, _, leads = self.ask("POST", path, urlencode(fields))
        else:
            status, _, leads = self.ask("POST", path, *_multipart(fields, file))
        return status, leads


def _multipart(fields, file):
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="file"; filename="list.csv"'
    parts.append(f"--{mark}\r\n{head}\r\nContent-Type: text/csv\r\n\r\n{file}\r\n--{mark}--\r\n")
    return "".join(parts).encode(), f"multipart/form-data; boundary={mark}"


class Load:
    """Everybody who uses the site, each in a thread; `ledger` holds what was acknowledged."""

    def __init__(self, address, world):
        self.address, self.world, self.over = address, world, Event()
        self.ledger = []
        self.tried = Counter()
        acts = (self._apply, self._review, self._scan, self._import)
        self.threads = [Thread(target=self._go, args=[act]) for act in acts]

    def _go(self, act):
        """Until it is over; who meets a dead site tries again."""
        steps = act()
        while not self.over.is_set():
            try:
                next(steps)
            except StopIteration:
                return
            except Exception as error:
                if not isinstance(error, GONE) and not _is_database(error):
                    raise
                steps = act()
                time.sleep(0.05)

    def goes_on(self):
        """Wait until the site, whatever was killed in it, has acknowledged something again."""
        before, begun = len(self.ledger), time.monotonic()
        while len(self.ledger) == before and time.monotonic() - begun < PATIENCE:
            time.sleep(0.02)

    def _did(self, what, *told):
        self.ledger.append((what, *told))

    def _apply(self):
        while self.world["drafts"]:
            pk, session = self.world["drafts"].pop()
            self.tried["apply"] += 1
            fields = {"committed": "on", "signature": "测试甲", "follow_up_consent": "on"}
            status, leads = Browser(self.address, session).post("/apply/check/", fields)
            if status == 302 and leads == f"/applications/{pk}/":
                self._did("submit", pk)
            yield

    def _review(self):
        from bookings.applications.models import Application

        browser = Browser(self.address, self.world["reviewer"])
        while True:
            waiting = Application.objects.filter(status="in_review").order_by("pk")
            for pk in list(waiting.values_list("pk", flat=True)[:5]):
                self.tried["approve"] += 1
                status, leads = browser.post(f"/review/{pk}/", {"act": "approve", "note": ""})
                if status == 302 and "accounts" not in leads:
                    self._did("approve", pk)
                yield
            time.sleep(0.05)
            yield

    def _scan(self):
        from bookings.core.clock import now
        from bookings.passes.models import Pass

        browser = Browser(self.address, token=self.world["device"])
        while True:
            promised = Pass.objects.filter(revoked_at=None, stay__status="promised")
            for code in list(promised.order_by("pk").values_list("short_code", flat=True)[:5]):
                nonce = uuid.uuid4().hex
                sent = {"code": code, "nonce": nonce, "at": now().isoformat(), "action": "arrive"}
                for _again in range(2):  # as a desk does that is not sure whether it arrived
                    self.tried["scan"] += 1
                    body = json.dumps(sent)
                    try:
                        status, text, _ = browser.ask(
                            "POST", "/api/desk/scans", body, "application/json"
                        )
                    except GONE:
                        continue
                    if status == 200:
                        self._did("scan", nonce, json.loads(text)["result"])
                yield
            time.sleep(0.05)
            yield

    def _import(self):
        browser = Browser(self.address, self.world["manager"])
        number = 0
        while True:
            number += 1
            self.tried["import"] += 1
            rows = (
                "身份证号,单位名称,参保开始日期\n"
                + f",示例公司{uuid.uuid4().hex},2026-01-01\n" * 50
            )
            status, leads = browser.post("/bureau/", {"as_of": self.world["today"]}, rows)
            if status == 302 and re.fullmatch(r"/bureau/\d+/", leads):
                self._did("import", int(leads.split("/")[2]))
            time.sleep(0.5)
            yield


def _is_database(error):
    from django.db import DatabaseError, InterfaceError, connection

    if isinstance(error, DatabaseError | InterfaceError):
        connection.close()
        return True
    return False


def make_world(guests):
    from bookings.core.clock import local_date, now
    from bookings.desk.devices import issue_device
    from bookings.places.models import Policy, Station
    from tests.people.world import member
    from tests.signed_in import session_of

    station = make_house([4] * (guests // 4 + 10))
    Policy.objects.update(review=Policy.Review.REVIEWED)
    Station.objects.update(check_in_from="00:00")
    today = local_date(now())
    drafts = [make_draft(station, sex="women", arrival=today, nights=2) for _ in range(guests)]
    _device, token = issue_device(
        station=station, name="示例平板", by=member(station.district, "manager"), now=now()
    )
    return {
        "drafts": [(draft.pk, session_of(draft.user)) for draft in drafts],
        "reviewer": session_of(member(station.district, "reviewer")),
        "manager": session_of(member(station.district, "manager")),
        "device": token,
        "today": today.isoformat(),
    }


# --- what must be there afterwards --------------------------------------------------------------------


def finish(worker):
    """The worker does what is left: what a dead one had locked is given back at once, not in ten
    minutes."""
    from django_q.models import OrmQ

    from bookings import tasks
    from bookings.core.clock import now
    from bookings.retention.bureau.models import BureauList

    begun = time.monotonic()
    OrmQ.objects.update(lock=now())
    while OrmQ.objects.exists() and time.monotonic() - begun < PATIENCE:
        time.sleep(0.5)
    worker.kill_all()
    BureauList.objects.update(moved_at="2026-01-01T00:00:00Z")
    tasks.deliver_messages()
    tasks.go_on_with_bureau_lists()
    tasks.seal_audit()


def wrong(ledger):
    from bookings.applications.models import Application
    from bookings.core.audit import AuditEntry, verify
    from bookings.desk.models import Scan
    from bookings.invariants import breaches
    from bookings.messages.models import Message
    from bookings.passes.models import Pass
    from bookings.retention.bureau.models import BureauList

    yield from breaches()
    yield from verify()
    logged = set(AuditEntry.objects.values_list("action", "subject"))
    sent = set(Application.objects.exclude(status="draft").values_list("pk", flat=True))
    scans = dict(Scan.objects.values_list("nonce", "result"))
    lists = set(BureauList.objects.values_list("pk", flat=True))
    for what, key, *told in ledger:
        there = {
            "submit": lambda key=key: key in sent and ("submit", f"application:{key}") in logged,
            "approve": lambda key=key: ("approve", f"application:{key}") in logged,
            "scan": lambda key=key, told=told: scans.get(key) == told[0],
            "import": lambda key=key: key in lists,
        }[what]()
        if not there:
            yield f"{what} {key} was acknowledged and is not there"
    for one in Pass.objects.all():
        if not Message.objects.filter(key=f"approved:{one.pk}").exists():
            yield f"the guest of pass {one.pk} was never written to"
    for message in Message.objects.exclude(status="sent"):
        yield f"message {message.key} is {message.status}"
    for one in BureauList.objects.filter(status__in=BureauList.MOVING):
        yield f"list {one.pk} is still being read"


def handed_over(log):
    """How often each message was handed to the carrier, by its key; the log stands for the carrier."""
    return Counter(re.findall(r"message (\S+):", log.read_text(errors="replace")))


def trial(kills, seed, folder):
    from django.db import connection

    dice, world = Random(seed), make_world(kills * 12)
    bind = f"127.0.0.1:{os.environ['PORT']}"
    out = (folder / "site.log").open("ab")
    arguments = ["-m", "gunicorn", "station.wsgi", "--bind", bind, "--no-control-socket"]
    web = Part("web", *arguments, "--workers", "2", "--threads", "4", log=out)
    worker = Part("worker", "manage.py", "qcluster", log=out)
    load = Load(bind, world)
    for thread in load.threads:
        thread.start()
    ways = ["web process", "web", "worker process", "worker"]
    ways += ["database"] * (connection.vendor == "postgresql")
    done = Counter()
    try:
        for _ in range(kills):
            load.goes_on()
            time.sleep(dice.uniform(0.02, 0.4))
            way = dice.choice(ways)
            done[way] += 1
            if way == "database":
                kill_backend(dice)
            part = web if way.startswith("web") else worker
            if way.endswith("process"):
                part.kill_one(dice)
            elif way != "database":
                part.kill_all()
                part.start()
            for one in (web, worker):  # what a dead database took with it
                if one.process.poll() is not None:
                    one.start()
        time.sleep(5)
    finally:
        load.over.set()
        for thread in load.threads:
            thread.join()
        web.kill_all()
    finish(worker)
    told = handed_over(folder / "site.log")
    return {
        "kills": dict(done),
        "acknowledged": dict(Counter(what for what, *_ in load.ledger)),
        "tried": dict(load.tried),
        "messages": len(told),
        "handed over again": sum(count - 1 for count in told.values()),
        "wrong": list(wrong(load.ledger)),
    }


if __name__ == "__main__":
    from pathlib import Path

    import django

    django.setup()
    from django.conf import settings

    print(json.dumps(trial(int(sys.argv[1]), int(sys.argv[2]), Path(settings.VAR_DIR))))
