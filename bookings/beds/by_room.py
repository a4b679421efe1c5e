"""Every re-arrangement by rooms, as a model for OR-Tools CP-SAT: which stays sleep in which room. Pure.

What is alike is one thing: the beds of a room that offer the same and are closed on the same nights are
a place with so many beds; stays of one sex and the same needs on the same nights are a party that is
split over places by numbers (who has friends is a party alone); guests who have arrived are not choices
but beds and sexes that are given. Few variables, no symmetries among guests, and sums that prove an
impossible house soon.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from ortools.sat.python import cp_model

from bookings.beds.values import House, Night, NoPlan, PlanStay, Undecided


@dataclass(frozen=True, eq=False)
class Place:
    """Beds of a room that are closed on the same nights and offer the same of what somebody needs."""

    id: int
    room: int
    beds: tuple[int, ...]
    offers: frozenset[str]
    closed: frozenset[Night]


@dataclass(frozen=True)
class Party:
    sex: str
    nights: frozenset[Night]
    needs: frozenset[str]
    alone: int | None  # the stay's id where it has friends or is somebody's


def rooms_for(house: House, everyone: Iterable[PlanStay], *, seconds: float) -> dict[int, Place]:
    """A place for each stay; those who have arrived keep theirs. Errors: NoPlan (proven), Undecided."""
    by_room = ByRoom(house, everyone)
    together = by_room.friends_together()
    if together:
        by_room.model.maximize(sum(together))
    return by_room.solve(seconds)


def places_of(house: House, needed: frozenset[str]) -> tuple[Place, ...]:
    nights: dict[int, set[Night]] = defaultdict(set)
    for bed, night in house.closed:
        nights[bed].add(night)
    alike: dict[tuple[int, frozenset[str], frozenset[Night]], list[int]] = defaultdict(list)
    for one in house.beds:
        alike[one.room, one.offers & needed, frozenset(nights[one.id])].append(one.id)
    return tuple(
        Place(number, room, tuple(beds), offers, closed)
        for number, ((room, offers, closed), beds) in enumerate(alike.items())
    )


class ByRoom:
    """The model: `split` says how many of each party sleep in each place. An aim may be added to
    `model` before it is solved. Errors: NoPlan where a party has no place at all."""

    def __init__(self, house: House, everyone: Iterable[PlanStay]) -> None:
        self.house, self.model = house, cp_model.CpModel()
        everyone = tuple(everyone)
        self.places = places_of(house, frozenset().union(*(stay.needs for stay in everyone)))
        self.place_of = {bed: place for place in self.places for bed in place.beds}
        self.fixed: dict[int, Place] = {}
        self.taken: Counter[tuple[int, Night]] = Counter()  # place, night → guests who have arrived
        self.sexes: dict[tuple[int, Night], str] = {}  # room, night → their sex
        self.bound: dict[int, set[Night]] = defaultdict(set)  # room → nights with such guests
        self.parties: dict[Party, list[PlanStay]] = defaultdict(list)
        self.friends: set[frozenset[int]] = set()
        self.split: dict[tuple[Party, Place], cp_model.IntVar] = {}
        self._gather(everyone)
        for party, members in self.parties.items():
            self._place(party, members)
        self._never_overfull()

    def _gather(self, everyone: tuple[PlanStay, ...]) -> None:
        here = {stay.id for stay in everyone}
        self.friends = {
            frozenset((s.id, one)) for s in everyone for one in s.friends & here if one != s.id
        }
        befriended = frozenset().union(*self.friends)
        for stay in everyone:
            if not stay.fixed or stay.bed is None:
                alone = stay.id if stay.id in befriended else None
                self.parties[Party(stay.sex, stay.nights, stay.needs, alone)].append(stay)
                continue
            place = self.fixed[stay.id] = self.place_of[stay.bed]
            for night in stay.nights:
                self.taken[place.id, night] += 1
                self.sexes[place.room, night] = stay.sex
            self.bound[place.room] |= stay.nights

    def _place(self, party: Party, members: list[PlanStay]) -> None:
        mine = []
        for place in self.places:
            most = min(self._room_for(party, place), len(members))
            if most > 0:
                some = self.model.new_int_var(0, most, f"{len(self.split)} in {place.id}")
                self.split[party, place] = some
                self.model.add_hint(some, min(most, self.now_in(party, place)))
                mine.append(some)
        if not mine:
            raise NoPlan
        self.model.add(sum(mine) == len(members))

    def _room_for(self, party: Party, place: Place) -> int:
        if self.house.rooms[place.room] not in ("flexible", party.sex):
            return 0
        if place.closed & party.nights or not party.needs <= place.offers:
            return 0
        if self.bound[place.room].isdisjoint(party.nights):
            return len(place.beds)
        if any(self.sexes.get((place.room, n), party.sex) != party.sex for n in party.nights):
            return 0
        return min(len(place.beds) - self.taken[place.id, night] for night in party.nights)

    def now_in(self, party: Party, place: Place) -> int:
        """How many of the party are in the place in today's plan."""
        return sum(one.bed in place.beds for one in self.parties[party])

    def _never_overfull(self) -> None:
        """Never more guests than beds; in a flexible room either women or men have all its beds."""
        guests: dict[tuple[Place, Night], dict[str, list[cp_model.IntVar]]] = {}
        for (party, place), some in self.split.items():
            for night in party.nights:
                there = guests.setdefault((place, night), {"women": [], "men": []})
                there[party.sex].append(some)
        women: dict[tuple[int, Night], cp_model.IntVar] = {}
        total = cp_model.LinearExpr.sum  # quicker than adding one after another
        for (place, night), there in guests.items():
            beds = len(place.beds) - self.taken[place.id, night]
            if self.house.rooms[place.room] == "flexible" and (place.room, night) not in self.sexes:
                key = place.room, night
                if key not in women:
                    women[key] = self.model.new_bool_var(f"women in {key}")
                self.model.add(total(there["women"]) <= beds * women[key])
                self.model.add(total(there["men"]) <= beds * (1 - women[key]))
            else:
                self.model.add(total(there["women"] + there["men"]) <= beds)

    def friends_together(self) -> list[cp_model.IntVar]:
        """For each two friends and each room: whether both sleep in it."""
        found = []
        rooms_of = {party.alone: self._rooms(party) for party in self.parties}
        rooms_of |= {stay: {place.room: 1} for stay, place in self.fixed.items()}
        for pair in self.friends:
            one, other = (rooms_of[friend] for friend in pair)
            for room in one.keys() & other.keys():
                both = self.model.new_bool_var(f"{set(pair)} in {room}")
                self.model.add(both <= one[room])
                self.model.add(both <= other[room])
                found.append(both)
        return found

    def _rooms(self, party: Party) -> dict[int, cp_model.LinearExprT]:
        """How many of the party sleep in each room."""
        places = [place for place in self.places if (party, place) in self.split]
        return {
            room: sum(self.split[party, place] for place in there)
            for room, there in groupby(places, key=lambda place: place.room)
        }

    def solve(self, seconds: float) -> dict[int, Place]:
        """A place for each stay. Errors: NoPlan (proven), Undecided (time limit)."""
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = 1  # the same question has the same answer
        solver.parameters.linearization_level = 2  # the sums' relaxation proves what cannot be
        solver.parameters.cp_model_probing_level = 0  # costs more time than it saves
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            raise NoPlan
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise Undecided
        chosen = dict(self.fixed)
        for party, members in self.parties.items():
            places = [place for place in self.places if (party, place) in self.split]
            left = Counter({place: solver.value(self.split[party, place]) for place in places})
            chosen |= self._shared_out(members, left)
        return chosen

    def _shared_out(
        self, members: list[PlanStay], left: Counter[Place]
    ) -> Iterator[tuple[int, Place]]:
        """Each member's place; who can stay where they are, do."""
        homeless = []
        for stay in members:
            here = self.place_of[stay.bed] if stay.bed is not None else None
            if here is not None and left[here] > 0:
                left[here] -= 1
                yield stay.id, here
            else:
                homeless.append(stay.id)
        yield from zip(homeless, left.elements(), strict=True)
