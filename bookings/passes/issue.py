"""Issue a stay's pass, and find the stay behind a shown code."""

import datetime as dt
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from bookings.beds.models import Stay
from bookings.core.short_code import normalise, short_code
from bookings.passes.models import Pass
from bookings.passes.token import UnreadableCode, key_from_seed, open_token, seal


@lru_cache(maxsize=2)
def _key(seed: bytes) -> Ed25519PrivateKey:
    return key_from_seed(seed)


def issue(*, stay: Stay, now: dt.datetime) -> Pass:
    """A fresh pass; the stay's former one is revoked."""
    stay.passes.filter(revoked_at=None).update(revoked_at=now)
    return Pass.objects.create(stay=stay, short_code=short_code(), issued_at=now)


def text_of(shown: Pass) -> str:
    """What the QR code of a pass says."""
    return seal(shown.pk, _key(settings.PASS_KEY))


def key_of(text: str) -> dict[str, object] | None:
    """By what the pass of a scanned code or a typed short code is found; None for no code of ours.

    Errors: ForgedCode, where it is made like ours but not signed by us.
    """
    try:
        return {"id": open_token(text, [_key(settings.PASS_KEY).public_key()])}
    except UnreadableCode:
        code = normalise(text)
        return {"short_code": code} if code else None


def public_key() -> bytes:
    """What a device needs to tell our codes from forged ones: the raw 32 bytes."""
    return _key(settings.PASS_KEY).public_key().public_bytes_raw()
