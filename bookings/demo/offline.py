"""A sample evening without the network: a tablet let guests pass, and the house says otherwise."""

import datetime as dt

from bookings import journey
from bookings.beds.allocate import bed_of
from bookings.beds.models import Stay
from bookings.core.clock import local_date
from bookings.desk.devices import issue_device
from bookings.desk.models import Scan
from bookings.desk.scan import Sent
from bookings.people.models import User
from bookings.places.models import Bed, Station

LEAST = 3  # are expected today, so that one of them may have come


def offline(station: Station, by: User, *, now: dt.datetime) -> None:
    """One conflict of each kind where there are guests for it; one of them is settled."""
    device, _token = issue_device(station=station, name="门口平板", by=by, now=now)
    stays = Stay.objects.filter(station=station).order_by("pk")
    twice = stays.filter(status="arrived", passes__isnull=False)[:2]
    given_up = stays.filter(status="no_show", departure__gt=local_date(now))[:1]
    at, tablet = now - dt.timedelta(hours=1), f"device {device.pk}"
    taken = [_scan(stay, tablet, at=at, now=now) for stay in [*twice, *given_up]]
    if len(twice) > 1:
        note = "两块平板先后核验"
        journey.settle(conflict=taken[0].conflict, way="same_guest", note=note, by=by, now=now)
    expected = stays.filter(status="promised", arrival=local_date(now))
    if len(expected) >= LEAST:
        _in_another_bed(expected[0], tablet, at=at, now=now)


def _in_another_bed(stay: Stay, tablet: str, *, at: dt.datetime, now: dt.datetime) -> None:
    beds = Bed.objects.filter(room__station=stay.station).select_related("room").order_by("pk")
    planned = bed_of(stay)
    other = next((bed for bed in beds if bed != planned), None)
    _scan(stay, tablet, at=at, now=now, bed=str(other or ""))


def _scan(stay: Stay, tablet: str, *, at: dt.datetime, now: dt.datetime, bed: str = "") -> Scan:
    sent = Sent(
        station=stay.station,
        device=tablet,
        nonce=f"offline-{stay.pk}",
        code=stay.passes.latest("issued_at").short_code,
        action="arrive",
        at=at,
        offline=True,
        told="ok",
        told_bed=bed,
    )
    return journey.scan(sent=sent, now=now)
