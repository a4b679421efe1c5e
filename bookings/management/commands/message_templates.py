from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from bookings.messages.kinds import KINDS, MAIL, Kind

# how a gateway writes the parameter of a name and a place
WRITTEN: dict[str, Callable[[str, int], str]] = {
    "alibaba": lambda name, number: f"${{{name}}}",
    "tencent": lambda name, number: f"{{{number}}}",
}


class Command(BaseCommand):
    help = "The texts to register at an SMS gateway, one a line: kind, language, text."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("gateway", choices=sorted(WRITTEN))

    def handle(self, *, gateway: str, **options: Any) -> None:
        for name, kind in KINDS.items():
            if kind.by == MAIL:
                continue
            for language, _ in settings.LANGUAGES:
                with translation.override(language):
                    text = kind.render(_filled(kind, WRITTEN[gateway]))
                self.stdout.write(f"{name}\t{language}\t{text}")


def _filled(kind: Kind, written: Callable[[str, int], str]) -> dict[str, str]:
    """A gateway gets the link without this site's name, which is fixed in the template."""
    filled = {name: written(name, place) for place, name in enumerate(kind.parameters, 1)}
    if "link" in filled:
        filled["link"] = f"{settings.SITE_URL}/{filled['link']}"
    return filled
