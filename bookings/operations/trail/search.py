"""Find entries of a district: the newest first, a page at a time by keyset, so that the last page is as
quick as the first however long the log."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet

from bookings.applications.models import Application
from bookings.core.audit import AuditEntry
from bookings.core.clock import at_local
from bookings.operations.trail.words import GROUPS
from bookings.people.models import User
from bookings.places.models import District

ROWS = 50
GUESTS, WORKER = "guests", "worker"
REFERENCE = re.compile(r"A?0*([0-9]{1,15})", re.IGNORECASE)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """What to look for: `who` is a user's number, GUESTS or WORKER; `what` an act or a group of them;
    days are local dates, both included."""

    who: str = ""
    what: str = ""
    reference: str = ""
    first: dt.date | None = None
    last: dt.date | None = None

    def told(self) -> dict[str, str]:
        """For the entry that the search leaves: what was looked for, without what was left open."""
        told = {"who": self.who, "what": self.what, "reference": self.reference}
        days = {"first": self.first, "last": self.last}
        told |= {name: day.isoformat() for name, day in days.items() if day}
        return {name: value for name, value in told.items() if value}


class Key(NamedTuple):
    """Where a page ends: the moment and the number of its last entry."""

    at: dt.datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.at.astimezone(dt.UTC):%Y%m%dT%H%M%S.%f}-{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Key | None":
        """None where it is no key of ours."""
        moment, _dash, number = text.partition("-")
        try:
            at = dt.datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=dt.UTC)
            return cls(at, min(int(number), 2**62))
        except ValueError:
            return None


class Found(NamedTuple):
    entries: list[AuditEntry]
    after: Key | None  # of the next page, where there is one


def find(
    district: District, wanted: Wanted, *, before: Key | None = None, rows: int = ROWS
) -> Found:
    """A page of entries with who did it; one query, and one more where a reference is given."""
    entries = AuditEntry.objects.filter(_condition(district, wanted), district=district)
    if before:
        entries = entries.filter(Q(at__lt=before.at) | Q(pk__lt=before.pk), at__lte=before.at)
    page = list(entries.select_related("by").order_by("-at", "-pk")[: rows + 1])
    more = len(page) > rows
    last = page[rows - 1] if more else None
    return Found(page[:rows], Key(last.at, last.pk) if last else None)


def _condition(district: District, wanted: Wanted) -> Q:
    condition = Q()
    if wanted.who == WORKER:
        condition &= Q(by=None)
    elif wanted.who == GUESTS:
        condition &= Q(by__isnull=False) & ~Q(by__in=list(staff_of(district)))
    elif wanted.who:
        condition &= Q(by=int(wanted.who))
    if wanted.what:
        actions = GROUPS[wanted.what][1] if wanted.what in GROUPS else [wanted.what]
        condition &= Q(action__in=list(actions))
    if wanted.reference:
        condition &= Q(subject__in=subjects_of(district, wanted.reference))
    if wanted.first:
        condition &= Q(at__gte=at_local(wanted.first, dt.time.min))
    if wanted.last:
        condition &= Q(at__lt=at_local(wanted.last + DAY, dt.time.min))
    return condition


def staff_of(district: District) -> QuerySet[User, int]:
    """The accounts of all who work or have worked here, and of those who run the site."""
    ours = User.objects.filter(Q(membership__district=district) | Q(is_staff=True))
    return ours.values_list("pk", flat=True)


def subjects_of(district: District, reference: str) -> list[str]:
    """All that an application's reference stands for: it, its papers, its stay, its person. Nothing
    where there is no such application here."""
    number = REFERENCE.fullmatch(reference.strip())
    applications = Application.objects.filter(district=district, pk=int(number[1]) if number else 0)
    one = applications.select_related("stay__registration").prefetch_related("evidence").first()
    if one is None:
        return []
    stay = getattr(one, "stay", None)
    registration = getattr(stay, "registration", None)
    named = {"graduate": one.graduate_id, "stay": stay and stay.pk}
    named["registration"] = registration and registration.pk
    papers = [f"evidence:{paper.pk}" for paper in one.evidence.all()]
    return [f"application:{one.pk}", *papers, *(f"{name}:{pk}" for name, pk in named.items() if pk)]
