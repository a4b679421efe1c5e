from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bookings.demo.neighbour import MANAGER
from bookings.demo.places import PASSWORD, STAFF


class Command(BaseCommand):
    help = "Print whom one can sign in as in local mode."

    def handle(self, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("There are no demo log-ins in production.")
        for email, _name, role in [*STAFF, MANAGER]:
            self.stdout.write(f"  {role.label}: {email}  {PASSWORD}")
        self.stdout.write(
            f"  Graduates: any mobile number; codes at {settings.SITE_URL}/dev/outbox/"
        )
