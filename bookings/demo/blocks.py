"""Very many sample guests: block after block of stations, each a copy of the first."""

from bookings.demo import places
from bookings.demo.calls import went_silent
from bookings.demo.copies import Block, go_on_counting
from bookings.demo.season import beds_needed
from bookings.demo.stays import Season

MOST = 10_000  # stays in a block: those are made one by one
USUAL = 1000  # of so many stays the two stations that the sample stories are about have their share


def in_blocks(season: Season, stays: int) -> int:
    """Write about so many stays at stations of their own; how many exactly."""
    blocks = -(-stays // MOST)
    each = stays // blocks
    beds = places.blocks(season.district, blocks, beds=beds_needed(each))
    season.seed(beds, stays=each)
    went_silent(season.district, season.reviewer, now=season.now)  # once, and not for each copy
    first = Block(beds)
    for number in range(1, blocks):
        first.copy(number)
    go_on_counting()
    return each * blocks
