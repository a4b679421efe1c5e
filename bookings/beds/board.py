"""Who sleeps where, as the planner works with it: guests enter and leave it quickly. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bookings.beds.values import House, Night, PlanBed, PlanStay


@dataclass(frozen=True)
class Conflict:
    """Who is in the way of a stay in a bed; `fixed` where one of them cannot be moved."""

    stays: tuple[int, ...]
    fixed: bool


class Board:
    """A house with its guests. `beds` holds each guest's bed. What is tried can be taken back."""

    def __init__(self, house: House, stays: Iterable[PlanStay]) -> None:
        self.house = house
        self.rooms: dict[int, list[PlanBed]] = {}
        for bed in house.beds:
            self.rooms.setdefault(bed.room, []).append(bed)
        self._room_of = {bed.id: bed.room for bed in house.beds}
        self.stays: dict[int, PlanStay] = {}
        self.beds: dict[int, int] = {}
        self._slept: dict[tuple[int, Night], int] = {}
        self._guests: dict[tuple[int, Night], set[int]] = {}
        self._done: list[tuple[PlanStay, int, bool]] = []  # stay, bed, whether it entered
        for stay in stays:
            if stay.bed is not None:
                self._enter(stay, stay.bed)

    def enter(self, stay: PlanStay, bed: int) -> None:
        self._enter(stay, bed)
        self._done.append((stay, bed, True))

    def leave(self, stay: PlanStay) -> None:
        self._done.append((stay, self._leave(stay), False))

    def now(self) -> int:
        """A mark for `back`."""
        return len(self._done)

    def back(self, mark: int) -> None:
        """Take back what was done since a mark."""
        while len(self._done) > mark:
            stay, bed, entered = self._done.pop()
            if entered:
                self._leave(stay)
            else:
                self._enter(stay, bed)

    def _enter(self, stay: PlanStay, bed: int) -> None:
        room = self._room_of[bed]
        self.stays[stay.id], self.beds[stay.id] = stay, bed
        for night in stay.nights:
            self._slept[bed, night] = stay.id
            self._guests.setdefault((room, night), set()).add(stay.id)

    def _leave(self, stay: PlanStay) -> int:
        bed = self.beds.pop(stay.id)
        del self.stays[stay.id]
        room = self._room_of[bed]
        for night in stay.nights:
            del self._slept[bed, night]
            guests = self._guests[room, night]
            guests.discard(stay.id)
            if not guests:
                del self._guests[room, night]
        return bed

    def suits(self, bed: PlanBed, wish: PlanStay) -> bool:
        """Whether the bed is right for the wish, whoever sleeps in it."""
        return self.house.rooms[bed.room] in ("flexible", wish.sex) and wish.needs <= bed.offers

    def fits(self, bed: PlanBed, wish: PlanStay) -> bool:
        """Whether the wish could sleep in this bed on all its nights, as things stand."""
        if not self.suits(bed, wish):
            return False
        slept, closed, guests, stays = self._slept, self.house.closed, self._guests, self.stays
        for night in wish.nights:  # a loop, as this is asked thousands of times for one plan
            if (bed.id, night) in slept or (bed.id, night) in closed:
                return False
            there = guests.get((bed.room, night))
            if there and stays[next(iter(there))].sex != wish.sex:
                return False
        return True

    def sex(self, room: int, night: Night) -> str | None:
        """The sex of a room's guests on a night; None where it is empty."""
        guests = self._guests.get((room, night))
        return self.stays[next(iter(guests))].sex if guests else None

    def friends_in(self, room: int, wish: PlanStay) -> int:
        """How many of those whom the wish would like to share a room with are in this one."""
        return sum(self.room(friend) == room for friend in wish.friends)

    def room(self, stay: int) -> int | None:
        return self._room_of[self.beds[stay]] if stay in self.beds else None

    def taken(self, bed: int, night: Night) -> bool:
        return (bed, night) in self._slept or (bed, night) in self.house.closed

    def in_the_way(self, bed: PlanBed, wish: PlanStay) -> Conflict | None:
        """Who would have to go for the wish to sleep in this bed; None where nothing helps."""
        if not self.suits(bed, wish):
            return None
        found: set[int] = set()
        for night in wish.nights:
            if (bed.id, night) in self.house.closed:
                return None
            if (bed.id, night) in self._slept:
                found.add(self._slept[bed.id, night])
            if self.sex(bed.room, night) not in (None, wish.sex):
                found |= self._guests[bed.room, night]
        return Conflict(tuple(sorted(found)), any(self.stays[one].fixed for one in found))
