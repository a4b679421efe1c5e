"""How many more could sleep in the house on one night, whoever has not arrived moved as need be. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from bookings.beds.values import House, Night, PlanStay


def places_left(
    house: House, stays: Iterable[PlanStay], nights: Iterable[Night]
) -> dict[Night, dict[str, int]]:
    """Night by night how many more women, and how many more men, each alone, could be placed.

    Each night is looked at by itself: a room is women's or men's as a whole, rooms with guests who
    have arrived keep their sex, the other guests may sleep in any room. A stay of several nights may
    therefore find no bed where each of its nights has one, and so may one that needs a certain bed.
    """
    guests: dict[Night, list[PlanStay]] = defaultdict(list)
    for stay in stays:
        for night in stay.nights:
            guests[night].append(stay)
    closed: dict[Night, set[int]] = defaultdict(set)
    for bed, night in house.closed:
        closed[night].add(bed)
    room_of = {bed.id: bed.room for bed in house.beds}
    beds = Counter(room_of.values())
    return {
        night: _left(house, room_of, beds, guests[night], closed[night])
        for night in dict.fromkeys(nights)
    }


def _left(
    house: House,
    room_of: dict[int, int],
    beds: Counter[int],
    guests: list[PlanStay],
    closed: set[int],
) -> dict[str, int]:
    slept_in = {g.bed: g.sex for g in guests if g.fixed and g.bed in room_of}
    kept = {room_of[bed]: sex for bed, sex in slept_in.items() if bed is not None}
    # a bed closed under a guest who had arrived is still that guest's
    shut = Counter(room_of[bed] for bed in closed if bed in room_of and bed not in slept_in)
    left = {"women": 0, "men": 0}
    free: list[int] = []
    for room, sex in house.rooms.items():
        whose = kept.get(room) or (sex if sex != "flexible" else None)
        if whose:
            left[whose] += beds[room] - shut[room]
        else:
            free.append(beds[room] - shut[room])
    for guest in guests:
        left[guest.sex] -= 1
    sums = _sums(free)
    return {
        sex: max(0, left[sex] + _most(sums, sum(free) - max(0, -left[other])))
        for sex, other in (("women", "men"), ("men", "women"))
    }


def _sums(rooms: list[int]) -> int:
    """Bit n: some of the rooms have n beds together."""
    sums = 1
    for beds in rooms:
        sums |= sums << beds
    return sums


def _most(sums: int, limit: int) -> int:
    """The largest of the sums up to a limit; where the limit is below none, less than any lack."""
    return (sums & ((1 << limit + 1) - 1)).bit_length() - 1 if limit >= 0 else -(10**9)
