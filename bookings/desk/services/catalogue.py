"""The catalogue of a station: services added and changed, and slots made in a series."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from bookings.core import audit
from bookings.core.clock import at_local
from bookings.core.errors import Refusal
from bookings.core.transitions import StateChanged
from bookings.desk.models import Service
from bookings.desk.services.models import Slot
from bookings.people.models import User
from bookings.places.models import Station

CODE_LENGTH = 30


class SameService(Refusal):
    code = "same_service"
    sentence = _(
        "This station has a service of this English name. Change that one, or name it apart."
    )
    field = "name_en"


class NoCode(Refusal):
    code = "no_code"
    sentence = _("Write the English name in Latin letters: the service's code is made from it.")
    field = "name_en"


def add_service(
    *, station: Station, values: Mapping[str, object], by: User, now: dt.datetime
) -> Service:
    """A new service; its code, which devices send, is its English name. Errors: SameService, NoCode."""
    code = slugify(str(values["name_en"]))[:CODE_LENGTH]
    if not code:
        raise NoCode
    try:
        with transaction.atomic():
            service = Service.objects.create(station=station, code=code, **values)
            _log("add service", service, by, now)
    except IntegrityError as error:
        raise SameService from error
    return service


@transaction.atomic
def change_service(
    *, service: Service, values: Mapping[str, object], seen: int, by: User, now: dt.datetime
) -> None:
    """Change what was `seen` (the version on the page). What was counted before stays counted.

    Errors: StateChanged (somebody else has changed it since).
    """
    rows = Service.objects.filter(pk=service.pk, version=seen)
    if rows.update(**values, version=seen + 1) != 1:
        raise StateChanged
    _log("change service", service, by, now)


@dataclass(frozen=True)
class Series:
    """Slots at the same local hours: `times` of them, `every` so many days, from `first_day` on."""

    first_day: dt.date
    times: int
    every: int
    starts: dt.time
    ends: dt.time
    capacity: int
    title_zh: str = ""
    title_en: str = ""
    place: str = ""

    @property
    def days(self) -> list[dt.date]:
        return [self.first_day + dt.timedelta(days=self.every * n) for n in range(self.times)]


@transaction.atomic
def make_slots(*, service: Service, series: Series, by: User, now: dt.datetime) -> int:
    """Make the slots of a series that are not there yet and have not begun. How many were made."""
    service = Service.objects.select_for_update(no_key=True, of=("self",)).get(pk=service.pk)
    there = service.slots.standing().filter(title_zh=series.title_zh)
    known = set(there.values_list("starts_at", flat=True))
    slots = [_slot(service, series, day) for day in series.days]
    new = [slot for slot in slots if slot.starts_at > now and slot.starts_at not in known]
    Slot.objects.bulk_create(new)
    if new:
        _log("make slots", service, by, now, slots=len(new), first=str(series.first_day))
    return len(new)


def _slot(service: Service, series: Series, day: dt.date) -> Slot:
    return Slot(
        service=service,
        starts_at=at_local(day, series.starts),
        ends_at=at_local(day, series.ends),
        capacity=series.capacity,
        title_zh=series.title_zh,
        title_en=series.title_en,
        place=series.place,
    )


def _log(action: str, service: Service, by: User, now: dt.datetime, **details: object) -> None:
    district = service.station.district_id
    audit.record(action, service, by=by, now=now, district_id=district, **details)
