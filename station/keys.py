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
    text = text_secret(name, given, folder=folder, production=production, shortest=0)
    try:
        key = base64.urlsafe_b64decode(text)
    except (ValueError, binascii.Error) as error:
        raise ImproperlyConfigured(f"{name} is not base64.") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must be {KEY_BYTES} bytes as base64, not {len(key)}.")
    return key


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
