"""Sample follow-ups that stayed silent: reminded, called, called back, passed on, given up, answered."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from bookings import journey
from bookings.beds.models import Stay
from bookings.core.bulk import in_chunks
from bookings.core.clock import at_local, local_date
from bookings.demo.papers import sample_paper
from bookings.people.models import User
from bookings.places.models import District
from bookings.retention.follow_up import CALL_DAYS, REMIND_DAYS, reminders_due
from bookings.retention.models import Attempt, FollowUp, Outcome

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
OPEN_CALLS = 24  # the newest; of the others three calls a person came to nothing
LEAVING = ["employed_here", "looking", "employed_here", "employed_city", "studying"]
EMPLOYER = {"employer": "样例机械公司", "post": "工艺员", "industry": "manufacturing"}
CHUNK = 2000
Asked = tuple[int, Any]  # a question that nobody answered, and when it was asked


def calls(district: District, reviewer: User, colleague: User, *, now: dt.datetime) -> None:
    """One of each case, where there are enough questions that nobody answered."""
    people = FollowUp.objects.select_related("stay__graduate", "stay__application__user")
    kept = [people.get(pk=key) for key in went_silent(district, reviewer, now=now)]
    _call(kept, reviewer, now)
    _answer(kept[7:], reviewer, now)
    for question in kept[10:11]:
        note = "对方只说方言，请你来打。"
        journey.pass_on(
            follow_up=question, to=colleague, note=note, number=1, by=reviewer, now=now - HOUR
        )


def went_silent(district: District, reviewer: User, *, now: dt.datetime) -> list[int]:
    """Questions that nobody answered are reminded of and called about in vain, and guests say on leaving
    what comes next. Which questions are still to be called about: the newest."""
    asked = FollowUp.objects.filter(stay__station__district=district, status="asked")
    when = asked.values_list("pk", "asked_at")
    _remind(when.filter(reminded=0), now)
    long_ago = now - (CALL_DAYS + 1) * DAY
    silent = list(when.filter(asked_at__lt=long_ago).order_by("-asked_at", "pk"))
    _give_up(silent[OPEN_CALLS:], reviewer)
    _leaving(district)
    return [key for key, _asked_at in silent[:OPEN_CALLS]]


def _call(kept: list[FollowUp], by: User, now: dt.datetime) -> None:
    soon = {"call_back_at": now + 2 * HOUR, "note": "正在上班"}
    due = {"call_back_at": now - HOUR / 2, "note": "请午休时间打"}
    came: list[tuple[str, dt.datetime, dict[str, Any]]] = [
        ("no_answer", now - DAY, {}),
        ("no_answer", now - DAY, {"note": "响铃后挂断"}),
        ("call_back", now - DAY, due),
        ("call_back", now - HOUR, soon),
        ("no_answer", now - HOUR, {}),
        ("wrong_number", now - HOUR, {}),
        ("refused", now - HOUR, {}),
    ]
    for question, (result, at, more) in zip(kept, came, strict=False):
        journey.call(follow_up=question, result=result, number=1, by=by, now=at, **more)


def _answer(kept: list[FollowUp], by: User, now: dt.datetime) -> None:
    """One learnt on the telephone, two answers by link, one of them with a paper."""
    said = {"kind": "employed_here", "source": "phone", "level": "self_report", **EMPLOYER}
    for question in kept[:1]:
        journey.call(
            follow_up=question, result="reached", number=1, by=by, now=now - HOUR, answer=said
        )
    for question, paper in zip(kept[1:3], (None, sample_paper("contract")), strict=False):
        journey.answer(
            follow_up=question, kind="employed_here", source="self", by=None, now=now - HOUR
        )
        upload = SimpleUploadedFile("contract.png", paper) if paper else None
        journey.tell_more(follow_up=question, paper=upload, now=now - HOUR, **EMPLOYER)


def _remind(asked: Iterable[Asked], now: dt.datetime) -> None:
    times: dict[int, list[int]] = defaultdict(list)
    for key, asked_at in asked:
        last = min(now, asked_at + REMIND_DAYS[-1] * DAY)
        times[reminders_due(asked_at, last)].append(key)
    for reminded, keys in times.items():
        _set(keys, reminded=reminded)


def _set(keys: list[int], **values: object) -> None:
    """All alike: a statement that names a value a row takes PostgreSQL many times as long."""
    for some in in_chunks(keys, CHUNK):
        FollowUp.objects.filter(pk__in=some).update(**values)


def _give_up(silent: list[Asked], by: User) -> None:
    for some in in_chunks(silent, CHUNK):
        Attempt.objects.bulk_create(
            Attempt(
                follow_up_id=key,
                number=number,
                result="no_answer",
                by=by,
                at=at_local(local_date(asked_at) + (CALL_DAYS + number) * DAY, dt.time(11)),
            )
            for key, asked_at in some
            for number in (1, 2, 3)
        )
    _set([key for key, _asked_at in silent], status=FollowUp.Status.UNREACHABLE)


def _leaving(district: District) -> None:
    """Every third guest said on leaving what comes next, at stations where nobody has said so yet."""
    left = Stay.objects.filter(
        station__district=district, status="left", application__follow_up_consent=True
    )
    told = FollowUp.objects.filter(horizon=FollowUp.AT_LEAVING).values("stay__station")
    stays: Any = left.exclude(station__in=told).order_by("pk").values_list("pk", "left_at")
    for some in in_chunks(list(stays)[::3], CHUNK):
        questions = FollowUp.objects.bulk_create(
            FollowUp(
                stay_id=stay,
                horizon=FollowUp.AT_LEAVING,
                due_on=local_date(left_at),
                status="answered",
            )
            for stay, left_at in some
        )
        Outcome.objects.bulk_create(
            Outcome(
                follow_up=question,
                kind=LEAVING[stay % len(LEAVING)],
                source="self",
                level="self_report",
                at=left_at,
            )
            for question, (stay, left_at) in zip(questions, some, strict=True)
        )
