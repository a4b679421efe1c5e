"""What a desk is called: a scan names its sender by number, people by name."""

from collections.abc import Iterable, Mapping

from bookings.beds.models import Stay
from bookings.core.prepared import Prepared
from bookings.desk.models import Device, Result, Scan
from bookings.people.models import User

OF_DEVICE = "device "


def sender(by: Device | User) -> str:
    """How a scan names who sent it through the API."""
    return f"{OF_DEVICE}{by.pk}" if isinstance(by, Device) else f"api {by.pk}"


def desk_of(scan: Scan) -> str:
    """The device's name, or that of who sent it; else as the scan has it."""
    return desks_of([scan])[scan.pk]


def desks_of(scans: Iterable[Scan]) -> dict[int, str]:
    """The same for many, with one query: scan → desk."""
    found = list(scans)
    numbers = [scan.device.removeprefix(OF_DEVICE) for scan in found]
    names = Device.objects.in_bulk([int(number) for number in numbers if number.isdecimal()])
    return {scan.pk: _called(scan, names) for scan in found}


def _called(scan: Scan, names: Mapping[int, Device]) -> str:
    number = scan.device.removeprefix(OF_DEVICE)
    if number != scan.device and number.isdecimal() and int(number) in names:
        return names[int(number)].name
    return str(scan.by) if scan.by else scan.device


def arrival_of(stay_id: int) -> Scan | None:
    """The scan that opened a stay."""
    return next(iter(ARRIVALS.ask(stay=stay_id)), None)


ARRIVALS = Prepared(
    lambda *, stay: Scan.objects.filter(
        stay=stay, action="arrive", result__in=[Result.OK, Result.WARN]
    ).select_related("by"),
    stay=(Stay._meta.get_field("id"), -1),
)
