"""The signed token behind a stay's QR code. Pure.

A token is a version byte and the pass's 16-byte id, signed with Ed25519: any device that has the
public key can tell a true code from a forged one without asking the server. As text it is upper
case base32, which a QR code holds in its compact alphanumeric mode.
"""

import base64
import binascii
from collections.abc import Sequence
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PREFIX = "QYZ1:"
VERSION = b"\x01"
DOMAIN = b"youth-station-pass"
BODY_BYTES = 17
TOKEN_BYTES = BODY_BYTES + 64


class UnreadableCode(Exception):
    """Not a code of ours at all."""


class ForgedCode(Exception):
    """Made like ours, but not signed by us."""


def key_from_seed(seed: bytes) -> Ed25519PrivateKey:
    """The signing key of a 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def seal(pass_id: UUID, key: Ed25519PrivateKey) -> str:
    """The text of a pass's QR code."""
    body = VERSION + pass_id.bytes
    token = body + key.sign(DOMAIN + body)
    return PREFIX + base64.b32encode(token).decode().rstrip("=")


def open_token(text: str, keys: Sequence[Ed25519PublicKey]) -> UUID:
    """The pass id of a token signed by one of `keys`. Errors: UnreadableCode, ForgedCode."""
    token = _bytes_of(text.strip().upper())
    body, signature = token[:BODY_BYTES], token[BODY_BYTES:]
    for key in keys:
        try:
            key.verify(signature, DOMAIN + body)
        except InvalidSignature:
            continue
        return UUID(bytes=body[1:])
    raise ForgedCode


def _bytes_of(text: str) -> bytes:
    if not text.startswith(PREFIX):
        raise UnreadableCode
    encoded = text.removeprefix(PREFIX)
    try:
        token = base64.b32decode(encoded + "=" * (-len(encoded) % 8))
    except (binascii.Error, ValueError) as error:
        raise UnreadableCode from error
    canonical = base64.b32encode(token).decode().rstrip("=") == encoded
    if len(token) != TOKEN_BYTES or token[:1] != VERSION or not canonical:
        raise UnreadableCode
    return token
