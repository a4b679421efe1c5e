"""One night by itself: rooms given to women and men so that all have a bed. Pure.

Who has arrived keeps the room of that night to their sex; who has not may be in any room. What is
impossible on a night is impossible; what is possible on each night may still not be possible with one
bed for all nights of a stay.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bookings.beds.values import House, Night, PlanStay


@dataclass(frozen=True)
class OneNight:
    """How many women and men lack a bed in rooms that are theirs (below nought: beds to spare), and the
    beds of the rooms that may still be given to either."""

    women: int
    men: int
    free: tuple[int, ...]

    def shares(self) -> list[int]:
        """How many of the free rooms' beds women may have, so that men have theirs: each possible
        number that is enough for the women."""
        sums = 1  # bit n: some of the free rooms have n beds together
        for beds in self.free:
            sums |= sums << beds
        most = sum(self.free) - max(self.men, 0)
        return [n for n in range(max(self.women, 0), most + 1) if sums >> n & 1]

    def mirrored(self) -> "OneNight":
        return OneNight(self.men, self.women, self.free)

    def places_for_women(self) -> int:
        """How many more women could have a bed."""
        return max(self.shares(), default=self.women) - self.women


def held_each_night(house: House, stays: Iterable[PlanStay], wish: PlanStay) -> bool:
    """A necessary condition for a wish, quick to check: each of its nights can hold everybody."""
    nights = _nights(house, [*stays, wish], wish.nights)
    return all(night.shares() for night in nights.values())


def places_left(
    house: House, stays: Iterable[PlanStay], nights: Collection[Night]
) -> dict[Night, dict[str, int]]:
    """By night: how many more women could be placed if only women came, and how many men if only men
    came, each for that one night."""
    return {
        night: {
            "women": one.places_for_women(),
            "men": one.mirrored().places_for_women(),
        }
        for night, one in _nights(house, stays, nights).items()
    }


def _nights(
    house: House, stays: Iterable[PlanStay], nights: Collection[Night]
) -> dict[Night, OneNight]:
    """The nights asked for, in one pass over the stays."""
    room_of = {bed.id: bed.room for bed in house.beds}
    guests: dict[Night, dict[str, int]] = {night: {"women": 0, "men": 0} for night in nights}
    kept: dict[Night, dict[int, str]] = {night: {} for night in nights}
    for stay in stays:
        for night in stay.nights & guests.keys():
            guests[night][stay.sex] += 1
            if stay.fixed and stay.bed is not None:
                kept[night][room_of[stay.bed]] = stay.sex
    sizes: dict[int, int] = defaultdict(int)
    for bed in house.beds:
        sizes[bed.room] += 1
    closed: dict[Night, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for bed_id, night in house.closed:
        closed[night][room_of[bed_id]] += 1
    return {
        night: _one(house, sizes, closed[night], guests[night], kept[night]) for night in guests
    }


def _one(
    house: House,
    sizes: dict[int, int],
    closed: dict[int, int],
    lacking: dict[str, int],
    kept: dict[int, str],
) -> OneNight:
    free = []
    for room, sex in house.rooms.items():
        beds = sizes[room] - closed.get(room, 0)
        whose = kept.get(room) or (sex if sex != "flexible" else None)
        if whose:
            lacking[whose] -= beds
        else:
            free.append(beds)
    return OneNight(lacking["women"], lacking["men"], tuple(free))
