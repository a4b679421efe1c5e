"""Read a shown code, judge it, record it. What follows from it is the journey's."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from bookings.applications.seen import PaperToSee
from bookings.beds import allocate
from bookings.beds.models import BedNight, Stay
from bookings.core.clock import local_date
from bookings.core.crypto import keyed_hash
from bookings.core.prepared import Prepared, PreparedRow, in_one_trip
from bookings.desk.models import Action, Redemption, Scan, Service
from bookings.desk.services import use
from bookings.desk.verdict import Shown, Verdict, is_under_age, verdict
from bookings.passes.issue import key_of
from bookings.passes.models import Pass
from bookings.passes.token import ForgedCode
from bookings.people.models import Suspension, User
from bookings.places.models import Station

CLOCK_SLACK = dt.timedelta(minutes=5)  # a device's clock may be fast by so much
# who arrives must be moved by no plan made before; who leaves gives nights back to the plan
HOUSE: dict[str, Callable[[Station], None]] = {
    Action.ARRIVE: allocate.share,
    Action.LEAVE: allocate.lock,
}


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
    told: str = ""
    told_bed: str = ""
    unreadable: bool = False  # then `code` is all that came

    @property
    def code_hash(self) -> str:
        """What was shown, however it was typed, and which service it was shown for."""
        code = re.sub(r"[\s-]", "", self.code).upper()
        return keyed_hash(f"{code} {self.service}".rstrip(), "scan")


def former(sent: Sent) -> Scan | None:
    """The scan already recorded under this device and nonce, if any."""
    return _whole().filter(device=sent.device, nonce=sent.nonce).first()


def _whole() -> QuerySet[Scan]:
    return Scan.objects.select_related("stay__graduate", "stay__station", "stay__application")


def is_same(sent: Sent, scan: Scan) -> bool:
    return (scan.code_hash, scan.action) == (sent.code_hash, sent.action)


@dataclass(frozen=True)
class Seen:
    """What a code turned out to be: a pass, or the reason why it is none; and the scan that was sent
    under this number before."""

    shown: Pass | None
    why: str = ""
    former: Scan | None = None


def look_up(sent: Sent) -> Seen:
    """The pass shown. Its stay is locked against changes, and before it the station's plan where the
    action asks for that."""
    try:
        key = key_of(sent.code)
    except ForgedCode:
        return Seen(None, "forged", former(sent))
    key = key or _by_reference(sent)
    shown = _locked(sent, key) if key and not sent.unreadable else None
    if shown is None:
        return Seen(None, "unreadable" if sent.unreadable else "unknown", former(sent))
    sent_before = shown.former  # type: ignore[attr-defined]
    return Seen(shown, "", _former(sent_before, shown) if sent_before else None)


def _former(pk: int, shown: Pass) -> Scan:
    """A scan recorded before; most often of the same stay, which is at hand."""
    (scan,) = FORMER.ask(pk=pk)
    if scan.stay_id == shown.stay_id:
        scan.stay = shown.stay
    return cast(Scan, scan)


FORMER = Prepared(lambda pk: Scan.objects.filter(pk=pk), pk=(Scan._meta.get_field("id"), -1))


def _by_reference(sent: Sent) -> dict[str, object] | None:
    """Staff may name a stay by its reference, for a guest without a telephone; a program may not."""
    named = re.fullmatch(r"A(\d{6,18})", sent.code.strip().upper())
    if named is None or sent.by is None:
        return None
    valid = Pass.objects.filter(stay__application=int(named[1]), revoked_at=None)
    code = valid.values_list("short_code", flat=True).first()
    return {"short_code": code} if code else None


def _locked(sent: Sent, key: dict[str, object]) -> Pass | None:
    """With `former`, `room`, `suspended` and `paper_to_see`, read by the same query."""
    ((by, value),) = key.items()
    with in_one_trip():
        if sent.action in HOUSE:
            HOUSE[sent.action](sent.station)
        found = LOOK_UP[by].ask(
            key=value, device=sent.device, nonce=sent.nonce, day=local_date(sent.at)
        )
    return found[0] if found else None


# What a scan does not ask for stays in the database. With all of it the query was longer than those that
# the driver keeps, which it read anew each time.
NOT_READ = [
    *[f"stay__application__{name}" for name in ["answers", "asked_at", "asked_for", "asked_kinds"]],
    *[f"stay__application__{name}" for name in ["friend_code", "needed_on", "signature"]],
    *[f"stay__application__{name}" for name in ["review_due", "reviewer", "reviewer_until"]],
    *[f"stay__graduate__{name}" for name in ["certificate_number", "chsi_code", "chsi_until"]],
    *[f"stay__graduate__{name}" for name in ["degree", "degree_proof", "graduation_date"]],
    *[f"stay__graduate__{name}" for name in ["doc_until", "has_home", "university"]],
    *[f"stay__station__{name}" for name in ["address_zh", "address_en", "rules_zh", "rules_en"]],
    *[f"stay__station__{name}" for name in ["freed", "freed_served", "phone"]],
]


def _passes(by: str) -> Callable[..., QuerySet[Pass]]:
    """The query for a pass by one of its keys, which locks it and its stay."""

    def build(*, key: object, device: str, nonce: str, day: dt.date) -> QuerySet[Pass]:
        passes = Pass.objects.select_for_update(of=("stay", "self"), no_key=True).select_related(
            "stay__graduate", "stay__station", "stay__application"
        )
        twins = Scan.objects.filter(device=device, nonce=nonce)
        suspensions = Suspension.objects.filter(graduate=OuterRef("stay__graduate"), until__gt=day)
        papers = PaperToSee.objects.filter(application=OuterRef("stay__application"))
        nights = BedNight.objects.filter(stay=OuterRef("stay")).order_by("night")
        return (
            passes.filter(**{by: key})
            .defer(*NOT_READ)
            .annotate(
                former=Subquery(twins.values("pk")[:1]),
                suspended=Exists(suspensions),
                paper_to_see=Exists(papers.pending()),
                room=Subquery(nights.values("bed__room__name")[:1]),
            )
        )

    return build


LOOK_UP = {
    by: Prepared(
        _passes(by),
        key=(Pass._meta.get_field(by), stand_in),
        device=(Scan._meta.get_field("device"), "the device"),
        nonce=(Scan._meta.get_field("nonce"), "the nonce"),
        day=(Suspension._meta.get_field("until"), dt.date.max),
    )
    for by, stand_in in {"id": UUID(int=0), "short_code": "the code"}.items()
}


def judge(sent: Sent, seen: Seen, *, now: dt.datetime) -> tuple[Service | None, Verdict]:
    """What may be done, and the service that is asked for."""
    if seen.shown is None:
        return None, Verdict("refused", seen.why)
    if sent.at > now + CLOCK_SLACK:
        return None, Verdict("refused", "clock_off")
    judged = _judge(seen.shown, sent)
    if judged.result == "refused" or sent.action != Action.REDEEM:
        return None, judged
    return service_verdict(seen.shown.stay, sent)


def _judge(shown: Pass, sent: Sent) -> Verdict:
    stay = shown.stay
    known = Shown(
        status=stay.status,
        arrival=stay.arrival,
        departure=stay.departure,
        check_in_from=stay.station.check_in_from,
        here=stay.station_id == sent.station.pk,
        revoked=shown.revoked_at is not None,
        arrived_at=timezone.localtime(stay.arrived_at) if stay.arrived_at else None,
        leave_undone_at=stay.leave_undone_at,
        suspended=shown.suspended,  # type: ignore[attr-defined]
        minor=is_minor(stay),
        evidence_to_see=shown.paper_to_see,  # type: ignore[attr-defined]
    )
    return verdict(known, action=sent.action, at=timezone.localtime(sent.at))


def is_minor(stay: Stay) -> bool:
    """Whether the guest is under age on the day of arrival."""
    return is_under_age(stay.graduate.birth_date, stay.arrival)


def keep(
    sent: Sent, shown: Pass | None, judged: Verdict, *, now: dt.datetime, nonce: str = ""
) -> Scan:
    """Record the scan, accepted or refused."""
    return SCANS.add(
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
        told=sent.told,
        told_bed=sent.told_bed,
        by=sent.by,
    )


SCANS = PreparedRow(Scan)


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
