"""A process that promises, extends, shortens and withdraws, killed in the middle of it, many times.

    python -m tests.benchmarks.killed KILLS SEED

Each time a child process of this one does its acts and says over a pipe what has been acknowledged;
after some milliseconds it is killed (SIGKILL). Then nothing may be half-written, and all that was
acknowledged must be there. Prints JSON: how many kills, acts acknowledged, and what was wrong.
"""

import datetime as dt
import json
import os
import signal
import sys
import time
from itertools import count
from random import Random

from tests.benchmarks.site import make_draft

DAY = dt.timedelta(days=1)
PATIENCE = 30  # seconds until a child must have begun


def work(say, seed):
    """Without end: somebody applies, and then extends, shortens or withdraws."""
    from bookings.core.clock import local_date, now
    from bookings.places.models import Station
    from tests import events
    from tests.factories import _numbers

    dice, station, today = Random(seed), Station.objects.get(slug="sample"), local_date(now())
    for _ in range(seed * 30):  # other people than the last child's
        next(_numbers)
    for _ in count():
        sex, ahead = dice.choice(["women", "men"]), dice.randrange(1, 15)
        draft = make_draft(station, sex=sex, arrival=today + ahead * DAY, nights=dice.randint(2, 4))
        for act in ["submit", *dice.sample(["extend", "shorten", "withdraw"], dice.randint(1, 3))]:
            if _did(events, act, draft, now()):
                say(f"{act} {draft.pk}")


def _did(events, act, draft, now):
    """Whether it was done; what is refused (no bed, say) is not."""
    from bookings.core.errors import Refusal

    try:
        if act == "shorten":
            stay = events.stay_of(draft)
            events.shorten(draft, stay.arrival + DAY, now=now)
        else:
            getattr(events, act)(draft, now=now)
    except (Refusal, LookupError):
        return False
    except Exception as error:
        if type(error).__name__ == "DoesNotExist":  # no stay: there was no bed
            return False
        raise
    return True


def kill_one(seed):
    """Let a child work and kill it at a random moment. The acts it had acknowledged."""
    from django.db import connections

    connections.close_all()
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        # a connection of its own: where the parent drives a browser it has another one than the one
        # closed above, and the child would inherit that
        _inherited = connections["default"]  # not closed: that would end the parent's
        connections["default"] = connections.create_connection("default")
        try:
            os.write(told, b"begun\n")
            work(lambda words: os.write(told, f"{words}\n".encode()), seed)
        finally:
            os._exit(1)  # it never ends by itself
    os.close(told)
    with os.fdopen(heard) as lines:
        assert lines.readline() == "begun\n"
        time.sleep(Random(seed).uniform(0.02, 0.4))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, "the child died by itself"
        return [line.split() for line in lines.read().splitlines()]


def wrong(acts):
    """What is half-written in the house, or acknowledged and not there."""
    from bookings import invariants
    from bookings.applications.models import Application

    whole = [
        invariants.one_stay_a_bed_night,
        invariants.one_sex_a_room_night,
        invariants.every_promised_night_has_a_bed,
        invariants.nights_within_the_allowance,
        invariants.a_code_opens_a_stay_once,
        invariants.decisions_replay,
    ]
    for check in whole:
        yield from check()
    yield from _half_written()
    for act, pk in acts:
        application = Application.objects.filter(pk=pk).first()
        if application is None or not _is_there(act, application):
            yield f"{act} of application {pk} was acknowledged and is not there"


def _half_written():
    from bookings.applications.models import Application
    from bookings.beds.models import Stay
    from bookings.core.audit import AuditEntry
    from bookings.messages.models import Message

    for application in Application.objects.exclude(status="draft").select_related("stay"):
        if (application.status == "approved") != (application.stay.status == "promised"):
            yield f"application {application.pk} is not what its stay is"
        if application.nights != application.stay.nights:
            yield f"application {application.pk} has other nights than its stay"
        entries = AuditEntry.objects.filter(subject=f"application:{application.pk}")
        if not entries.filter(action="submit").exists():
            yield f"application {application.pk} is not in the log"
    told = Message.objects.filter(key__startswith="approved").count()
    if told != Stay.objects.count():
        yield f"{Stay.objects.count()} stays were promised, {told} guests were told"


def _is_there(act, application):
    from bookings.core.audit import AuditEntry

    subject = f"application:{application.pk}"
    logged = AuditEntry.objects.filter(subject=subject, action=act).exists()
    return logged and (act != "withdraw" or application.status == "withdrawn")


def kill_many(kills, seed):
    """Kill so many children one after the other, and look after each."""
    from bookings.core import audit

    found, acknowledged = [], 0
    for number in range(kills):
        acts = kill_one(seed + number)
        acknowledged += len(acts)
        found += wrong(acts)
    audit.seal_rest()
    found += audit.verify()
    return {"kills": kills, "acknowledged": acknowledged, "wrong": found}


if __name__ == "__main__":
    import django

    django.setup()
    from bookings.core.clock import local_date, now
    from tests.benchmarks.site import make_house
    from tests.events import submit

    first = make_draft(make_house([4] * 25), sex="women", arrival=local_date(now()), nights=1)
    submit(first, now=now())  # what is loaded once is not loaded by every child
    print(json.dumps(kill_many(int(sys.argv[1]), int(sys.argv[2]))))
