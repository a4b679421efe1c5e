from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.core.clock import now
from bookings.operations.backups import make_backup
from bookings.operations.drill import drill
from bookings.operations.models import Run


class Command(BaseCommand):
    help = "Restore the newest backup of BACKUP_DIR into a scratch database and look through it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--backup", action="store_true", help="make a backup first")

    def handle(self, *, backup: bool, **options: Any) -> None:
        if backup:
            self._tell(make_backup(clock=now))
        self._tell(drill(clock=now))

    def _tell(self, run: Run | None) -> None:
        if run is None:
            raise CommandError("Another process is at it. Try again later.")
        said = ", ".join(f"{name} {value}" for name, value in run.figures.items())
        if not run.ok:
            raise CommandError(
                f"{run.get_kind_display()}: {run.get_reason_display()} {run.error} {said}"
            )
        self.stdout.write(f"{run.get_kind_display()}: {said}")
