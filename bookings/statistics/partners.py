"""Whose posters brought the applicants, and what became of them. Definitions: docs/statistics.md."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from bookings.statistics.decisions import sent
from bookings.statistics.funnel import APPROVED, ARRIVED
from bookings.statistics.scope import Scope


@dataclass(frozen=True)
class Partner:
    """The applications of a period that came by one partner's code; `code` is empty for those that
    came by none."""

    code: str
    name: str
    applied: int
    approved: int
    arrived: int


def partners(scope: Scope) -> list[Partner]:
    """Who brought most comes first; those who came by no code are the last line. One query."""
    rows: Any = sent(scope).values(code=F("channel__code"), name=F("channel__name"))
    counted = rows.annotate(
        applied=Count("pk"),
        approved=Count("pk", filter=Q(APPROVED)),
        arrived=Count("pk", filter=Q(ARRIVED)),
    ).order_by()
    found = [
        Partner(**{**row, "code": row["code"] or "", "name": row["name"] or ""}) for row in counted
    ]
    return sorted(found, key=lambda one: (not one.code, -one.applied, one.code))
