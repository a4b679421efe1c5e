"""Encryption at rest (AES-256-GCM) and keyed hashes that find an encrypted value again.

An encrypted value is `version byte, 12-byte nonce, ciphertext and tag`. `context` names where a
value belongs (table and column), so that a ciphertext moved elsewhere does not open.
"""

import hashlib
import hmac
import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

VERSION = b"\x01"
NONCE_BYTES = 12


class Undecipherable(Exception):
    """The stored bytes were not made with this installation's DATA_KEY, or were changed."""


@lru_cache(maxsize=4)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def encrypt(plain: bytes, context: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    sealed = _cipher(settings.DATA_KEY).encrypt(nonce, plain, context.encode())
    return VERSION + nonce + sealed


def decrypt(sealed: bytes, context: str) -> bytes:
    """Open what `encrypt` sealed. Errors: Undecipherable."""
    body = sealed[1:]
    if sealed[:1] != VERSION:
        raise Undecipherable(context)
    try:
        return _cipher(settings.DATA_KEY).decrypt(
            body[:NONCE_BYTES], body[NONCE_BYTES:], context.encode()
        )
    except InvalidTag as error:
        raise Undecipherable(context) from error


def keyed_hash(value: str, purpose: str) -> str:
    """HMAC-SHA-256 as hex: equal values of one purpose have equal hashes, nobody else can make one."""
    message = f"{purpose}\x00{value}".encode()
    return hmac.new(settings.LOOKUP_KEY, message, hashlib.sha256).hexdigest()


class EncryptedTextField(models.BinaryField):
    """Text that is ciphertext in the database. It cannot be searched: keep a keyed hash beside it."""

    if TYPE_CHECKING:  # what attributes of it hold, for the type checker's Django plugin
        _pyi_private_set_type: str
        _pyi_private_get_type: str  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    @property
    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):
            value = encrypt(value.encode(), self._context)
        return super().get_prep_value(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else decrypt(bytes(value), self._context).decode()

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")
