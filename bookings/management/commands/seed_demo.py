from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from bookings.demo import places


class Command(BaseCommand):
    help = "Rencheng District with its policy, sample stations and staff. Safe to run again."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo data is not for production.")
        district = places.rencheng()
        first, *_ = places.stations(district)
        places.staff(district, first)
