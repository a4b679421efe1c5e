"""Somebody takes what is kept about them out of the house: noted, like every other look at it."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.db import transaction

from bookings.core import audit
from bookings.journey.portrait import paper
from bookings.journey.portrait.facts import portrait
from bookings.people.graduate import district_id_of
from bookings.people.models import User
from bookings.places.models import District


def take_portrait(*, user: User, now: dt.datetime) -> dict[str, Any]:
    """The portrait as plain values, to be handed out as JSON."""
    return _taken(user, "json", district_id_of(user), now)


def take_portrait_pdf(*, user: User, now: dt.datetime, fonts: Path) -> bytes:
    """The portrait as an A4 file in the active language, with the fonts of an npm package's folder."""
    place = district_id_of(user)
    data = _taken(user, "pdf", place, now)
    district = District.objects.filter(pk=place).first() if place else None
    return paper.render(data, issuer=district.issuer if district else "", now=now, fonts=fonts)


@transaction.atomic
def _taken(user: User, file: str, district: int | None, now: dt.datetime) -> dict[str, Any]:
    audit.record("take own data", user, by=user, now=now, district_id=district, file=file)
    return portrait(user=user)
