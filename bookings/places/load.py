"""Districts that are shipped as data: a file of `districts/` becomes a District and its first Policy."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from bookings.places.models import District, Policy

FOLDER = Path(__file__).parent / "districts"


class NoSuchDistrict(Exception):
    """No file is shipped for this code."""


@cache
def _data(code: str) -> dict[str, dict[str, Any]]:
    file = FOLDER / f"{code}.json"
    if not (code.isascii() and code.isdigit() and file.exists()):
        raise NoSuchDistrict(code)
    data: dict[str, dict[str, Any]] = json.loads(file.read_text())
    return data


@transaction.atomic
def load_district(code: str) -> District:
    """The district and its first policy in the database, made if missing. Errors: NoSuchDistrict."""
    data = _data(code)
    district, _ = District.objects.get_or_create(code=code, defaults=data["district"])
    Policy.objects.get_or_create(
        district=district, version=data["policy"]["version"], defaults=data["policy"]
    )
    return district


def shipped_policy(code: str) -> Policy:
    """The shipped district's policy, not in the database. Errors: NoSuchDistrict."""
    data = _data(code)
    return Policy(district=District(**data["district"]), **data["policy"])
