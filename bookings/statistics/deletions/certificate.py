"""A day's deletions as the audit log has them: how many of which kind, of before which day, by which rule.

Nothing is kept for it besides the log, so no certificate can say anything else than the chain.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from bookings.core.audit import DELETING, AuditEntry, AuditSeal
from bookings.places.models import District

KINDS = {
    "papers": _("Papers"),
    "drafts": _("Drafts never sent, with what belonged to them"),
    "lists": _("Lists of the bureau that nobody confirmed"),
    "alerts": _("Wishes to be told of a free bed"),
    "notes": _("Notes between shifts"),
    "messages": _("Messages"),
    "accounts": _("Accounts whose number was never verified"),
    "invitations": _("Invitations"),
    "people": _("People: name, number, telephone, papers"),
    "wishes": _("People at their own wish: the same"),
}
RULES = {
    "KEEP_PAPERS_DAYS": _("papers, after the decision or the stay"),
    "KEEP_DRAFTS_DAYS": _("what was never sent, used or confirmed"),
    "KEEP_MESSAGES_DAYS": _("messages, notes and alerts"),
    "KEEP_IDENTITY_DAYS": _("who somebody was, after the last question"),
    "unverified": _("a number whose code was never entered, after a day"),
    "wish": _("the right of each person to be deleted"),
}


@dataclass(frozen=True)
class Line:
    """Things of one kind that went on a day; `before` is the day before which they had ended."""

    kind: str
    rule: str
    count: int
    before: dt.date | None = None

    @property
    def kind_label(self) -> str:
        return str(KINDS.get(self.kind, self.kind))

    @property
    def rule_label(self) -> str:
        return str(RULES.get(self.rule, self.rule))


@dataclass(frozen=True)
class Certificate:
    """What went on a day (local date) of one district, and of the whole house."""

    district: District
    day: dt.date
    lines: list[Line]

    @cached_property
    def seals(self) -> dict[str, int | None]:
        """The first and the last of the chain's links over it, and how many are not sealed yet."""
        entries = _entries(self.district).filter(day=self.day)
        found: dict[str, int | None] = entries.aggregate(
            first=Min("seal__number"),
            last=Max("seal__number"),
            waiting=Count("pk", filter=Q(seal=None)),
        )
        return found

    @cached_property
    def digest(self) -> str:
        """Of the last link: whoever changes an entry of the day changes it."""
        number = self.seals["last"]
        link = AuditSeal.objects.filter(number=number).first() if number else None
        return link.digest if link else ""


def days(district: District) -> QuerySet[Any]:
    """The days on which something was deleted, the newest first."""
    return _entries(district).values_list("day", flat=True).distinct().order_by("-day")


def certificates(district: District, wanted: list[dt.date]) -> list[Certificate]:
    """Two queries, however many days; a day without deletions has none."""
    entries = _entries(district).filter(day__in=wanted)
    lines: dict[dt.date, list[Line]] = {}
    for entry in entries.filter(action="delete").order_by("pk"):
        told = entry.details
        before = dt.date.fromisoformat(told["before"])
        line = Line(entry.subject, told["rule"], told["count"], before)
        lines.setdefault(entry.day, []).append(line)
    people = entries.filter(action="forget").values("day")
    for row in people.annotate(all=Count("pk"), wishes=Count("by")).order_by("day"):
        due = row["all"] - row["wishes"]
        found = [Line("people", "KEEP_IDENTITY_DAYS", due), Line("wishes", "wish", row["wishes"])]
        lines.setdefault(row["day"], []).extend(line for line in found if line.count)
    return [Certificate(district, day, lines[day]) for day in wanted if day in lines]


def _entries(district: District) -> QuerySet[Any]:
    ours = Q(district=district) | Q(district=None)
    entries = AuditEntry.objects.filter(ours, action__in=DELETING)
    return entries.annotate(day=TruncDate("at"))
