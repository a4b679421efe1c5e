"""Secrets of this installation: from the environment, or, in local mode, made once and kept in var/.

Production never invents a secret: a missing one stops the start with a sentence that names it.
"""

import base64
import binascii
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


def text_secret(
    name: str, given: str, *, folder: Path, production: bool, shortest: int = 50
) -> str:
    """Return the secret called `name`: `given` if set, else (local mode only) one kept in `folder`.

    Raises ImproperlyConfigured in production when it is missing or too short to be one.
    """
    if given:
        if production and len(given) < shortest:
            raise ImproperlyConfigured(
                f"{name} is too short: use at least {shortest} random characters."
            )
        return given
    if production:
        raise ImproperlyConfigured(f"{name} must be set in production; it is never defaulted.")
    return _kept(folder / name.lower())


def key_secret(name: str, given: str, *, folder: Path, production: bool) -> bytes:
    """Return a 32-byte key, given as base64. Errors: ImproperlyConfigured, naming the variable."""
    return _key(name, text_secret(name, given, folder=folder, production=production, shortest=0))


def _key(name: str, text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text)
    except (ValueError, binascii.Error) as error:
        raise ImproperlyConfigured(f"{name} is not base64.") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must be {KEY_BYTES} bytes as base64, not {len(key)}.")
    return key


def data_keys(
    *, one: str, several: str, file: str, folder: Path, production: bool
) -> tuple[bytes, ...]:
    """The keys of sealed data, of which the first seals and all open: from DATA_KEYS_FILE, DATA_KEYS or
    DATA_KEY, just one of them. Errors: ImproperlyConfigured."""
    given = {"DATA_KEYS_FILE": file, "DATA_KEYS": several, "DATA_KEY": one}
    named = [name for name, value in given.items() if value]
    if len(named) > 1:
        raise ImproperlyConfigured(f"{named[0]} and {named[1]} are both set: give one of them.")
    name = named[0] if named else "DATA_KEY"
    text = _lines(Path(file)) if file else several or one
    text = text or text_secret(name, "", folder=folder, production=production)
    keys = tuple(_key(name, word) for word in text.replace(",", " ").split())
    if not keys:
        raise ImproperlyConfigured(f"{name} holds no key.")
    if len(set(keys)) < len(keys):
        raise ImproperlyConfigured(f"{name} holds a key twice.")
    return keys


def _lines(path: Path) -> str:
    """A file of keys, one a line, `#` before a remark."""
    try:
        lines = path.read_text().splitlines()
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATA_KEYS_FILE={path}: cannot be read: {error.strerror}."
        ) from error
    return " ".join(line.split("#")[0] for line in lines) or " "


def _kept(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    try:
        with path.open("x") as file:  # the first process wins, the others read what it wrote
            path.chmod(0o600)
            file.write(text)
    except FileExistsError:
        pass
    return path.read_text().strip()
