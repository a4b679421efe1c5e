import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.rotation import Place, Report, count_old, places, rotate

TELL_EVERY = 5  # seconds


class Command(BaseCommand):
    help = (
        "Seal everything anew with the first of the DATA_KEYS, while the site goes on. Safe to kill "
        "and to run again. Exit 1 while something still needs another key."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only count what is left to do")

    def handle(self, *, check: bool, **options: Any) -> None:
        left = 0
        for place in places():
            if not check:
                self._rotate(place)
            count = count_old(place)
            self.stdout.write(f"{place.name}: {count} rows with a former key")
            left += count
        if left:
            raise CommandError(f"{left} rows still need a former key", returncode=1)
        self.stdout.write("Everything is sealed with the first of the DATA_KEYS.")

    def _rotate(self, place: Place) -> None:
        told = time.monotonic()

        def tell(report: Report) -> None:
            nonlocal told
            if time.monotonic() - told >= TELL_EVERY:
                told = time.monotonic()
                self.stdout.write(f"{place.name}: {report.done} so far")

        report = rotate(place, tell=tell)
        if report.done:
            self.stdout.write(f"{place.name}: {report.done} sealed anew")
        if report.unreadable:
            self.stderr.write(f"{place.name}: {report.unreadable} rows open with none of our keys")
