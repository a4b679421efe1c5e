"""The stays that a desk may be asked about from yesterday to three nights ahead, as plain values."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from bookings.applications.seen import PaperToSee, names_of
from bookings.beds.models import BedNight, Stay
from bookings.desk.keys.models import KeyLoan
from bookings.desk.scan import is_minor
from bookings.people.models import Suspension
from bookings.places.models import Station

DAY = dt.timedelta(days=1)
AHEAD = 3  # nights


def around(station: Station, today: dt.date) -> QuerySet[Stay]:
    """Who is in house, and every stay with a night in the window, whatever became of it."""
    inside = Q(status=Stay.Status.ARRIVED)
    near = Q(arrival__lte=today + AHEAD * DAY, departure__gte=today - DAY)
    suspended = Suspension.objects.filter(graduate=OuterRef("graduate"), until__gt=today)
    nights = BedNight.objects.select_related("bed__room").order_by("night")
    return (
        Stay.objects.filter(inside | near, station=station)
        .select_related("graduate", "application__user")
        .annotate(suspended=Exists(suspended))
        .prefetch_related(Prefetch("bed_nights", nights), "passes")
        .prefetch_related(Prefetch("key_loans", KeyLoan.objects.filter(returned_at=None)))
        .prefetch_related(Prefetch("application__papers_to_see", PaperToSee.objects.pending()))
        .order_by("arrival", "pk")
    )


def known(stay: Stay, today: dt.date) -> dict[str, Any]:
    """One stay of `around`."""
    beds = {row.night.isoformat(): str(row.bed) for row in stay.bed_nights.all()}
    coming = [bed for night, bed in beds.items() if night >= today.isoformat()]
    papers = names_of(paper.kind for paper in stay.application.papers_to_see.all())
    return {
        "id": stay.pk,
        "reference": stay.application.reference,
        "guest": stay.graduate.masked_name,
        "sex": stay.graduate.sex,
        "status": stay.status,
        "arrival": stay.arrival,
        "departure": stay.departure,
        "arrived_at": stay.arrived_at,
        "bed": next(iter(coming or list(beds.values())[-1:]), None),
        "beds": beds,
        "needs": stay.application.need_labels,
        "minor": is_minor(stay),
        "evidence": bool(papers),
        "papers": papers,
        "suspended": stay.suspended,  # type: ignore[attr-defined]
        "keys": [str(key) for key in stay.key_loans.all()],
        "phone_tail": phone_of(stay)[-4:],
    }


def phone_of(stay: Stay) -> str:
    return str(stay.application.user.phone or "")


def all_known(stays: Iterable[Stay], today: dt.date) -> list[dict[str, Any]]:
    return [known(stay, today) for stay in stays]
