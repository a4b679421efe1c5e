"""Notice that a desk without the network told a guest otherwise."""

from bookings.beds.allocate import bed_of
from bookings.desk.conflicts.models import Conflict
from bookings.desk.models import Action, Reason, Result, Scan

WELCOME = (Result.OK, Result.WARN)


def note(scan: Scan) -> Conflict | None:
    """The conflict of a scan just recorded, if there is one."""
    if not scan.offline or scan.told not in WELCOME:
        return None
    if scan.action == Action.CHECK and scan.reason != Reason.UNREADABLE:
        return None  # nothing was done, only looked at
    if scan.result == Result.REFUSED:
        return Conflict.objects.create(scan=scan)
    if scan.action != Action.ARRIVE or not scan.told_bed or scan.stay is None:
        return None
    planned = bed_of(scan.stay)
    if planned is None or str(planned) == scan.told_bed:
        return None
    return Conflict.objects.create(scan=scan, planned=planned)
