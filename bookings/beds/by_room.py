"""Every re-arrangement by rooms, by OR-Tools CP-SAT: which stays sleep in which room. Pure.

What is alike is one thing: the beds of a room that are closed on the same nights are a place with so
many beds; stays of one sex on the same nights are a party that is split over places by numbers; guests
who have arrived are not choices but beds and sexes that are given. Few variables, no symmetries among
guests, and sums that prove an impossible house soon.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ortools.sat.python import cp_model

from bookings.beds.values import House, Night, NoPlan, PlanStay, Undecided


@dataclass(frozen=True)
class Place:
    """Beds of a room that are closed on the same nights and offer the same."""

    id: int
    room: int
    beds: tuple[int, ...]
    closed: frozenset[Night]
    offers: frozenset[str]


Party = tuple[str, frozenset[Night], frozenset[str]]  # a sex, its nights, what they need
Guests = dict[tuple[Place, Night], dict[str, list[cp_model.IntVar]]]  # by place, night and sex


def rooms_for(house: House, everyone: Iterable[PlanStay], *, seconds: float) -> dict[int, Place]:
    """A place for each stay; those who have arrived keep theirs. Errors: NoPlan (proven), Undecided."""
    return RoomModel(house, everyone).solve(seconds)


def places_of(house: House) -> tuple[Place, ...]:
    nights: dict[int, set[Night]] = defaultdict(set)
    for closed_bed, night in house.closed:
        nights[closed_bed].add(night)
    alike: dict[tuple[int, frozenset[Night], frozenset[str]], list[int]] = defaultdict(list)
    for bed in house.beds:
        alike[bed.room, frozenset(nights[bed.id]), bed.offers].append(bed.id)
    return tuple(
        Place(number, room, tuple(beds), closed, offers)
        for number, ((room, closed, offers), beds) in enumerate(alike.items())
    )


class RoomModel:
    """The question by rooms, before it is solved: `split` holds how many of each party sleep in each
    place; whoever has an aim adds it to `model`. Errors: NoPlan, where a party fits nowhere."""

    def __init__(self, house: House, everyone: Iterable[PlanStay]) -> None:
        self.house, self.model = house, cp_model.CpModel()
        self.places = places_of(house)
        self._of_bed = {bed: place for place in self.places for bed in place.beds}
        self._taken: Counter[tuple[int, Night]] = (
            Counter()
        )  # place, night → guests who have arrived
        self.sexes: dict[tuple[int, Night], str] = {}  # room, night → their sex
        self._fixed: dict[int, Place] = {}
        self.parties: dict[Party, list[PlanStay]] = defaultdict(list)
        for stay in everyone:
            if stay.fixed and stay.bed is not None:
                self._keep(stay, self._of_bed[stay.bed])
            else:
                self.parties[stay.sex, stay.nights, stay.needs].append(stay)
        self.split: dict[tuple[Party, Place], cp_model.IntVar] = {}
        guests: Guests = {}
        for party, members in self.parties.items():
            self._choose(party, members, guests)
        _never_overfull(self.model, house, guests, self._taken, self.sexes)

    def _keep(self, stay: PlanStay, place: Place) -> None:
        self._fixed[stay.id] = place
        for night in stay.nights:
            self._taken[place.id, night] += 1
            self.sexes[place.room, night] = stay.sex

    def _choose(self, party: Party, members: list[PlanStay], guests: Guests) -> None:
        sex, nights, _needs = party
        mine = []
        for place in self.places:
            room = self._room_for(party, place)
            if not room:
                continue
            some = self.model.new_int_var(0, min(room, len(members)), f"{len(self.split)}")
            self.split[party, place] = some
            mine.append(some)
            self.model.add_hint(some, self.there(party, place))
            for night in nights:
                there = guests.setdefault((place, night), {"women": [], "men": []})
                there[sex].append(some)
        if not mine:
            raise NoPlan
        self.model.add(sum(mine) == len(members))

    def _room_for(self, party: Party, place: Place) -> int:
        """How many of a party the place could take at most."""
        sex, nights, needs = party
        if self.house.rooms[place.room] not in ("flexible", sex) or not needs <= place.offers:
            return 0
        if place.closed & nights:
            return 0
        if any(self.sexes.get((place.room, night), sex) != sex for night in nights):
            return 0
        return max(0, min(len(place.beds) - self._taken[place.id, night] for night in nights))

    def there(self, party: Party, place: Place) -> int:
        """How many of a party are in the place by today's plan."""
        return sum(one.bed in place.beds for one in self.parties[party])

    def solve(self, seconds: float) -> dict[int, Place]:
        """A place for each stay. Errors: NoPlan (proven), Undecided."""
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = 1  # the same question has the same answer
        solver.parameters.linearization_level = 2  # the sums' relaxation proves what cannot be
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            raise NoPlan
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise Undecided
        counts: dict[Party, Counter[Place]] = defaultdict(Counter)
        for (party, place), some in self.split.items():
            counts[party][place] = solver.value(some)
        return self._fixed | _shared_out(self.parties, counts, self._of_bed)


def _never_overfull(
    model: cp_model.CpModel,
    house: House,
    guests: Guests,
    taken: Counter[tuple[int, Night]],
    sexes: Mapping[tuple[int, Night], str],
) -> None:
    """Never more guests than beds; in a flexible room either women or men have all its beds."""
    women: dict[tuple[int, Night], cp_model.IntVar] = {}
    for (place, night), there in guests.items():
        beds = len(place.beds) - taken[place.id, night]
        if house.rooms[place.room] == "flexible" and (place.room, night) not in sexes:
            key = place.room, night
            if key not in women:
                women[key] = model.new_bool_var(f"women in {key}")
            model.add(sum(there["women"]) <= beds * women[key])
            model.add(sum(there["men"]) <= beds * (1 - women[key]))
        else:
            model.add(sum(there["women"]) + sum(there["men"]) <= beds)


def _shared_out(
    parties: Mapping[Party, list[PlanStay]],
    counts: Mapping[Party, Counter[Place]],
    of_bed: Mapping[int, Place],
) -> dict[int, Place]:
    """Each member's place; who can stay where they are, do."""
    chosen: dict[int, Place] = {}
    for party, members in parties.items():
        left = Counter(counts[party])
        homeless = []
        for stay in members:
            here = of_bed[stay.bed] if stay.bed is not None else None
            if here is not None and left[here] > 0:
                left[here] -= 1
                chosen[stay.id] = here
            else:
                homeless.append(stay)
        chosen |= zip((one.id for one in homeless), left.elements(), strict=True)
    return chosen
