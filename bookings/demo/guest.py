"""One sample guest, as the rows come to be."""

import dataclasses
import datetime as dt

from bookings.applications.models import Application
from bookings.beds.models import Stay
from bookings.core.clock import nights_between
from bookings.demo.season import Episode
from bookings.eligibility.models import Decision
from bookings.people.models import Graduate


@dataclasses.dataclass
class Guest:
    """One episode with its rows, as they come to be."""

    episode: Episode
    fate: str  # the stay's status, or "refused"
    application: Application
    decisions: list[Decision]
    stay: Stay | None = None
    left_on: dt.date | None = None

    @property
    def person(self) -> Graduate:
        assert self.application.graduate is not None
        return self.application.graduate

    @property
    def nights(self) -> list[dt.date]:
        """The nights that the guest has slept or will sleep here."""
        return nights_between(self.episode.arrival, self.left_on or self.episode.departure)

    @property
    def given_back(self) -> list[tuple[str, int]]:
        """The nights not slept, each with its bed, as the stay keeps them."""
        rest = nights_between(self.left_on or self.episode.departure, self.episode.departure)
        return [(night.isoformat(), self.episode.bed.pk) for night in rest]
