"""What happens to a policy: drafted from the one in force, published from a day, taken back, dropped.

A draft is a version without a day. A district has one at most, so that two managers work on the same.
"""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from bookings.core import audit
from bookings.core.clock import local_date
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged
from bookings.eligibility.models import Trial
from bookings.eligibility.policies.compare import plain
from bookings.people.models import User
from bookings.places.models import Policy


class Changed(Refusal):
    code = "policy_changed"
    sentence = _(
        "Somebody else has changed this draft meanwhile. What you typed is still here: compare it "
        "with theirs, and save again."
    )


class DayTaken(Refusal):
    code = "day_taken"
    sentence = _("Another version begins on this day. Choose another day.")
    field = "valid_from"


class DayPast(Refusal):
    code = "day_past"
    sentence = _("Choose tomorrow or a later day: today is decided by the version in force.")
    field = "valid_from"


class AlreadyUsed(Refusal):
    code = "policy_used"
    sentence = _("This version is in force or has decided applications. Draft a new one instead.")


@transaction.atomic
def draft(*, source: Policy, by: User, now: dt.datetime) -> Policy:
    """The district's draft; a copy of `source` where there is none yet."""
    known = Policy.objects.filter(district=source.district_id, valid_from=None).first()
    if known:
        return known
    newest = Policy.objects.filter(district=source.district_id).aggregate(n=Max("version"))["n"]
    copy = Policy.objects.get(pk=source.pk)
    copy.pk, copy.valid_from, copy.version = None, None, newest + 1
    try:
        with transaction.atomic():
            copy.save(force_insert=True)
    except IntegrityError:  # pressed twice, or by two at once
        return Policy.objects.get(district=source.district_id, valid_from=None)
    _note("draft policy", copy, by=by, now=now)
    return copy


@transaction.atomic
def save(
    *, policy: Policy, rules: dict[str, Any], seen: dict[str, Any], by: User, now: dt.datetime
) -> None:
    """Change a draft that is still as it was `seen`. Errors: StateChanged (published or dropped),
    Changed."""
    row = Policy.objects.select_for_update().filter(pk=policy.pk, valid_from=None).first()
    if row is None:
        raise StateChanged
    if plain(row) != seen:
        raise Changed
    for name, value in rules.items():
        setattr(row, name, value)
    row.save()
    _note("save policy", row, by=by, now=now)


@transaction.atomic
def publish(*, policy: Policy, valid_from: dt.date, by: User, now: dt.datetime) -> None:
    """Let a draft be in force from a local day on. Errors: DayPast, DayTaken, StateChanged."""
    if valid_from <= local_date(now):
        raise DayPast
    try:
        with transaction.atomic():
            rows = Policy.objects.filter(pk=policy.pk, valid_from=None)
            if rows.update(valid_from=valid_from) != 1:
                raise StateChanged
    except IntegrityError as error:
        raise DayTaken from error
    _note("publish policy", policy, by=by, now=now, valid_from=valid_from.isoformat())


@transaction.atomic
def take_back(*, policy: Policy, by: User, now: dt.datetime) -> None:
    """Make a published version a draft again, before its day. Errors: AlreadyUsed, StateChanged
    (there is another draft)."""
    if policy.valid_from is None or policy.valid_from <= local_date(now):
        raise AlreadyUsed
    try:
        with transaction.atomic():
            rows = Policy.objects.filter(pk=policy.pk, valid_from=policy.valid_from)
            if rows.update(valid_from=None) != 1:
                raise StateChanged
    except IntegrityError as error:
        raise StateChanged from error
    _note("take policy back", policy, by=by, now=now)


@transaction.atomic
def drop(*, policy: Policy, by: User, now: dt.datetime) -> None:
    """Throw a draft away, with its trials. Errors: StateChanged (it is no draft any more)."""
    row = Policy.objects.select_for_update().filter(pk=policy.pk, valid_from=None).first()
    if row is None:
        raise StateChanged
    _note("drop policy", row, by=by, now=now)
    Trial.objects.filter(policy=row).delete()
    row.delete()


def _note(action: str, policy: Policy, *, by: User, now: dt.datetime, **details: str) -> None:
    audit.record(action, policy, by=by, now=now, district_id=policy.district_id, **details)
