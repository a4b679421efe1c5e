"""A site of its own on either engine, for what only separate processes show: races and speed.

`own_site` gives a fresh database; `run` does something there in a process of its own (the functions
below, each printing JSON): python -m tests.benchmarks.site FUNCTION [ARGUMENTS].
"""

import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.timedelta(days=1)


# --- from outside ---------------------------------------------------------------------------------


def engines():
    """Those that can be had here: SQLite, and PostgreSQL where the environment names one."""
    return ["sqlite", *["postgresql"][: os.environ.get("DATABASE_URL", "").startswith("postgres")]]


def own_site(engine, folder, port=8931):
    """The environment of a site with a fresh database."""
    env = {**os.environ, "STATION_VAR": str(folder), "DATABASE_URL": "", "PORT": str(port)}
    env["DJANGO_SETTINGS_MODULE"] = "station.settings"
    if engine == "postgresql":
        env["DATABASE_URL"] = _new_database(f"race_{os.getpid()}_{time.monotonic_ns()}")
    call(env, "manage.py", "prepare")
    return env


def _new_database(name):
    import psycopg

    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(address)._replace(path=f"/{name}").geturl()


def call(env, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments], env=env, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def run(env, *arguments):
    """What a function below prints."""
    told = call(env, "-m", "tests.benchmarks.site", *map(str, arguments))
    return json.loads(told.splitlines()[-1])


def is_whole(env):
    """Whether all invariants hold."""
    arguments = [sys.executable, "manage.py", "check_invariants"]
    return subprocess.run(arguments, env=env, cwd=ROOT, capture_output=True).returncode == 0


@contextlib.contextmanager
def serving(env, application="station.wsgi"):
    """The site behind two processes of eight threads. Its address."""
    address = f"127.0.0.1:{env['PORT']}"
    gunicorn = [sys.executable, "-m", "gunicorn", application, "--bind", address]
    with subprocess.Popen(
        [*gunicorn, "--workers", "2", "--threads", "8", "--no-control-socket"],
        env=env,
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    ) as server:
        try:
            _wait_for(f"http://{address}/healthz")
            yield address
        finally:
            server.terminate()


def _wait_for(url):
    for _ in range(300):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=5).close()
            return
        time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")


# --- inside ---------------------------------------------------------------------------------------


def make_house(rooms, *, sexes=(), slug="sample"):
    """A station with rooms of so many beds, in a district that approves automatically."""
    from bookings.places.models import Bed, District, Room
    from tests.factories import make_district, make_station

    district = District.objects.first() or make_district()
    district.policies.filter(decisions=None).update(review="automatic")
    station = make_station(district, slug=slug, beds=0)
    station.rooms.all().delete()
    for number, beds in enumerate(rooms):
        sex = sexes[number] if sexes else "flexible"
        room = Room.objects.create(station=station, name=f"{number}", sex=sex)
        Bed.objects.bulk_create(Bed(room=room, name=f"{n}") for n in range(beds))
    return station


def make_draft(station, *, sex, arrival, nights):
    from tests import factories

    person = factories.make_person(station.district, sex=sex)
    person.graduation_date = dt.date.today() - 200 * DAY
    person.doc_until = dt.date.today() + 2000 * DAY
    person.save()
    return factories.make_draft(person, station, arrival=arrival, nights=nights)


CASES = {
    # rooms, their sexes, what the n-th guest asks for: sex, days until arrival, nights
    "alike": ([4] * 5, (), lambda n, dice: ("women", 0, 3)),
    "both sexes": ([4] * 5, (), lambda n, dice: (["women", "men"][n % 2], 1, 3)),
    "all kinds": (
        [4] * 5,
        ("women", "men", "flexible", "flexible", "flexible"),
        lambda n, dice: (dice.choice(["women", "men"]), dice.randrange(4), dice.randint(1, 5)),
    ),
}


def drafts(case, count):
    """So many people who have only to sign: their sessions."""
    from bookings.core.clock import local_date, now
    from tests.signed_in import session_of

    rooms, sexes, asks = CASES[case]
    station, dice, told = make_house(rooms, sexes=sexes), Random(1), []
    for number in range(int(count)):
        sex, ahead, nights = asks(number, dice)
        arrival = local_date(now()) + ahead * DAY
        draft = make_draft(station, sex=sex, arrival=arrival, nights=nights)
        told.append(session_of(draft.user))
    return told


