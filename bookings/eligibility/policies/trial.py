"""Try a policy out: judge a past period's applications, or a list, by it and by the one in force."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_q.tasks import async_task

from bookings.core.clock import at_local
from bookings.core.errors import Refusal
from bookings.eligibility.decide import load, rules_of
from bookings.eligibility.lists.read import Screened, screen
from bookings.eligibility.models import Decision, Trial
from bookings.eligibility.policies.compare import plain
from bookings.eligibility.policies.tally import Judgement, Tally, judgement
from bookings.people.models import User
from bookings.places.models import Bed, Policy

CHUNK = 1_000
STOPPED = dt.timedelta(minutes=5)  # what has not finished by then never will


class NobodyApplied(Refusal):
    code = "nobody_applied"
    sentence = _("Nobody applied in these days. Choose a longer period.")
    field = "since"


def begin(
    *, policy: Policy, against: Policy, since: dt.date, until: dt.date, by: User, now: dt.datetime
) -> Trial:
    """A trial over the applications sent from `since` to `until`, for the worker. The same one asked
    for again while it runs is the one that runs. Errors: NobodyApplied."""
    total = _first_decisions(policy.district_id, since, until).count()
    if not total:
        raise NobodyApplied
    same: dict[str, Any] = {"policy": policy, "against": against, "since": since, "until": until}
    rules = plain(policy)
    running = Trial.objects.filter(
        finished_at=None, rules=rules, started_at__gt=now - STOPPED, **same
    ).first()
    if running:
        return running
    with transaction.atomic():
        trial = Trial.objects.create(**same, rules=rules, total=total, by=by, started_at=now)
        async_task("bookings.tasks.try_policy", trial.pk)
    return trial


def run(trial: Trial, *, clock: Callable[[], dt.datetime]) -> None:
    """Judge all cases and keep the result; nothing happens to a trial that is finished."""
    if trial.finished_at:
        return
    policy, against = trial.policy, trial.against
    old, new = rules_of(against), rules_of(policy)
    tally = Tally()
    for pk, text in _facts(trial):
        if json.loads(text).get("forgotten"):
            tally.left_out += 1
            continue
        facts = load(text)
        tally.add(
            str(pk),
            judgement(facts, old),
            judgement(facts, new),
            arrival=facts.arrival,
            nights=facts.nights or 0,
        )
    result = {**tally.as_plain(), "beds": _beds(policy.district_id)}
    Trial.objects.filter(pk=trial.pk, finished_at=None).update(
        done=trial.total, finished_at=clock(), rules=plain(policy), result=result
    )


def _facts(trial: Trial) -> Iterator[tuple[int, str]]:
    """Each application with what its first decision was given, a chunk at a time: no reading stays
    open while the progress is written, which SQLite would refuse once others have written."""
    found = _first_decisions(trial.policy.district_id, trial.since, trial.until)
    numbers = list(found.values_list("pk", flat=True))
    for start in range(0, len(numbers), CHUNK):
        chunk = Decision.objects.filter(pk__in=numbers[start : start + CHUNK]).order_by("pk")
        yield from list(chunk.values_list("application_id", "facts"))
        done = min(start + CHUNK, len(numbers))
        Trial.objects.filter(pk=trial.pk).update(done=done)


def over_list(
    *, policy: Policy, against: Policy, upload: UploadedFile, today: dt.date
) -> dict[str, Any]:
    """The same over a list, at once; nothing of it is kept. Errors: those of `screen`."""
    old = screen(upload, rules_of(against), today=today)
    upload.seek(0)
    new = screen(upload, rules_of(policy), today=today)
    tally = Tally()
    for before, after in zip(old.rows, new.rows, strict=True):
        if before.verdict.outcome == "invalid":
            tally.left_out += 1
            continue
        arrival, nights = _stay(old, before.cells)
        tally.add(
            before.verdict.ref,
            Judgement(before.verdict.outcome, frozenset(before.verdict.failed)),
            Judgement(after.verdict.outcome, frozenset(after.verdict.failed)),
            arrival=arrival,
            nights=nights,
        )
    return {**tally.as_plain(), "beds": _beds(policy.district_id)}


def _stay(screened: Screened, cells: list[str]) -> tuple[dt.date | None, int]:
    """The arrival and the nights of a row that has been read without a slip."""
    told = dict(zip(screened.columns, cells, strict=False))
    arrival, nights = told.get("arrival", "").strip(), told.get("nights", "").strip()
    return dt.date.fromisoformat(arrival) if arrival else None, int(nights or 0)


def _first_decisions(district: int, since: dt.date, until: dt.date) -> Any:
    """What the system found when each application was sent."""
    return Decision.objects.filter(
        number=1,
        application__district=district,
        at__gte=at_local(since, dt.time()),
        at__lt=at_local(until + dt.timedelta(days=1), dt.time()),
    ).order_by("pk")


def _beds(district: int) -> int:
    return Bed.objects.filter(room__station__district=district, room__station__is_open=True).count()
