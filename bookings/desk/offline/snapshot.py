"""What a desk takes along for the time without the network: enough to judge, nothing to misuse."""

import base64
import datetime as dt
import hashlib
from collections import defaultdict
from typing import Any

from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.core.crypto import keyed_hash
from bookings.desk.models import Redemption, Service
from bookings.desk.offline.known import around, known
from bookings.passes.issue import public_key
from bookings.places.models import Station

GOOD_FOR = dt.timedelta(hours=36)
Uses = dict[int, dict[str, int]]


def snapshot(station: Station, *, version: str, now: dt.datetime) -> dict[str, Any]:
    """As plain values; so many queries however many stays."""
    today = local_date(now)
    salt = keyed_hash(f"{station.pk} {today}", "snapshot")[:32]
    stays, uses = list(around(station, today)), _uses(station, today)
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
        "stays": [known(stay, today) | _passes(stay, salt, uses) for stay in stays],
        "services": [
            {"code": service.code, "name": service.name, "per_day": service.uses_per_day}
            for service in Service.objects.active().filter(station=station).order_by("pk")
        ],
    }


def _passes(stay: Stay, salt: str, uses: Uses) -> dict[str, Any]:
    valid = [one for one in stay.passes.all() if one.revoked_at is None]
    revoked = [one for one in stay.passes.all() if one.revoked_at is not None]
    return {
        "passes": [one.pk.hex for one in valid],
        "revoked": [one.pk.hex for one in revoked],
        "codes": [salted(salt, one.short_code) for one in valid],
        "revoked_codes": [salted(salt, one.short_code) for one in revoked],
        "services": uses[stay.pk],
    }


def salted(salt: str, short_code: str) -> str:
    """How a snapshot names a short code: whoever has it finds it, nobody reads it."""
    return hashlib.sha256(f"{salt}{short_code}".encode()).hexdigest()


def _uses(station: Station, today: dt.date) -> Uses:
    """Today's uses of services: stay → code → how many."""
    uses: Uses = defaultdict(lambda: defaultdict(int))
    today_s = Redemption.objects.filter(service__station=station, day=today)
    for stay, code in today_s.values_list("stay", "service__code"):
        uses[stay][code] += 1
    return uses
