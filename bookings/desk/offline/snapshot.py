"""What a desk takes along for the time without the network: enough to judge, nothing to misuse."""

import base64
import datetime as dt
import hashlib
from collections import defaultdict
from typing import Any

from django.db.models import Prefetch, QuerySet

from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.core.crypto import keyed_hash
from bookings.desk.models import Action, Redemption, Result, Scan, Service
from bookings.desk.offline.known import around, known
from bookings.desk.services.models import Booking, Slot
from bookings.passes.issue import public_key
from bookings.places.models import Station

GOOD_FOR = dt.timedelta(hours=36)
AHEAD = dt.timedelta(days=2)  # as long as the list may be used
Uses = dict[int, dict[str, int]]


def snapshot(station: Station, *, sender: str, version: str, now: dt.datetime) -> dict[str, Any]:
    """As plain values for a sender of scans; so many queries however many stays."""
    acts = list(_known(station, sender, now))  # first: what is done meanwhile is named next time
    today = local_date(now)
    salt = keyed_hash(f"{station.pk} {today}", "snapshot")[:32]
    stays = list(around(station, today))
    uses, before = _uses(stays, today)
    booked = _booked(station, today)
    return {
        "station": {
            "slug": station.slug,
            "name": station.name,
            "check_in_from": station.check_in_from.isoformat(),
        },
        "version": version,
        "made_at": now,
        "expires_at": now + GOOD_FOR,
        "key": [base64.urlsafe_b64encode(public_key()).decode().rstrip("=")],
        "salt": salt,
        "day": today,
        "stays": [
            known(stay, today)
            | _passes(stay, salt)
            | {
                "services": uses[stay.pk],
                "used_before": before[stay.pk],
                "bookings": booked[stay.pk],
            }
            for stay in stays
        ],
        "services": _services(station, today),
        "known": acts,
    }


def _known(station: Station, sender: str, now: dt.datetime) -> QuerySet[Scan, str]:
    """The sender's acts that the list tells of: a device that keeps them lets them go."""
    mine = Scan.objects.filter(device=sender, station=station, received_at__gte=now - GOOD_FOR)
    done = mine.exclude(action=Action.CHECK).exclude(result=Result.REFUSED)
    return done.order_by("pk").values_list("nonce", flat=True)


def _passes(stay: Stay, salt: str) -> dict[str, Any]:
    valid = [one for one in stay.passes.all() if one.revoked_at is None]
    revoked = [one for one in stay.passes.all() if one.revoked_at is not None]
    return {
        "passes": [one.pk.hex for one in valid],
        "revoked": [one.pk.hex for one in revoked],
        "codes": [salted(salt, one.short_code) for one in valid],
        "revoked_codes": [salted(salt, one.short_code) for one in revoked],
    }


def salted(salt: str, short_code: str) -> str:
    """How a snapshot names a short code: whoever has it finds it, nobody reads it."""
    return hashlib.sha256(f"{salt}{short_code}".encode()).hexdigest()


def _services(station: Station, today: dt.date) -> list[dict[str, Any]]:
    """The catalogue as verdict.Asked needs it; of what is given by appointment, the slots and how many
    places are free."""
    slots = Slot.objects.standing().of_days(today, today + AHEAD).counted()
    services = Service.objects.active().filter(station=station)
    return [
        {
            "code": service.code,
            "name": service.name,
            "per_day": service.uses_per_day,
            "per_stay": service.uses_per_stay,
            "opens": service.opens,
            "closes": service.closes,
            "by_appointment": service.by_appointment,
            "slots": [
                {
                    "id": slot.pk,
                    "starts_at": slot.starts_at,
                    "ends_at": slot.ends_at,
                    "free": slot.left,
                }
                for slot in service.slots.all()
                if service.by_appointment
            ],
        }
        for service in services.prefetch_related(Prefetch("slots", slots))
    ]


def _uses(stays: list[Stay], today: dt.date) -> tuple[Uses, Uses]:
    """Uses of services, today and before: stay → code → how many."""
    uses: Uses = defaultdict(lambda: defaultdict(int))
    before: Uses = defaultdict(lambda: defaultdict(int))
    all_of_them = Redemption.objects.filter(stay__in=stays)
    for stay, code, day in all_of_them.values_list("stay", "service__code", "day"):
        (uses if day == today else before)[stay][code] += 1
    return uses, before


def _booked(station: Station, today: dt.date) -> dict[int, list[dict[str, Any]]]:
    """The places that are booked and not used, the earliest first, by stay."""
    slots = Slot.objects.of_days(today, today + AHEAD).filter(service__station=station)
    mine = Booking.objects.standing().filter(slot__in=slots, redemption=None)
    booked: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in mine.select_related("slot__service").order_by("slot__starts_at", "pk"):
        told = {"service": one.slot.service.code, "slot": one.slot_id}
        told |= {"starts_at": one.slot.starts_at, "ends_at": one.slot.ends_at}
        booked[one.stay_id].append(told)
    return booked
