"""What the figures mean, in words: how it stands, and what to do where it does not stand well.

Pure but for the words: plain values in, plain values out, no queries.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.core.sentences import in_a_row
from bookings.operations.checks import House, Latest, Site
from bookings.operations.models import Run
from bookings.operations.runs import LONGEST

OK, WARN, FAIL = "ok", "warn", "fail"
LATE = 15 * 60  # seconds: scheduled work that has waited so long is not being done
FREE_BYTES = 200 * 1024 * 1024
LITTLE_BYTES = 5 * FREE_BYTES
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# kind → how old the last good one may be: a warning from the first, a failure from the second
MAY_BE_OLD = {
    Run.Kind.BACKUP: (26 * HOUR, 3 * DAY),
    Run.Kind.DRILL: (8 * DAY, 31 * DAY),
    Run.Kind.AUDIT: (26 * HOUR, 3 * DAY),
}


@dataclass(frozen=True)
class Verdict:
    """One line of the page. `state` is ok, warn or fail; `todo` is empty where nothing is to be done;
    `page` names the address where it is done, if there is one."""

    code: str
    title: str
    state: str
    says: str
    todo: str = ""
    page: str = ""


def of_site(site: Site, now: dt.datetime) -> list[Verdict]:
    runs = [_of_run(Run.Kind(kind), latest, now) for kind, latest in site.runs.items()]
    people = [_messages(site), _codes(site)]
    return [_worker(site), _queue(site), *people, *runs, _seals(site), _disk(site)]


def of_house(house: House, now: dt.datetime) -> list[Verdict]:
    return list(_of_house(house, now))


def _worker(site: Site) -> Verdict:
    title = _("Worker")
    if site.workers:
        return Verdict("worker", title, OK, _("It runs."))
    todo = _("Whoever runs the site starts it again: python manage.py qcluster.")
    says = _("It does not run: no message goes out, no hold lapses, no backup is made.")
    return Verdict("worker", title, FAIL, says, todo)


def _queue(site: Site) -> Verdict:
    title, age = _("Scheduled work"), max(site.late, site.queue_age)
    tasks = ngettext("%(n)s task waits.", "%(n)s tasks wait.", site.waiting_tasks)
    if age <= LATE:
        return Verdict("queue", title, OK, tasks % {"n": site.waiting_tasks})
    says = _("The oldest work has waited for %(minutes)s minutes.") % {"minutes": int(age // 60)}
    todo = _("See whether the worker runs; if it does, give it more processes (WORKERS).")
    return Verdict("queue", title, FAIL, says, todo)


def _messages(site: Site) -> Verdict:
    title = _("Messages to people")
    if not site.unsent and not site.failed:
        return Verdict("messages", title, OK, _("All have gone out."))
    told = {"unsent": site.unsent, "failed": site.failed}
    says = _("Waiting for over 15 minutes: %(unsent)s. Failed within 7 days: %(failed)s.")
    todo = _("See that the worker runs and the carrier answers. Call people who must know today.")
    state = FAIL if site.failed else WARN
    return Verdict("messages", title, state, says % told, todo, "messages")


def _codes(site: Site) -> Verdict:
    title = _("Sign-in codes")
    if not site.codes_spent:
        return Verdict("codes", title, OK, _("Within the day's budgets."))
    told = {
        "new": _("Today's budget for new numbers is spent: who has never signed in gets no code."),
        "known": _(
            "Today's budget for known guests is spent: who has signed in before gets no code."
        ),
    }
    says = in_a_row(told[who] for who in site.codes_spent)
    todo = _(
        "Is it a rush of real people? Whoever runs the site gives more (CODES_A_DAY_NEW, "
        "CODES_A_DAY_KNOWN). Else let it be: at eight in the morning it begins anew."
    )
    state = FAIL if "known" in site.codes_spent else WARN
    return Verdict("codes", title, state, says, todo)


def _of_run(kind: Run.Kind, latest: Latest, now: dt.datetime) -> Verdict:
    """By what came of the last one, and by the age of the last good one."""
    warn, fail = MAY_BE_OLD[kind]
    title, run, good = str(kind.label), latest.run, latest.good
    age = now - good.started_at if good else None
    says = _("None has gone well yet.")
    if good:
        says = _("The last good one: %(ago)s ago.") % {"ago": timesince(good.started_at, now)}
    killed = run is not None and run.ok is None and now - run.started_at > LONGEST
    if run and (run.ok is False or killed):
        reason = run.get_reason_display() or str(Run.Reason.KILLED.label)
        return Verdict(kind, title, FAIL, f"{reason} {says}", _mend(kind))
    if age is not None and age <= warn:
        return Verdict(kind, title, OK, says)
    todo = _("The worker does it by itself: whoever runs the site sees that it runs.")
    return Verdict(kind, title, FAIL if age and age > fail else WARN, says, todo)


def _mend(kind: Run.Kind) -> str:
    return {
        Run.Kind.BACKUP: _(
            "Whoever runs the site sees that there is room for the backups and their folder can be "
            "written to, and makes one at once: python manage.py drill --backup."
        ),
        Run.Kind.DRILL: _(
            "Whoever runs the site makes a new backup and tries it at once: python manage.py drill "
            "--backup. Keep the older backups until that goes well."
        ),
        Run.Kind.AUDIT: _(
            "Change nothing and keep the backups. Call whoever runs the site: python manage.py "
            "verify_audit names the entry."
        ),
    }[kind]


def _seals(site: Site) -> Verdict:
    title = _("Seals of the audit log")
    if not site.unsealed:
        return Verdict("seals", title, OK, _("Every entry is sealed."))
    says = ngettext(
        "%(n)s entry has waited for its seal for more than 5 minutes.",
        "%(n)s entries have waited for their seal for more than 5 minutes.",
        site.unsealed,
    )
    todo = _("The worker seals every minute: see that it runs.")
    return Verdict("seals", title, WARN, says % {"n": site.unsealed}, todo)


def _disk(site: Site) -> Verdict:
    says = _("%(mb)s MB are free.") % {"mb": site.free // 1024**2}
    if site.free >= LITTLE_BYTES:
        return Verdict("disk", _("Disk"), OK, says)
    todo = _("Make room before it is full: no paper can be uploaded then, and no backup made.")
    return Verdict("disk", _("Disk"), FAIL if site.free < FREE_BYTES else WARN, says, todo)


def _of_house(house: House, now: dt.datetime) -> Iterator[Verdict]:
    yield _counted(
        "reviews",
        _("Reviews"),
        house.reviews_overdue,
        FAIL,
        _("%(n)s past the promised day."),
        _("Decide them first; they are on top of the list."),
        "review_queue",
    )
    yield _counted(
        "register",
        _("Guest register"),
        house.register_overdue,
        FAIL,
        _("%(n)s guests were not reported to the police in time."),
        _("Report them now at the desk, under guest register."),
        "desk",
    )
    yield _desks(house, now)
    yield _conflicts(house, now)
    yield _counted(
        "follow_ups",
        _("Follow-ups"),
        house.follow_ups_overdue,
        WARN,
        _("%(n)s were due two weeks ago and have no answer."),
        _("Call those who did not answer the message."),
        "follow_ups",
    )
    yield _counted(
        "waitlist",
        _("Waitlist"),
        house.undecided,
        WARN,
        _("%(n)s wait because the planner could not decide in time."),
        _("It goes on trying. If it stays so for an hour, look for a bed on the board."),
        "waitlist",
    )


def _counted(
    code: str, title: str, count: int, state: str, says: str, todo: str, page: str
) -> Verdict:
    if not count:
        return Verdict(code, title, OK, _("Nothing is late."))
    return Verdict(code, title, state, says % {"n": count}, todo, page)


def _desks(house: House, now: dt.datetime) -> Verdict:
    title = _("Desks' devices")
    if not house.unseen:
        says = _("%(n)s in use.") % {"n": house.devices}
        return Verdict("devices", title, OK, says)
    says = _(
        "%(unseen)s of %(devices)s not heard of for a day: scans made without a network may wait "
        "there."
    )
    todo = _(
        "Open the scan page on it where there is a network, so that it sends; revoke one that is lost."
    )
    told = {"unseen": house.unseen, "devices": house.devices}
    return Verdict("devices", title, WARN, says % told, todo, "desk")


def _conflicts(house: House, now: dt.datetime) -> Verdict:
    title = _("Told otherwise offline")
    if not house.conflicts or house.oldest_conflict is None:
        return Verdict("conflicts", title, OK, _("Nothing is to be settled."))
    says = ngettext("%(n)s is to be settled.", "%(n)s are to be settled.", house.conflicts)
    todo = _("Settle each with the guest, at the desk.")
    state = FAIL if now - house.oldest_conflict > DAY else WARN
    return Verdict("conflicts", title, state, says % {"n": house.conflicts}, todo, "desk")
