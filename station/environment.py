"""Variables of the environment, read as what they must be; nonsense stops the start with a sentence
that names the variable (ImproperlyConfigured)."""

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any

import environ
from croniter import croniter
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def choice(name: str, default: str, allowed: set[str]) -> str:
    value = str(env.str(name, default=default))
    if value not in allowed:
        raise ImproperlyConfigured(
            f"{name}={value!r}: must be one of {', '.join(sorted(allowed))}."
        )
    return value


def flag(name: str, default: bool) -> bool:
    return choice(name, str(default).lower(), {"true", "false"}) == "true"


def number(name: str, default: int) -> int:
    value = str(env.str(name, default=str(default)))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name}={value!r}: must be a whole number.")
    return int(value)


def cron(name: str, default: str) -> str:
    value = str(env.str(name, default=default))
    if not croniter.is_valid(value):
        raise ImproperlyConfigured(f"{name}={value!r}: must be five fields, as in {default!r}.")
    return value


def needed(because: str, *names: str) -> None:
    """None of these variables may be empty, because another one has a value that needs them."""
    for name in names:
        if not env.str(name, default=""):
            raise ImproperlyConfigured(f"{name} must be given where {because}.")


def table(name: str) -> dict[str, Any]:
    """JSON: a kind of message, and of each an object."""
    text = env.str(name, default="")
    try:
        value = json.loads(text or "{}")
    except ValueError:
        value = None
    if not isinstance(value, dict) or not all(isinstance(one, dict) for one in value.values()):
        raise ImproperlyConfigured(f"{name} must be a JSON object of objects (docs/messages.md).")
    return value


def hours(name: str, default: str) -> tuple[dt.time, dt.time] | None:
    """Two local times, as 21:30-08:00; empty: none."""
    text = str(env.str(name, default=default))
    if not text:
        return None
    try:
        start, end = (dt.time.fromisoformat(part) for part in text.split("-"))
        if start == end:
            raise ValueError
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={text!r}: must be two times, as {default}.") from error
    return start, end


def price(name: str, default: str) -> Decimal:
    text = str(env.str(name, default=default))
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,2})?", text):
        raise ImproperlyConfigured(f"{name}={text!r}: must be an amount in fen, as {default}.")
    return Decimal(text)


def address(name: str, *, secure: bool) -> str:
    text = str(env.str(name, default="")).rstrip("/")
    if text and not text.startswith("https://" if secure else ("http://", "https://")):
        raise ImproperlyConfigured(f"{name} must start with https://.")
    return text
