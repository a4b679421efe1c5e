"""Encryption at rest (AES-256-GCM) and keyed hashes that find an encrypted value again.

An encrypted value is `version byte, key's id, 12-byte nonce, ciphertext and tag`. `context` names where
a value belongs (table and column), so that a ciphertext moved elsewhere does not open. Of the keys
(settings.DATA_KEYS) the first seals and all open. Values of version 1 name no key: each is tried.
"""

import hashlib
import hmac
import os
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

VERSIONS = (b"\x01", b"\x02")
FORMER, VERSION = VERSIONS
ID_BYTES = 4
HEAD_BYTES = len(VERSION) + ID_BYTES
NONCE_BYTES = 12


class Undecipherable(Exception):
    """The stored bytes were not made with one of this installation's DATA_KEYS, or were changed."""


def key_id(key: bytes) -> bytes:
    """By what a sealed value names its key; it does not lead back to it."""
    return hashlib.sha256(b"youth station data key\x00" + key).digest()[:ID_BYTES]


@lru_cache(maxsize=8)
def _ciphers(keys: tuple[bytes, ...]) -> dict[bytes, AESGCM]:
    return {VERSION + key_id(key): AESGCM(key) for key in keys}


def head() -> bytes:
    """How everything begins that the present key seals."""
    return next(iter(_ciphers(tuple(settings.DATA_KEYS))))


def encrypt(plain: bytes, context: str) -> bytes:
    start, cipher = next(iter(_ciphers(tuple(settings.DATA_KEYS)).items()))
    nonce = os.urandom(NONCE_BYTES)
    return start + nonce + cipher.encrypt(nonce, plain, context.encode())


def decrypt(sealed: bytes, context: str) -> bytes:
    """Open what `encrypt` sealed. Errors: Undecipherable."""
    ciphers = _ciphers(tuple(settings.DATA_KEYS))
    if sealed[:1] == FORMER:
        body, fitting = sealed[1:], list(ciphers.values())
    else:
        body = sealed[HEAD_BYTES:]
        fitting = [one for start, one in ciphers.items() if start == sealed[:HEAD_BYTES]]
    for cipher in fitting:
        try:
            return cipher.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], context.encode())
        except InvalidTag:
            continue
    raise Undecipherable(context)


def reseal(sealed: bytes, context: str) -> bytes:
    """The same under the present key; as it is where it already is. Errors: Undecipherable."""
    return sealed if sealed.startswith(head()) else encrypt(decrypt(sealed, context), context)


def keyed_hash(value: str, purpose: str) -> str:
    """HMAC-SHA-256 as hex: equal values of one purpose have equal hashes, nobody else can make one."""
    message = f"{purpose}\x00{value}".encode()
    return hmac.new(settings.LOOKUP_KEY, message, hashlib.sha256).hexdigest()


class SealedField(models.BinaryField):
    """Bytes that the code seals and opens itself. `context` tells from a row what it is sealed for, so
    that whoever changes the key can seal it anew."""

    def __init__(self, *args: Any, context: Callable[[Any], str] | None = None, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.context = context

    def deconstruct(self) -> Any:
        """To the database, and so to migrations, it is bytes."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs

    def context_of(self, row: models.Model) -> str:
        assert self.context
        return self.context(row)


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

    def context_of(self, row: models.Model) -> str:
        return self._context

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
