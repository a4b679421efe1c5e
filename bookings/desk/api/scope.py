"""Who asks, of which station."""

from ninja.errors import HttpError

from bookings.desk.models import Device
from bookings.people.models import User
from bookings.people.requests import SignedIn
from bookings.people.roles import may, stations_of
from bookings.places.models import Station


class ApiRequest(SignedIn):
    """A request that a device's token or a staff member's session let through."""

    auth: Device | User


def station_of(request: ApiRequest, slug: str) -> Station:
    """The station that is meant: a device's own; of a staff member's the named one, or the first.
    404 for another one, 403 for a role without a desk."""
    by = request.auth
    station = _of_device(by, slug) if isinstance(by, Device) else _of_staff(request, slug)
    if station is None:
        raise HttpError(404, "no such station")
    return station


def _of_device(device: Device, slug: str) -> Station | None:
    return device.station if slug in ("", device.station.slug) else None


def _of_staff(request: ApiRequest, slug: str) -> Station | None:
    membership = request.membership
    if membership is None or not may(membership, "desk"):
        raise HttpError(403, "not a desk")
    stations = stations_of(membership)
    return (stations.filter(slug=slug) if slug else stations).first()
