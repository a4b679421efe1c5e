"""Sample partners, whom the guests came by, and the pre-checks of the season."""

import datetime as dt
from random import Random

from bookings.core.clock import at_local, local_date
from bookings.demo.season import DAYS_BACK
from bookings.eligibility.models import PrecheckCount
from bookings.people.models import User
from bookings.places.channels import open_channel
from bookings.places.models import Channel, District

PARTNERS = [
    ("示例大学就业中心", Channel.Kind.UNIVERSITY),
    ("样例理工大学人才工作站", Channel.Kind.TALENT_STATION),
    ("演示人才市场", Channel.Kind.OTHER),
]
WEIGHTS = (4, 2, 1, 5)  # the last: by no partner
USUAL = {"approve": 9, "review": 4, "refuse": 6}  # pre-checks a day, about


def partners(district: District, manager: User, *, now: dt.datetime) -> list[Channel]:
    since = at_local(local_date(now) - dt.timedelta(days=DAYS_BACK), dt.time(9))
    return [
        open_channel(district=district, name=name, kind=kind, by=manager, now=since)
        for name, kind in PARTNERS
    ]


def prechecks(district: District, *, now: dt.datetime, seed: int) -> None:
    """Each day's counts, more of them in summer."""
    dice, today = Random(f"pre-checks {seed}"), local_date(now)
    counts = []
    for back in range(DAYS_BACK):
        day = today - dt.timedelta(days=back)
        busy = 2 if day.month in (6, 7, 8) else 1
        for outcome, usual in USUAL.items():
            count = dice.randrange(1, 2 * usual) * busy
            counts.append(PrecheckCount(district=district, day=day, outcome=outcome, count=count))
    PrecheckCount.objects.bulk_create(counts)
