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


def rooms_for(house: House, everyone: Iterable[PlanStay], *, seconds: float) -> dict[int, Place]:
    """A place for each stay; those who have arrived keep theirs. Errors: NoPlan (proven), Undecided."""
    stays = tuple(everyone)
    places = places_of(house)
    of_bed = {bed: place for place in places for bed in place.beds}
    fixed = {s.id: of_bed[s.bed] for s in stays if s.fixed and s.bed is not None}
    parties: dict[Party, list[PlanStay]] = defaultdict(list)
    for stay in stays:
        if stay.id not in fixed:
            parties[stay.sex, stay.nights, stay.needs].append(stay)
    counts = _solve(house, places, parties, [s for s in stays if s.fixed], of_bed, seconds)
    return fixed | _shared_out(parties, counts, of_bed)


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


def _solve(
    house: House,
    places: tuple[Place, ...],
    parties: Mapping[Party, list[PlanStay]],
    fixed: list[PlanStay],
    of_bed: Mapping[int, Place],
    seconds: float,
) -> dict[Party, Counter[Place]]:
    """How many of each party sleep in each place."""
    model = cp_model.CpModel()
    taken: Counter[tuple[int, Night]] = Counter()  # place, night → guests who have arrived
    sexes: dict[tuple[int, Night], str] = {}  # room, night → their sex
    for stay in fixed:
        assert stay.bed is not None
        for night in stay.nights:
            taken[of_bed[stay.bed].id, night] += 1
            sexes[of_bed[stay.bed].room, night] = stay.sex
    split: dict[tuple[Party, Place], cp_model.IntVar] = {}
    guests: dict[tuple[Place, Night], dict[str, list[cp_model.IntVar]]] = {}
    for number, (party, members) in enumerate(parties.items()):
        sex, nights, needs = party
        mine = []
        for place in places:
            room = max(0, min(len(place.beds) - taken[place.id, night] for night in nights))
            if house.rooms[place.room] not in ("flexible", sex) or place.closed & nights:
                continue
            if not needs <= place.offers:
                continue
            if not room or any(sexes.get((place.room, n), sex) != sex for n in nights):
                continue
            some = model.new_int_var(0, min(room, len(members)), f"{number} in {place.id}")
            split[party, place] = some
            mine.append(some)
            model.add_hint(some, sum(one.bed in place.beds for one in members))
            for night in nights:
                there = guests.setdefault((place, night), {"women": [], "men": []})
                there[sex].append(some)
        if not mine:
            raise NoPlan
        model.add(sum(mine) == len(members))
    _never_overfull(model, house, guests, taken, sexes)

    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1  # the same question has the same answer
    solver.parameters.linearization_level = 2  # the sums' relaxation proves what cannot be
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        raise NoPlan
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise Undecided
    counts: dict[Party, Counter[Place]] = defaultdict(Counter)
    for (party, place), some in split.items():
        counts[party][place] = solver.value(some)
    return counts


def _never_overfull(
    model: cp_model.CpModel,
    house: House,
    guests: Mapping[tuple[Place, Night], dict[str, list[cp_model.IntVar]]],
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
