"""Enter a shipped district and its first policy."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.places.load import FOLDER, NoSuchDistrict, load_district


class Command(BaseCommand):
    help = "Enter a district that is shipped as data, with its first policy. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="its GB/T 2260 code")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        try:
            district = load_district(code)
        except NoSuchDistrict as error:
            shipped = ", ".join(sorted(file.stem for file in FOLDER.glob("*.json")))
            raise CommandError(f"{code} is not shipped; shipped are: {shipped}") from error
        self.stdout.write(f"{district.code} {district.name_zh} ({district.name_en})")
