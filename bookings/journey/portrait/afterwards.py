"""Of the portrait: what was asked and learnt after a stay, and who has looked."""

import datetime as dt
from typing import Any

from django.db.models import Q

from bookings.applications.models import Application
from bookings.core.audit import AuditEntry
from bookings.people.models import Graduate, Membership
from bookings.retention.models import FollowUp, Outcome


def told(moment: dt.datetime | None) -> str | None:
    """An instant as the portrait has it (ISO 8601)."""
    return moment.isoformat() if moment else None


def questions(person: Graduate) -> list[dict[str, Any]]:
    asked = FollowUp.objects.filter(stay__graduate=person).prefetch_related(
        *["outcomes__bureau_list", "bureau_matches", "outcomes__proof", "attempts"]
    )
    return [
        {
            "horizon_days": question.horizon,
            "due_on": question.due_on.isoformat(),
            "status": question.status,
            "outcomes": [_outcome(one) for one in question.outcomes.all()],
            "calls": [
                {"result": one.result, "note": one.note, "at": told(one.at)}
                for one in question.attempts.all()
            ],
            "to_be_confirmed": [
                {"kind": one.kind, "employer": one.employer, "source": "register"}
                for one in question.bureau_matches.all()
            ],
        }
        for question in asked.order_by("due_on")
    ]


def _outcome(outcome: Outcome) -> dict[str, Any]:
    start = outcome.contract_start
    proof = getattr(outcome, "proof", None)
    return {
        "kind": outcome.kind,
        **outcome.details,
        "contract_start": start.isoformat() if start else None,
        "source": outcome.source,
        "evidence": outcome.level,
        "at": told(outcome.at),
        "paper_bytes": proof.size if proof else None,
        "taken_back": bool(outcome.bureau_list and outcome.bureau_list.status == "undone"),
    }


def looks(person: Graduate | None, applications: list[Application]) -> list[dict[str, Any]]:
    """Which of the staff looked at papers, numbers or applications, or corrected who somebody is, by
    role, the newest first."""
    subjects = [f"graduate:{person.pk}"] if person else []
    for application in applications:
        subjects.append(f"application:{application.pk}")
        subjects += [f"evidence:{paper.pk}" for paper in application.evidence.all()]
    seen = Q(action__startswith="look") | Q(action="correct person")
    looked = AuditEntry.objects.filter(seen, subject__in=subjects)
    entries = list(looked.select_related("words").order_by("-at"))
    roles = dict(
        Membership.objects.filter(user__in={entry.by_id for entry in entries}).values_list(
            "user", "role"
        )
    )
    return [
        {
            "at": told(entry.at),
            "what": _what(entry),
            "role": roles.get(entry.by_id or 0, ""),
            "reason": entry.details.get("reason", ""),
            "words": entry.words.text if hasattr(entry, "words") else "",
        }
        for entry in entries
    ]


def _what(entry: AuditEntry) -> str:
    """A key of LOOKED_AT."""
    if entry.action == "correct person":
        named = [field for field in entry.details["fields"] if field != "doc_until"]
        return f"correction of {' and '.join(named)}"
    return entry.action.removeprefix("look at ")
