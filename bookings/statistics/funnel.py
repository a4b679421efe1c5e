"""The funnel: applied → approved → arrived → stayed on for work. Definitions: docs/statistics.md.

Counted by the month in which the application was sent, so that each number is a part of the one
before it. `stayed_on` counts those whose ruling answer at the horizon is "working in the district";
its denominator is all who arrived and whose question at the horizon is due, asked or not: the
silent and the declined stay in it, and are shown.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, fields

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncMonth

from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.places.models import District, Station
from bookings.retention.models import FollowUp, Outcome


@dataclass
class Row:
    """One month and station, or a sum of such. All are counts of applications or of stays."""

    month: dt.date | None = None
    station: str = ""
    applied: int = 0
    approved: int = 0
    arrived: int = 0
    mature: int = 0
    stayed_on: int = 0
    answered: int = 0
    declined: int = 0

    @property
    def silent(self) -> int:
        return self.mature - self.answered - self.declined

    @property
    def counts(self) -> list[int]:
        """The counts in the order in which page and Excel file show them."""
        return [
            self.applied,
            self.approved,
            self.arrived,
            self.mature,
            self.stayed_on,
            self.silent,
            self.declined,
        ]

    def __add__(self, other: "Row") -> "Row":
        counts = {
            field.name: getattr(self, field.name) + getattr(other, field.name)
            for field in fields(self)
            if field.type is int
        }
        return Row(self.month, self.station, **counts)


def funnel(district: District, *, horizon: int, today: dt.date) -> list[Row]:
    """One row for each month and station, newest month first. Three queries."""
    rows: dict[tuple[dt.date, int], Row] = defaultdict(Row)
    sent = Application.objects.filter(district=district).exclude(status="draft")
    for counts in _by_month(sent, "submitted_at", "station_id").annotate(
        applied=Count("pk"),
        approved=Count("pk", filter=Q(status="approved") | Q(stay__status__in=["no_show"])),
        arrived=Count("pk", filter=Q(stay__status__in=[Stay.Status.ARRIVED, Stay.Status.LEFT])),
    ):
        row = rows[counts["month"].date(), counts["place"]]
        row.applied, row.approved = counts["applied"], counts["approved"]
        row.arrived = counts["arrived"]
    for counts in _answers(district, horizon, today):
        row = rows[counts["month"].date(), counts["place"]]
        for name in ("mature", "stayed_on", "answered", "declined"):
            setattr(row, name, counts[name])
    places = Station.objects.filter(pk__in={station for _, station in rows})
    names = {station.pk: station.name for station in places}
    for (month, station), row in rows.items():
        row.month, row.station = month, names[station]
    order = sorted(rows, key=lambda key: (-key[0].toordinal(), key[1]))
    return [rows[key] for key in order]


def _by_month(queryset, moment: str, place: str):  # type: ignore[no-untyped-def]
    return queryset.values(month=TruncMonth(moment), place=F(place))


def _answers(district: District, horizon: int, today: dt.date):  # type: ignore[no-untyped-def]
    ruling = Outcome.objects.filter(follow_up=OuterRef("pk")).ruling_first()
    due = FollowUp.objects.filter(
        stay__station__district=district, horizon=horizon, due_on__lte=today
    ).annotate(ruling=Subquery(ruling.values("kind")[:1]))
    return _by_month(due, "stay__application__submitted_at", "stay__station_id").annotate(
        mature=Count("pk"),
        stayed_on=Count("pk", filter=Q(ruling=Outcome.Kind.EMPLOYED_HERE)),
        answered=Count("pk", filter=Q(ruling__isnull=False)),
        declined=Count("pk", filter=Q(status=FollowUp.Status.DECLINED)),
    )


def total(rows: list[Row]) -> Row:
    return sum(rows, start=Row())
