from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.beds.models import Stay
from bookings.core.bulk import analyze
from bookings.core.clock import now
from bookings.demo import places
from bookings.demo.blocks import MOST, USUAL, in_blocks
from bookings.demo.bureau import bureau_lists
from bookings.demo.calls import calls
from bookings.demo.carriers import carriers
from bookings.demo.deletions import deletions
from bookings.demo.front_desk import front_desk
from bookings.demo.neighbour import neighbour as add_neighbour
from bookings.demo.next_policy import next_policy
from bookings.demo.offline import offline
from bookings.demo.operations import operations
from bookings.demo.partners import partners, prechecks
from bookings.demo.reports import reports
from bookings.demo.season import beds_needed
from bookings.demo.second_looks import second_looks
from bookings.demo.services import services
from bookings.demo.stays import Season
from bookings.demo.waiting import waiting
from bookings.demo.walk_ins import walk_ins
from bookings.people.models import User
from bookings.places.models import Bed, District, Station


class Command(BaseCommand):
    help = (
        "Rencheng District with its policy, sample stations, staff, and a season of fictional "
        "guests. Safe to run again: each district's guests are only made once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--stays",
            type=int,
            default=1000,
            help="how many stays in the season (1000); a handful around a waitlist and a desk come on top",
        )
        parser.add_argument(
            "--neighbour", action="store_true", help="a second, small district beside it"
        )
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same guests")

    def handle(self, *, stays: int, seed: int, neighbour: bool, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo data is not for production.")
        if stays < 0:
            raise CommandError("--stays must not be negative.")
        district = places.rencheng()
        first, second, *_ = places.stations(district)
        places.staff(district, desk=first)
        if not Stay.objects.exists():
            self._season(district, first, second, stays=stays, seed=seed)
        if neighbour:
            add_neighbour(district, now=now(), seed=seed)
        self.stdout.write(f"{Stay.objects.count()} sample stays")

    def _season(
        self, district: District, first: Station, second: Station, *, stays: int, seed: int
    ) -> None:
        reviewer = User.objects.get(email="reviewer@example.test")
        manager = User.objects.get(email="manager@example.test")
        senders = partners(district, manager, now=now())
        whole = Season(district, reviewer, senders, now=now(), seed=seed)
        if stays > MOST:
            stays -= in_blocks(whole, stays - USUAL)
        places.more_stations(district, beds=beds_needed(stays))
        beds = Bed.objects.filter(room__station__stays=None).select_related("room__station")
        whole.seed(list(beds.order_by("pk")), stays=stays)
        analyze()
        prechecks(district, now=now(), seed=seed)
        second_looks(district, first, reviewer, now=now(), seed=seed)
        waiting(district, second, now=now(), seed=seed)
        calls(district, reviewer, manager, now=now())
        next_policy(district, manager, now=now())
        deletions(district, now=now())
        clerk = User.objects.get(email="clerk@example.test")
        for station in (first, second):
            offline(station, manager, now=now())
            services(station, reviewer, now=now())
        front_desk(first, clerk=clerk, colleague=manager, now=now())
        walk_ins(district, first, now=now(), seed=seed)
        places.invited(district, manager, now=now())
        bureau_lists(district, manager, now=now(), seed=seed)
        reports(district, manager, now=now())
        carriers(district, reviewer, now=now())
        operations(district, manager, now=now())
