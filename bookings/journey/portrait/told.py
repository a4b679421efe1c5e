"""The portrait in words: every key and code as people read it, nothing left out."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bookings.eligibility.wording import tell
from bookings.journey.portrait.words import CODES, LABELS

ISO = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.+Z]+)?", re.ASCII)
NOTHING = "—"


class Group(NamedTuple):
    """One thing that is kept: its label and value a row, and its parts, each with its label."""

    rows: list[tuple[str, str]]
    parts: list[tuple[str, list["Group"]]]


def in_words(where: str, part: Any) -> list[Group]:
    """A part of the portrait, or a list of such, in the active language; `where` is the key that it
    stands under."""
    if where == "findings":
        rows = [(one.title, f"{one.outcome_label} · {one.sentence}") for one in tell(part)]
        return [Group(rows, [])]
    many = [part] if isinstance(part, Mapping) else part
    return [_group(where, one) for one in many or []]


def _group(where: str, facts: Mapping[str, Any]) -> Group:
    return Group(
        [
            (label(key, where), _value(where, key, value))
            for key, value in facts.items()
            if not _has_parts(value)
        ],
        [(label(key), in_words(key, value)) for key, value in facts.items() if _has_parts(value)],
    )


def _has_parts(value: Any) -> bool:
    first = next(iter(value), None) if isinstance(value, list) else value
    return bool(first) and isinstance(first, Mapping)


def label(key: str, where: str = "") -> str:
    return str(LABELS.get(f"{where}.{key}") or LABELS.get(key, key))


def _value(where: str, key: str, value: Any) -> str:
    """One value in words, as the list or part `where` means it."""
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    codes = CODES.get((where, key), {})
    if isinstance(value, list):
        return str(_(", ")).join(str(codes.get(one, one)) for one in value)
    return readable(str(codes.get(value, value)))


def readable(value: str) -> str:
    """Days and instants (ISO) as people read them, instants in local time; anything else as it is."""
    if not ISO.fullmatch(value):
        return value
    try:
        if "T" not in value:
            return date_format(dt.date.fromisoformat(value), "DATE_FORMAT")
        instant = timezone.localtime(dt.datetime.fromisoformat(value))
    except ValueError:
        return value
    return date_format(instant, "DATETIME_FORMAT")
