from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.places.models import District
from bookings.retention.bureau.match import bureau_key


class Command(BaseCommand):
    help = (
        "The key with which a district's bureau may hash document numbers before it sends its list "
        "(docs/bureau.md). Hand it over in person; it finds nothing in our own database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("district", metavar="CODE", help="GB/T 2260 code")

    def handle(self, *, district: str, **options: Any) -> None:
        found = District.objects.filter(code=district).first()
        if found is None:
            raise CommandError(f"There is no district {district}.")
        self.stdout.write(bureau_key(found).hex())
