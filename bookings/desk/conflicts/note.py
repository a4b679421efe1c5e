"""Notice that a desk without the network told a guest otherwise."""

from bookings.beds.allocate import bed_of
from bookings.desk.conflicts.models import Conflict
from bookings.desk.models import Action, Result, Scan

WELCOME = (Result.OK, Result.WARN)


def note(scan: Scan) -> Conflict | None:
    """The conflict of a scan just recorded, if there is one."""
    if not scan.offline or scan.told not in WELCOME or scan.action == Action.CHECK:
        return None
    if scan.result == Result.REFUSED:
        return Conflict.objects.create(scan=scan)
    if scan.action != Action.ARRIVE or not scan.told_bed or scan.stay is None:
        return None
    planned = bed_of(scan.stay)
    if planned is None or str(planned) == scan.told_bed:
        return None
    return Conflict.objects.create(scan=scan, planned=planned)