def desk(count):
    """A desk with two clerks and so many guests expected today: sessions, applications, codes."""
    from bookings.core.clock import local_date, now
    from bookings.desk.models import Service
    from bookings.passes.issue import text_of
    from bookings.people.models import Role
    from tests import events
    from tests.people.world import member
    from tests.signed_in import session_of

    count = int(count)
    station, told = make_house([4] * (count // 4 + 1)), {"applications": [], "codes": []}
    Service.objects.create(station=station, code="breakfast", name_zh="早餐", name_en="Breakfast")
    for _ in range(count):
        draft = make_draft(station, sex="women", arrival=local_date(now()), nights=2)
        _submit(draft)
        told["applications"].append(draft.pk)
        told["codes"].append(text_of(events.stay_of(draft).passes.get()))
    clerks = [member(station.district, Role.CLERK, station) for _ in range(2)]
    return {**told, "sessions": [session_of(clerk) for clerk in clerks]}


def withdraw(application):
    from bookings import journey
    from bookings.applications.models import Application
    from bookings.core.clock import now

    one = Application.objects.select_related("user").get(pk=application)
    journey.withdraw(application=one, by=one.user, now=now())


def told():
    """What a desk's scans came to."""
    from collections import Counter

    from bookings.desk.conflicts.models import Conflict
    from bookings.desk.models import Redemption, Scan

    found = Counter(Conflict.objects.values_list("scan__reason", flat=True))
    done = Scan.objects.filter(action="arrive", result__in=["ok", "warn"])
    return {
        "arrived": done.count(),
        "redeemed": Redemption.objects.count(),
        "arrivals sent": Scan.objects.filter(action="arrive").count(),
        "conflicts": dict(found),
    }


def outcome():
    """What became of all: sex, arrival, nights as days, and the stay's status, if any."""
    from bookings.applications.models import Application

    wanted = Application.objects.order_by("pk").values_list(
        "graduate__sex", "arrival", "nights", "stay__status"
    )
    return [(sex, day.toordinal(), nights, status) for sex, day, nights, status in wanted]


def rate(count, clients):
    """Promises a second through journey.submit, beside a transaction that only writes the same rows."""
    from bookings.core.clock import local_date, now

    count, clients = int(count), int(clients)
    today = local_date(now())
    floor, house = (make_house([4] * 25, slug=slug) for slug in ("floor", "house"))
    ready = {
        station: [
            make_draft(station, sex=["women", "men"][n % 2], arrival=today + n % 15 * DAY, nights=3)
            for n in range(count)
        ]
        for station in (floor, house)
    }
    _submit(make_draft(house, sex="women", arrival=today, nights=3))  # what is loaded once
    bare = _each(_Bare(floor), ready[floor], clients)
    whole = _each(_submit, ready[house], clients)
    return {"bare": count / bare, "promises": count / whole}


def _each(act, some, clients):
    """The seconds that it takes to do it for all."""
    from django.db import connections

    def one(thing):
        act(thing)
        if clients > 1:
            connections.close_all()

    start = time.perf_counter()
    if clients == 1:
        for thing in some:
            one(thing)
    else:
        with ThreadPoolExecutor(clients) as threads:
            list(threads.map(act, some))
    return time.perf_counter() - start


def _submit(draft):
    from bookings import journey
    from bookings.core.clock import now

    journey.submit(
        application=draft, signature="测试甲", follow_up_consent=True, by=draft.user, now=now()
    )


def count():
    """The seconds in which the worker counts the statistics anew."""
    from bookings import tasks

    start = time.perf_counter()
    tasks.count()
    return time.perf_counter() - start


def manager():
    """The session of the sample manager."""
    from bookings.people.models import User
    from tests.signed_in import session_of

    return session_of(User.objects.get(email="manager@example.test"))


def expected(count, devices):
    """So many guests expected now at one station with a breakfast: their codes; and devices' tokens."""
    from bookings import journey
    from bookings.core.clock import local_date, now
    from bookings.desk.devices import issue_device
    from bookings.passes.models import Pass
    from bookings.places.models import Station
    from tests.events import reviewer

    station = make_house([4] * (int(count) // 4 + 1))
    Station.objects.update(check_in_from=dt.time(0))
    station.services.create(code="breakfast", name_zh="早餐", name_en="Breakfast")
    for _number in range(int(count)):
        draft = make_draft(station, sex="women", arrival=local_date(now()), nights=1)
        journey.submit(
            application=draft, signature="测试甲", follow_up_consent=True, by=draft.user, now=now()
        )
    tokens = [
        issue_device(station=station, name=f"{n}", by=reviewer(), now=now())[1]
        for n in range(int(devices))
    ]
    codes = list(Pass.objects.values_list("short_code", flat=True))
    return {"codes": codes, "tokens": tokens, "at": now().isoformat()}


def desk_outcome():
    """What the scans led to."""
    from bookings.beds.models import Stay
    from bookings.desk.conflicts.models import Conflict
    from bookings.desk.models import Redemption, Scan

    return {
        "scans": Scan.objects.count(),
        "arrived": Stay.objects.filter(status="arrived").count(),
        "redemptions": Redemption.objects.count(),
        "conflicts": Conflict.objects.count(),
        "refused": Scan.objects.filter(result="refused").count(),
    }


class _Bare:
    """The same rows as a promise, written in one transaction without a thought: the beds one after the
    other."""

    def __init__(self, station):
        from threading import Lock

        from bookings.eligibility.models import Decision
        from bookings.places.models import Bed

        beds = Bed.objects.filter(room__station=station)
        self.beds = list(beds.order_by("pk").values_list("pk", "room"))
        self.decision = Decision.objects.latest("pk")
        self.taken, self.turn = {}, Lock()

    def bed(self, draft):
        """The next bed in which nobody sleeps; one room after the other, for one sex each."""
        nights = {draft.arrival + n * DAY for n in range(draft.nights)}
        with self.turn:
            for bed, room in self.beds:
                sex = self.taken.setdefault(room, (draft.graduate.sex, {}))[0]
                slept = self.taken[room][1].setdefault(bed, set())
                if sex == draft.graduate.sex and not slept & nights:
                    slept |= nights
                    return bed, room, sorted(nights)
        raise AssertionError("the house is too small")

    def __call__(self, draft):
        from django.db import transaction
        from django_q.models import OrmQ

        from bookings.applications.models import Application
        from bookings.beds.models import BedNight, RoomNight, Stay
        from bookings.core.audit import AuditEntry, AuditSeal
        from bookings.core.clock import now
        from bookings.core.short_code import short_code
        from bookings.eligibility.models import Decision
        from bookings.messages.models import Message
        from bookings.passes.models import Pass
        from bookings.people.models import Graduate

        bed, room, nights = self.bed(draft)
        moment, like = now(), self.decision
        with transaction.atomic():
            Application.objects.filter(pk=draft.pk).update(
                status="approved",
                signature="测试甲",
                commitment_version="1",
                submitted_at=moment,
                friend_code=short_code(),
            )
            Decision.objects.create(
                application=draft,
                number=1,
                policy=like.policy,
                outcome="approve",
                facts=like.facts,
                findings=like.findings,
                at=moment,
            )
            entry = AuditEntry.objects.create(
                at=moment, by=draft.user, action="submit", subject=f"application:{draft.pk}"
            )
            AuditSeal.objects.create(number=entry.pk + 1_000_000, entry=entry, digest="0" * 64)
            Graduate.objects.filter(pk=draft.graduate_id).update(nights_taken=3, nights_allowed=7)
            stay = Stay.objects.create(
                application=draft,
                graduate=draft.graduate,
                station=draft.station,
                status="promised",
                arrival=nights[0],
                departure=nights[-1] + DAY,
                cutoff_at=moment,
            )
            sex = draft.graduate.sex
            RoomNight.objects.bulk_create(
                [RoomNight(room_id=room, night=night, sex=sex) for night in nights],
                ignore_conflicts=True,
            )
            BedNight.objects.bulk_create(
                BedNight(
                    bed_id=bed,
                    room_id=room,
                    night=night,
                    sex=sex,
                    stay=stay,
                    graduate=draft.graduate,
                )
                for night in nights
            )
            Pass.objects.create(stay=stay, short_code=short_code(), issued_at=moment)
            Message.objects.create(
                user=draft.user,
                key=f"{draft.pk}",
                kind="approved",
                to="x",
                text="x" * 100,
                created_at=moment,
                ready_at=moment,
                next_try_at=moment,
            )
            OrmQ.objects.create(key="floor", payload="x" * 300, lock=moment)


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
