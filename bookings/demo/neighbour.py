"""A second district, small and fictional, so that an observer has two to lay side by side."""

import datetime as dt

from bookings.core.clock import local_date
from bookings.demo import places
from bookings.demo.partners import partners, prechecks
from bookings.demo.stays import Season
from bookings.people.models import Membership, Role, User
from bookings.places.models import Bed, District, Policy

CODE = "999901"  # no region's
FIRST_GUEST = 8_000_000  # of the sample people; the first district's are never so many
NAMES = {
    "name_zh": "样例新区",
    "name_en": "Sample New District",
    "issuer_zh": "共青团样例新区委员会（演示）",
    "issuer_en": "Sample New District Committee of the Youth League (demo)",
    "hotline": "0537-0000002",
}
MANAGER = ("neighbour@example.test", "测试邻区经理", Role.MANAGER)


def neighbour(first: District, *, now: dt.datetime, seed: int, stays: int = 150) -> District:
    """With a station, the first one's rules as its policy, and a season of guests; the sample observer
    is invited. It is made once."""
    district, is_new = District.objects.get_or_create(code=CODE, defaults=NAMES)
    if not is_new:
        return district
    policy = Policy.objects.in_force(first, local_date(now))
    policy.pk, policy.district, policy.version, policy._state.adding = None, district, 1, True
    policy.save()
    places.station(district, "sample-new", "样例新站", "Sample New Station", "样例路1号", 2)
    manager = places.staff(district, [MANAGER])[0]
    season = Season(district, manager, partners(district, manager, now=now), now=now, seed=seed)
    beds = Bed.objects.filter(room__station__district=district).select_related("room__station")
    season.seed(list(beds.order_by("pk")), stays=stays, first=FIRST_GUEST)
    prechecks(district, now=now, seed=seed + 1)
    observer = Membership.objects.get(user=User.objects.get(email="observer@example.test"))
    observer.observes.add(district)
    return district
