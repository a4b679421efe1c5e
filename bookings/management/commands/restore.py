from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.backup.archive import BadBackup, restore


class Command(BaseCommand):
    help = "Bring everything back from a backup into an empty database; compares counts and hashes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        call_command("prepare")
        try:
            report = restore(file)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        except BadBackup as error:
            raise CommandError(f"{file} cannot be restored: {error}.") from error
        rows = sum(report.counts.values())
        self.stdout.write(f"{rows} rows and {report.files} files of evidence; all hashes agree")
