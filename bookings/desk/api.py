"""POST /api/desk/scans: what devices and other programs send (docs/api.md)."""

import datetime as dt
from typing import Any, Literal

from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic import AwareDatetime, Field

from bookings import journey
from bookings.beds.allocate import bed_of
from bookings.core.clock import now
from bookings.desk.models import Device, Scan
from bookings.desk.scan import Sent
from bookings.desk.wording import sentence
from bookings.people.models import User
from bookings.people.requests import SignedIn
from bookings.people.roles import may, stations_of
from bookings.places.models import Station

router = Router(tags=["desk"])


class ApiRequest(SignedIn):
    """A request that a device's token or a staff member's session let through."""

    auth: Device | User


class ScanIn(Schema):
    code: str = Field(max_length=400)
    nonce: str = Field(min_length=1, max_length=64)
    at: AwareDatetime
    action: Literal["arrive", "leave", "redeem"]
    service: str = Field(default="", max_length=30)
    offline: bool = False
    station: str = Field(
        default="",
        description="Slug; needed where the signed-in has several. A device has its one station.",
    )


class StayOut(Schema):
    reference: str
    status: str
    arrival: dt.date
    departure: dt.date
    guest: str
    bed: str | None


class ScanOut(Schema):
    result: Literal["ok", "warn", "refused"]
    reason: str
    message: str
    stay: StayOut | None


@router.post("/scans", response=ScanOut)
def post_scan(request: ApiRequest, payload: ScanIn) -> dict[str, Any]:
    """Take one scan. The same nonce again gets the same answer."""
    by = request.auth
    station = _of_device(by, payload) if isinstance(by, Device) else _of_staff(request, payload)
    if station is None:
        raise HttpError(404, "no such station")
    sent = Sent(
        station=station,
        device=f"device {by.pk}" if isinstance(by, Device) else f"api {by.pk}",
        nonce=payload.nonce,
        code=payload.code,
        action=payload.action,
        at=payload.at,
        service=payload.service,
        offline=payload.offline,
        by=by if isinstance(by, User) else None,
    )
    taken = journey.scan(sent=sent, now=now())
    return {
        "result": taken.result,
        "reason": taken.reason,
        "message": sentence(taken),
        "stay": _stay(taken) if taken.stay and taken.stay.station_id == station.pk else None,
    }


def _of_device(device: Device, payload: ScanIn) -> Station | None:
    """A device's own station; another one is none of its."""
    return device.station if payload.station in ("", device.station.slug) else None


def _of_staff(request: ApiRequest, payload: ScanIn) -> Station | None:
    membership = request.membership
    if membership is None or not may(membership, "desk"):
        raise HttpError(403, "not a desk")
    stations = stations_of(membership)
    return (stations.filter(slug=payload.station) if payload.station else stations).first()


def _stay(taken: Scan) -> dict[str, Any]:
    stay = taken.stay
    assert stay is not None
    bed = bed_of(stay)
    return {
        "reference": stay.application.reference,
        "status": stay.status,
        "arrival": stay.arrival,
        "departure": stay.departure,
        "guest": stay.graduate.masked_name,
        "bed": str(bed) if bed else None,
    }
