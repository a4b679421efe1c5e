from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bookings.invariants import INVARIANTS, breaches


class Command(BaseCommand):
    help = "Check every invariant over the whole database; print each breach; exit 1 if any."

    def handle(self, **options: Any) -> None:
        count = 0
        for breach in breaches():
            count += 1
            self.stderr.write(breach)
        if count:
            raise CommandError(f"{count} breaches", returncode=1)
        self.stdout.write(f"{len(INVARIANTS)} invariants hold.")
