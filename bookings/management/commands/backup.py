from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.backup.archive import backup
from bookings.core.clock import now


class Command(BaseCommand):
    help = "Write everything, evidence too, into one encrypted file, while the site goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            report = backup(file, now=now().isoformat())
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}") from error
        rows = sum(report.counts.values())
        self.stdout.write(f"{rows} rows and {report.files} files of evidence in {file}")
        if report.missing:
            self.stderr.write(f"{report.missing} files of evidence were not found")
