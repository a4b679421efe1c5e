"""POST /api/desk/scans: what devices and other programs send (docs/api.md)."""

import datetime as dt
from typing import Any, Literal

from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic import AwareDatetime, Field

from bookings import journey
from bookings.beds.allocate import bed_of
from bookings.core.clock import now
from bookings.desk.models import Scan
from bookings.desk.scan import Sent
from bookings.desk.wording import sentence
from bookings.people.requests import StaffRequest
from bookings.people.roles import may, stations_of

router = Router(tags=["desk"])


class ScanIn(Schema):
    code: str = Field(max_length=400)
    nonce: str = Field(min_length=1, max_length=64)
    at: AwareDatetime
    action: Literal["arrive", "leave", "redeem"]
    service: str = Field(default="", max_length=30)
    offline: bool = False
    station: str = Field(default="", description="Slug; needed where the signed-in has several.")


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
def post_scan(request: StaffRequest, payload: ScanIn) -> dict[str, Any]:
    """Take one scan. The same nonce again gets the same answer."""
    membership = request.membership
    if not may(membership, "desk"):
        raise HttpError(403, "not a desk")
    stations = stations_of(membership)
    station = (stations.filter(slug=payload.station) if payload.station else stations).first()
    if station is None:
        raise HttpError(404, "no such station")
    sent = Sent(
        station=station,
        device=f"api {request.user.pk}",
        nonce=payload.nonce,
        code=payload.code,
        action=payload.action,
        at=payload.at,
        service=payload.service,
        offline=payload.offline,
        by=request.user,
    )
    taken = journey.scan(sent=sent, now=now())
    return {
        "result": taken.result,
        "reason": taken.reason,
        "message": sentence(taken),
        "stay": _stay(taken) if taken.stay and taken.stay.station_id == station.pk else None,
    }


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
