"""What a carrier gets, and how it says no."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings

from bookings.messages.models import Reason


@dataclass(frozen=True)
class Letter:
    """A message as plain values. `key` is the same at every try: who knows it knows a double."""

    key: str
    kind: str
    language: str
    to: str
    subject: str
    text: str
    params: Mapping[str, str]


Carrier = Callable[[Letter], str]


class Untaken(Exception):
    """The carrier did not take a letter; nothing of the letter stands in it."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.value)


class Later(Untaken):
    """Another try can help."""


class Never(Untaken):
    """It will never go this way."""


def template_of(letter: Letter, templates: Mapping[str, Mapping[str, str]]) -> str:
    """The gateway's template for this kind in the letter's language, else in Chinese. Errors: Never."""
    known = templates.get(letter.kind, {})
    template = known.get(letter.language) or known.get(settings.LANGUAGE_CODE)
    if not template:
        raise Never(Reason.TEMPLATE)
    return template


def path_of(link: str) -> str:
    """A link without this site's name: gateways want the name fixed in the template."""
    return link.removeprefix(str(settings.SITE_URL)).removeprefix("/")


def fillings(letter: Letter) -> dict[str, str]:
    """The parameters for an SMS template."""
    return {name: path_of(v) if name == "link" else v for name, v in letter.params.items()}
