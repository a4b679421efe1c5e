"""Which nights the sample guests take: every bed's own calendar, filled without a clash."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bookings.places.models import Bed

DAYS_BACK, DAYS_AHEAD = 400, 15
BUSY = 0.75  # of the beds' nights, at most
MEAN_NIGHTS = 4.5
LENGTHS = (1, 2, 3, 3, 4, 5, 5, 6, 7, 7)


@dataclass(frozen=True)
class Episode:
    """Nights [arrival, arrival + nights) in a bed by somebody of a sex."""

    bed: Bed
    sex: str
    arrival: dt.date
    nights: int

    @property
    def departure(self) -> dt.date:
        return self.arrival + dt.timedelta(days=self.nights)


def beds_needed(stays: int) -> int:
    """So many beds that the season's nights are busy, not bursting."""
    return round(stays * MEAN_NIGHTS / ((DAYS_BACK + DAYS_AHEAD) * BUSY))


def season(beds: list[Bed], *, stays: int, today: dt.date, dice: Random) -> Iterator[Episode]:
    """`stays` episodes, spread evenly over the beds. Each bed comes with its room."""
    first, last = today - dt.timedelta(days=DAYS_BACK), today + dt.timedelta(days=DAYS_AHEAD)
    turns: dict[int, list[tuple[dt.date, dt.date, str]]] = {}
    for number, bed in enumerate(beds):
        quota = stays * (number + 1) // len(beds) - stays * number // len(beds)
        spans = turns.setdefault(bed.room_id, _spans(bed.room.sex, first, last, dice))
        for place, (begin, end, sex) in enumerate(spans):
            share = quota // len(spans) + (place < quota % len(spans))
            yield from _fill(bed, sex, begin, end, share, dice)


def _spans(
    sex: str, first: dt.date, last: dt.date, dice: Random
) -> list[tuple[dt.date, dt.date, str]]:
    """A flexible room is one sex's, then, from some day on, the other's."""
    if sex != "flexible":
        return [(first, last, sex)]
    days = (last - first).days
    change = first + dt.timedelta(days=dice.randrange(days // 3, 2 * days // 3))
    one, other = dice.sample(["women", "men"], 2)
    return [(first, change, one), (change, last, other)]


def _fill(
    bed: Bed, sex: str, begin: dt.date, end: dt.date, count: int, dice: Random
) -> Iterator[Episode]:
    lengths = [dice.choice(LENGTHS) for _ in range(count)]
    days = (end - begin).days
    while sum(lengths) > days:  # too many long ones for this span: shorten the longest
        lengths[lengths.index(max(lengths))] -= 1
    spare = days - sum(lengths)
    cuts = sorted(dice.randrange(spare + 1) for _ in lengths)
    used = 0
    for cut, nights in zip(cuts, lengths, strict=True):
        yield Episode(bed, sex, begin + dt.timedelta(days=cut + used), nights)
        used += nights
