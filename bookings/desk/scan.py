"""Read a shown code, judge it, record it. What follows from it is the journey's."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils import timezone

from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.core.crypto import keyed_hash
from bookings.desk.models import Action, Redemption, Scan, Service
from bookings.desk.services import use
from bookings.desk.verdict import Shown, Verdict, verdict
from bookings.passes.issue import find
from bookings.passes.models import Pass
from bookings.passes.token import ForgedCode
from bookings.people.models import User
from bookings.places.models import Station

CLOCK_SLACK = dt.timedelta(minutes=5)  # a device's clock may be fast by so much


@dataclass(frozen=True)
class Sent:
    """A scan as a device sent it. `device` and `nonce` make it one scan however often it is sent."""

    station: Station
    device: str
    nonce: str
    code: str
    action: str
    at: dt.datetime
    service: str = ""
    offline: bool = False
    by: User | None = None

    @property
    def code_hash(self) -> str:
        """What was shown, however it was typed, and which service it was shown for."""
        code = re.sub(r"[\s-]", "", self.code).upper()
        return keyed_hash(f"{code} {self.service}".rstrip(), "scan")


def former(sent: Sent) -> Scan | None:
    """The scan already recorded under this device and nonce, if any."""
    return (
        Scan.objects.select_related("stay__graduate", "stay__station")
        .filter(device=sent.device, nonce=sent.nonce)
        .first()
    )


def is_same(sent: Sent, scan: Scan) -> bool:
    return (scan.code_hash, scan.action) == (sent.code_hash, sent.action)


def read(sent: Sent, *, now: dt.datetime) -> tuple[Pass | None, Verdict]:
    """The pass shown, if we know it, and what may be done. Its stay is locked against changes."""
    try:
        shown = find(sent.code)
    except ForgedCode:
        return None, Verdict("refused", "forged")
    if shown is None:
        return None, Verdict("refused", "unknown")
    stay = Stay.objects.select_for_update(of=("self",), no_key=True).select_related(
        "graduate", "station"
    )
    shown.stay = stay.get(pk=shown.stay_id)
    if sent.at > now + CLOCK_SLACK:
        return shown, Verdict("refused", "clock_off")
    return shown, _judge(shown.stay, sent, revoked=shown.revoked_at is not None)


def _judge(stay: Stay, sent: Sent, *, revoked: bool) -> Verdict:
    known = Shown(
        status=stay.status,
        arrival=stay.arrival,
        departure=stay.departure,
        check_in_from=stay.station.check_in_from,
        here=stay.station_id == sent.station.pk,
        revoked=revoked,
        arrived_at=stay.arrived_at,
        suspended=stay.graduate.suspensions.filter(until__gt=local_date(sent.at)).exists(),
    )
    return verdict(known, action=sent.action, at=timezone.localtime(sent.at))


def keep(
    sent: Sent, shown: Pass | None, judged: Verdict, *, now: dt.datetime, nonce: str = ""
) -> Scan:
    """Record the scan, accepted or refused."""
    return Scan.objects.create(
        station=sent.station,
        device=sent.device,
        nonce=nonce or sent.nonce,
        action=sent.action,
        code_hash=sent.code_hash,
        shown_pass=shown,
        stay=shown.stay if shown else None,
        result=judged.result,
        reason=judged.reason,
        at=sent.at,
        received_at=now,
        offline=sent.offline,
        by=sent.by,
    )


def service_verdict(stay: Stay, sent: Sent) -> tuple[Service | None, Verdict]:
    """Whether a service may be used once more at this moment. The stay must be locked."""
    services = Service.objects.active().filter(station=sent.station)
    service = services.filter(code=sent.service).first()
    if service is None:
        return None, Verdict("refused", "no_such_service")
    return service, use.judge(stay=stay, service=service, at=sent.at)


def redeem(*, service: Service, scan: Scan) -> Redemption:
    """Use a service once; the database refuses the same use twice."""
    assert scan.stay is not None and scan.action == Action.REDEEM
    day = local_date(scan.at)
    used = scan.stay.redemptions.filter(service=service, day=day).count()
    return Redemption.objects.create(
        service=service,
        stay=scan.stay,
        scan=scan,
        booking=use.place_of(stay=scan.stay, service=service, at=scan.at),
        day=day,
        number=used + 1,
        allowed=service.uses_per_day,
    )
