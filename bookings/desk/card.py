"""A stay as a desk sees it after a scan: as plain values, with what is due and what is left today."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import get_language

from bookings.applications.seen import PaperToSee, names_of
from bookings.beds.models import BedNight, Stay
from bookings.core.clock import local_date
from bookings.core.prepared import Prepared
from bookings.desk.keys.loans import keys_out
from bookings.desk.keys.models import KeyLoan
from bookings.desk.labels import arrival_of, desk_of, sender
from bookings.desk.models import Action, Device, Redemption, Result, Scan, hours_of
from bookings.desk.verdict import Verdict, due, is_served
from bookings.people.models import User
from bookings.places.models import Station


class Around(NamedTuple):
    """What is around a stay: its bed, what is left of each service, whether a paper is still to be seen,
    and whether the guest has a key."""

    bed: str | None
    services: list[dict[str, Any]]
    has_papers: bool
    has_keys: bool


def card(scan: Scan, *, station: Station, by: Device | User) -> dict[str, Any] | None:
    """The stay of a scan that `by` has just sent from a station, where it is one of that station."""
    stay = scan.stay
    if stay is None or stay.station_id != station.pk:
        return None
    around = _around(stay, local_date(scan.at))
    person = stay.graduate
    return {
        "id": stay.pk,
        "reference": stay.application.reference,
        "status": stay.status,
        "arrival": stay.arrival,
        "departure": stay.departure,
        "guest": person.masked_name,
        "doc_type": person.get_doc_type_display(),
        "masked_number": person.masked_number,
        "needs": stay.application.need_labels,
        "arrived_at": stay.arrived_at,
        "arrived_at_desk": _desk(scan, stay, by) if stay.arrived_at else "",
        "services": around.services if is_served(stay.status) else [],
        "due": due(stay.status, Verdict(scan.result, scan.reason)),
        "papers": papers_of(stay) if around.has_papers else [],
        "bed": around.bed,
        "keys": [str(key) for key in keys_out(stay)] if around.has_keys else [],
    }


def _desk(scan: Scan, stay: Stay, by: Device | User) -> str:
    """Where the guest arrived: at the desk that asks, or at another one."""
    if scan.action == Action.ARRIVE and scan.result != Result.REFUSED:
        return str(by)
    opened = arrival_of(stay.pk)
    if opened is None:
        return ""
    return str(by) if opened.device == sender(by) else desk_of(opened)


def papers_of(stay: Stay) -> list[str]:
    """The papers that are still to be seen, by name."""
    pending = PaperToSee.objects.filter(application=stay.application_id).pending()
    return names_of(pending.values_list("kind", flat=True))


def _around(stay: Stay, day: dt.date) -> Around:
    """One query: a row for each service of the station, or one without any."""
    found = ROWS["name_en" if get_language() == "en" else "name_zh"].ask(
        stay=stay.pk, station=stay.station_id, day=day
    )
    services = [
        {"code": code, "name": called, "left": max(left, 0), "hours": hours_of(opens, closes)}
        for *_, code, called, opens, closes, today, of_stay in found
        if code
        for left in [today if of_stay is None else min(today, of_stay)]
    ]
    bed, has_papers, has_keys, *_ = found[0]
    return Around(bed, services, has_papers, has_keys)


def _rows(name: str) -> Callable[..., QuerySet[Any, Any]]:
    def build(*, stay: int, station: int, day: dt.date) -> QuerySet[Any, Any]:
        nights = BedNight.objects.filter(stay=stay).order_by("-night")
        label = nights.values(label=Concat("bed__room__name", Value("-"), "bed__name"))[:1]
        used = Redemption.objects.filter(service=OuterRef("services"), stay=stay).order_by()
        today = F("services__uses_per_day") - _count(used.filter(day=day))
        of_stay = F("services__uses_per_stay") - _count(used)
        papers = PaperToSee.objects.filter(application__stay=stay).pending()
        rows = Station.objects.filter(pk=station).order_by("services__pk")
        keys = KeyLoan.objects.filter(stay=stay, returned_at=None)
        told = (Subquery(label), Exists(papers), Exists(keys))
        service = ("services__code", f"services__{name}", "services__opens", "services__closes")
        return rows.values_list(*told, *service, today, of_stay)

    return build


def _count(uses: QuerySet[Redemption]) -> Coalesce:
    return Coalesce(Subquery(uses.values("service").values(count=Count("pk"))), 0)


ROWS = {
    name: Prepared(
        _rows(name),
        stay=(Stay._meta.get_field("id"), -1),
        station=(Station._meta.get_field("id"), -2),
        day=(Redemption._meta.get_field("day"), dt.date.max),
    )
    for name in ("name_zh", "name_en")
}
