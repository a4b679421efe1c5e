"""A stay as a desk sees it after a scan: as plain values, with what is due and what is left today."""

import datetime as dt
from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.utils.translation import get_language

from bookings.beds.models import BedNight, Stay
from bookings.core.clock import local_date
from bookings.desk.labels import arrival_of, desk_of
from bookings.desk.models import Action, Device, Reason, Result, Scan
from bookings.people.models import User
from bookings.places.models import Station

DUE = {Stay.Status.PROMISED: "arrive", Stay.Status.ARRIVED: "leave"}


def card(scan: Scan, *, station: Station, by: Device | User) -> dict[str, Any] | None:
    """The stay of a scan that `by` has just sent from a station, where it is one of that station."""
    stay = scan.stay
    if stay is None or stay.station_id != station.pk:
        return None
    bed, services = _bed_and_services(stay, local_date(scan.at))
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
        "services": services if stay.status == Stay.Status.ARRIVED else [],
        "due": due(scan, stay),
        "bed": bed,
    }


def due(scan: Scan, stay: Stay) -> str:
    """What the desk may do next; nothing where the scan was refused for the stay's own sake."""
    if scan.result == Result.REFUSED and scan.reason != Reason.ALREADY_ARRIVED:
        return ""
    return DUE.get(Stay.Status(stay.status), "")


def _desk(scan: Scan, stay: Stay, by: Device | User) -> str:
    """Where the guest arrived: at the desk that asks, or at another one."""
    if scan.action == Action.ARRIVE and scan.result != Result.REFUSED:
        return str(by)
    opened = arrival_of(stay.pk)
    return desk_of(opened) if opened else ""


def _bed_and_services(stay: Stay, day: dt.date) -> tuple[str | None, list[dict[str, Any]]]:
    """One query: a row for each service of the station, or one without any."""
    name = "name_en" if get_language() == "en" else "name_zh"
    used = Count(
        "services__redemptions",
        filter=Q(services__redemptions__stay=stay, services__redemptions__day=day),
    )
    rows = Station.objects.filter(pk=stay.station_id).order_by("services__pk")
    found = rows.values_list(
        label_of(stay.pk), "services__code", f"services__{name}", F("services__uses_per_day") - used
    )
    told = [
        {"code": code, "name": called, "left": max(left, 0)}
        for _bed, code, called, left in found
        if code
    ]
    return found[0][0], told


def label_of(stay: object) -> Subquery:
    """The label of the bed of a stay, as planned or as slept in last, for a query."""
    nights = BedNight.objects.filter(stay=stay if isinstance(stay, int) else OuterRef("pk"))
    label = Concat("bed__room__name", Value("-"), "bed__name")
    return Subquery(nights.order_by("-night").values(label=label)[:1])
