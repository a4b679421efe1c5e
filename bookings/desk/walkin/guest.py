"""What a clerk learns from somebody who stands at the desk."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class AtTheDesk:
    """`person` as people.graduate.save_person takes it; nights are from tonight; `seen` are the kinds
    of Evidence that the clerk has in hand; `phone` is E.164, empty where there is none; `nonce` is
    the page's own number.

    `to_reviewer`: where papers are missing, a reviewer may decide while the guest waits.
    """

    person: dict[str, Any]
    purpose: str
    nights: int
    seen: frozenset[str]
    nonce: str
    phone: str = ""
    language: str = "zh-hans"
    follow_up_consent: bool = False
    to_reviewer: bool = True
