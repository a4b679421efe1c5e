"""An entry as people read it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from bookings.applications.models import Application
from bookings.core.audit import AuditEntry
from bookings.operations.trail.words import ACTIONS, DETAILS, SUBJECTS, VALUES
from bookings.people.models import User


class Shown(NamedTuple):
    entry: AuditEntry
    who: str
    what: str
    subject: str
    why: str
    network: str
    application: int | None  # its number, where the entry is of one


def shown(entry: AuditEntry, staff: set[int]) -> Shown:
    """`staff` are the accounts whose names may be read; a guest is a guest."""
    kind, _colon, number = entry.subject.partition(":")
    is_application = kind == "application"
    named = Application(pk=int(number)).reference if is_application else f"#{number}"
    details = {name: value for name, value in entry.details.items() if name != "network"}
    return Shown(
        entry=entry,
        who=_who(entry.by, staff),
        what=str(ACTIONS.get(entry.action, entry.action)),
        subject=f"{SUBJECTS.get(kind, kind)} {named}",
        why="; ".join(_why(details)),
        network=entry.details.get("network", ""),
        application=int(number) if is_application else None,
    )


def _who(by: User | None, staff: set[int]) -> str:
    if by is None:
        return _("The system")
    return (by.name or by.email or _("Staff")) if by.pk in staff else _("Guest")


def _why(details: dict[str, Any]) -> Iterator[str]:
    """What is known beside the act, but for what was left empty."""
    for name, value in details.items():
        values = value if isinstance(value, list) else [value]
        said = ", ".join(str(VALUES.get(one, one)) for one in map(str, values) if one)
        if said:
            yield f"{DETAILS.get(name, name)}: {said}"
