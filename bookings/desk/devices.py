"""Desk devices: a token is shown once, kept as a keyed hash, good for one station until revoked."""

import datetime as dt
import secrets

from django.db import transaction

from bookings.core import audit
from bookings.core.crypto import keyed_hash
from bookings.core.prepared import Prepared
from bookings.desk.models import Device
from bookings.people.models import User
from bookings.places.models import Station

TOKEN_BYTES = 32
SEEN_EVERY = dt.timedelta(minutes=1)


@transaction.atomic
def issue_device(*, station: Station, name: str, by: User, now: dt.datetime) -> tuple[Device, str]:
    """A new device and its token, which nobody can read again."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    device = Device.objects.create(
        station=station, name=name, token_hash=_hash(token), issued_by=by, issued_at=now
    )
    audit.record("issue device", device, by=by, now=now, district_id=station.district_id)
    return device, token


@transaction.atomic
def revoke_device(*, device: Device, by: User, now: dt.datetime) -> bool:
    """From now on its token opens nothing. False: it was revoked before."""
    if not Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=now):
        return False
    district = device.station.district_id
    audit.record("revoke device", device, by=by, now=now, district_id=district)
    return True


def known_device(*, token: str, now: dt.datetime) -> Device | None:
    """The device whose token this is, unless revoked; when it was last seen is kept to the minute."""
    found = KNOWN.ask(token=_hash(token))
    device: Device | None = found[0] if found else None
    if device and (device.last_seen_at is None or now - device.last_seen_at >= SEEN_EVERY):
        Device.objects.filter(pk=device.pk).update(last_seen_at=now)
    return device


KNOWN = Prepared(
    lambda token: Device.objects.filter(token_hash=token, revoked_at=None).select_related(
        "station"
    ),
    token=(Device._meta.get_field("token_hash"), "the token"),
)


def _hash(token: str) -> str:
    return keyed_hash(token, "device token")
