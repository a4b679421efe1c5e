"""The audit log: who did what to which thing, when, and why. Rows are added, never changed.

Each entry gets a seal as soon as it is committed: a number without a gap, and a keyed hash over the
entry and the seal before it. Whoever removes or changes an entry breaks the chain (`verify`). An
entry whose process died before sealing it is sealed by the worker (`seal_rest`) within the minute; so
are those of a desk's scans, for which people wait.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from threading import Lock
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from bookings.core.bulk import in_chunks
from bookings.core.crypto import keyed_hash
from bookings.core.prepared import PreparedRow

if TYPE_CHECKING:
    from bookings.people.models import User


DELETING = ("delete", "forget")  # a kind of things whose time is over; a person


class AuditEntry(models.Model):
    """One act. `subject` names the thing (`stay:12`); `details` holds no personal data but, of an act in
    a request, the shortened `network` that it came from."""

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    district = models.ForeignKey(
        "bookings.District", null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=60)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["subject"]),
            models.Index(
                fields=["at"], condition=models.Q(action__in=DELETING), name="what_was_deleted"
            ),
            # the search: newest first, of all, of one member, of one kind
            models.Index(fields=["district", "at", "id"], name="audit_by_day"),
            models.Index(fields=["district", "by", "at", "id"], name="audit_by_member"),
            models.Index(fields=["district", "action", "at", "id"], name="audit_by_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class AuditSeal(models.Model):
    """A link of the chain over the entries."""

    number = models.PositiveBigIntegerField(unique=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")

    def __str__(self) -> str:
        return f"{self.number}"


# asked for the network of the request that is being answered (core/origin.py); empty for the worker
came_from: ContextVar[Callable[[], str]] = ContextVar("came_from", default=str)
ENTRIES = PreparedRow(AuditEntry)
ATTEMPTS = 100
TURN = Lock()
CHUNK = 2000


def record(
    action: str,
    subject: models.Model | str,
    *,
    by: "User | None",
    now: dt.datetime,
    district_id: int | None,
    **details: object,
) -> AuditEntry:
    """Write one entry in the caller's transaction; `by` is None for the worker. `subject` is the thing,
    or the name of a kind of things."""
    entry = record_unsealed(action, subject, by=by, now=now, district_id=district_id, **details)
    transaction.on_commit(lambda: seal(entry), robust=True)
    return entry


def record_unsealed(
    action: str,
    subject: models.Model | str,
    *,
    by: "User | None",
    now: dt.datetime,
    district_id: int | None,
    **details: object,
) -> AuditEntry:
    """The same, and the worker seals it: where people stand and wait."""
    name = subject if isinstance(subject, str) else f"{subject._meta.model_name}:{subject.pk}"
    if network := came_from.get()():
        details["network"] = network
    return ENTRIES.add(
        at=now, by=by, district_id=district_id, action=action, subject=name, details=details
    )


def seal(entry: AuditEntry) -> None:
    """Append a committed entry to the chain. Of two at once, one takes the next number."""
    for _attempt in range(ATTEMPTS):
        if _append([entry]) or AuditSeal.objects.filter(entry=entry).exists():
            return


def seal_rest() -> int:
    """Seal what was committed but not sealed, oldest first. How many."""
    done = 0
    while some := list(AuditEntry.objects.filter(seal=None).order_by("pk")[:CHUNK]):
        done += _append(some)
    return done


def _append(entries: list[AuditEntry]) -> int:
    """Append to the chain; none where somebody else is quicker. Threads of one process take turns, so
    that they do not lose time by trying for the same number."""
    with TURN:
        last = AuditSeal.objects.order_by("-number").values_list("number", "digest").first()
        former, digest = last or (0, "")
        links = []
        for number, entry in enumerate(entries, former + 1):
            digest = _digest(digest, number, entry)
            links.append(AuditSeal(number=number, entry=entry, digest=digest))
        try:
            with transaction.atomic():
                AuditSeal.objects.bulk_create(links)
        except IntegrityError:
            return 0
        return len(links)


def verify() -> Iterator[str]:
    """Walk the chain; each break as a sentence."""
    digest, expected = "", 1
    seals = AuditSeal.objects.order_by("number").iterator(CHUNK)
    for batch in in_chunks(seals, CHUNK):
        entries = AuditEntry.objects.in_bulk([link.entry_id for link in batch])
        for link in batch:
            if link.number != expected:
                yield f"seals {expected} to {link.number - 1} are missing"
            entry = entries.get(link.entry_id)
            if entry is None:
                yield f"seal {link.number}: its entry {link.entry_id} was removed"
            elif link.number == expected and link.digest != _digest(digest, link.number, entry):
                yield f"seal {link.number}: its entry {link.entry_id} ({entry}) was changed"
            digest, expected = link.digest, link.number + 1


def _digest(former: str, number: int, entry: AuditEntry) -> str:
    said = [
        *[former, number, entry.pk, entry.at.astimezone(dt.UTC).isoformat(), entry.by_id],
        *[entry.district_id, entry.action, entry.subject, entry.details],
    ]
    return keyed_hash(json.dumps(said, ensure_ascii=False, sort_keys=True), "audit")
