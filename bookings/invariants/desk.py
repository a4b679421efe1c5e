"""What was done at the desk."""

from django.db.models import Count, F, Q

from bookings.beds.models import Stay
from bookings.desk.models import Redemption, Scan
from bookings.desk.register.models import Registration
from bookings.desk.services.models import Booking
from bookings.invariants.common import CHUNK, Breaches, twice


def a_code_opens_a_stay_once() -> Breaches:
    """7 One accepted arrival a stay, one scan a nonce, one valid pass a promised stay."""
    yield from twice(Scan, "device", "nonce")
    came = Stay.objects.annotate(
        arrivals=Count(
            "scans",
            filter=Q(scans__action="arrive", scans__result__in=["ok", "warn"]),
            distinct=True,
        ),
        valid=Count("passes", filter=Q(passes__revoked_at=None), distinct=True),
    )
    for stay in came.iterator(CHUNK):
        arrived = stay.status in (Stay.Status.ARRIVED, Stay.Status.LEFT)
        if stay.arrivals != int(arrived):
            yield f"stay {stay.pk} ({stay.status}) was opened {stay.arrivals} times"
        if stay.status in (Stay.Status.PROMISED, Stay.Status.ARRIVED) and stay.valid != 1:
            yield f"stay {stay.pk} has {stay.valid} valid passes"
    told = Scan.objects.filter(offline=True, result="refused", told__in=["ok", "warn"])
    looked = Q(action="check") & ~Q(reason="unreadable")  # nothing was done
    for scan in told.exclude(looked).filter(conflict=None):
        yield f"scan {scan.pk} was told otherwise without the network, and nobody has to settle it"
    for used in Redemption.objects.filter(number__gt=F("allowed")):
        yield f"redemption {used.pk} is beyond the day's uses"
    for place in Booking.objects.filter(number__gt=F("slot__capacity")):
        yield f"booking {place.pk} is beyond the places of its slot"


def each_guest_is_in_the_register() -> Breaches:
    """7 Whoever came has one registration, and nobody else; one that cannot be sent says why."""
    came = Q(status__in=[Stay.Status.ARRIVED, Stay.Status.LEFT])
    for stay in Stay.objects.filter(came, registration=None).iterator():
        yield f"stay {stay.pk} ({stay.status}) is not in the guest register"
    for stay in Stay.objects.exclude(came).exclude(registration=None).iterator():
        yield f"stay {stay.pk} ({stay.status}) is in the guest register, but nobody came"
    lacking = Registration.objects.filter(state=Registration.State.INCOMPLETE)
    for row in lacking.filter(missing=[]):
        yield f"registration {row.pk} is incomplete, but nothing is missing"
