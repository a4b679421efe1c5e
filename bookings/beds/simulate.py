"""A stream of requests replayed through the planner that the site uses. Pure: rows in, a tally out.

A request is placed at once if any re-arrangement can place it; else it waits. Whenever nights are
given back, those who wait are tried in the order in which they asked. A guest is fixed to a bed from
14:00 on the day of arrival; just before, the plan is tidied. A cancellation at or after 22:00 of that day is a no-show found then: the
nights until then are lost, the others are given back.
"""

import datetime as dt
import heapq
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from bookings.beds.forecast import places_left
from bookings.beds.values import House, Night, NoPlan, Plan, PlanStay, Undecided

CHECK_IN, CUT_OFF = dt.time(14), dt.time(22)
DAY = dt.timedelta(days=1)
Planner = Callable[[House, Iterable[PlanStay], PlanStay], Plan]
Tidier = Callable[[House, Iterable[PlanStay]], Mapping[int, int]]


@dataclass(frozen=True)
class Request:
    """Who asks when for which nights. A flexible one takes other days, up to `flex_days` away, and
    fewer nights, down to `min_nights`. Instants are local and naive."""

    ref: str
    at: dt.datetime
    sex: str
    arrival: dt.date
    nights: int
    cancelled_at: dt.datetime | None = None
    flex_days: int = 0
    min_nights: int | None = None

    def options(self, today: dt.date) -> Iterator[tuple[dt.date, int]]:
        """Arrivals and nights that would do, the exact wish first, then all nights on other days,
        the nearest first, then fewer nights."""
        least = self.min_nights or self.nights
        for nights in range(self.nights, max(least, 1) - 1, -1):
            for away in range(self.flex_days + 1):
                for days in dict.fromkeys((-away, away)):
                    arrival = self.arrival + days * DAY
                    if arrival >= today:
                        yield arrival, nights

    @property
    def last_arrival(self) -> dt.date:
        return self.arrival + self.flex_days * DAY


@dataclass
class Tally:
    requests: int = 0
    nights_served: int = 0
    placed_at_once: int = 0
    placed_from_waitlist: int = 0
    refused: int = 0
    undecided: int = 0
    moves: int = 0
    rows: list[tuple[str, int, Night]] = field(default_factory=list)  # ref, bed, night


class _Season:
    def __init__(self, house: House, plan: Planner, tidy: Tidier | None = None) -> None:
        self.house, self.plan, self.tidy, self.tally = house, plan, tidy, Tally()
        self.stays: dict[int, PlanStay] = {}  # whose nights are not over
        self.requests: dict[int, Request] = {}
        self.waiting: dict[int, Request] = {}
        self.slept: list[tuple[str, int, Night]] = []
        self.doubtful: set[int] = set()  # not placed, and some try was left undecided
        self.left: dict[Night, dict[str, int]] = {}  # as far as looked at since the last change

    def run(self, requests: Iterable[Request]) -> Tally:
        asked = sorted(requests, key=lambda one: (one.at, one.ref))
        self.tally.requests = len(asked)
        self.requests = dict(enumerate(asked, 1))
        events: list[tuple[dt.datetime, int, int]] = []
        for number, one in self.requests.items():
            heapq.heappush(events, (one.at, 1, number))
            if one.cancelled_at:
                heapq.heappush(events, (max(one.cancelled_at, one.at), 0, number))
        while events:
            now, kind, number = heapq.heappop(events)
            self._until(now)
            if kind:
                self._ask(number, now)
            else:
                self._cancel(number, now)
        self._until(dt.datetime.max)
        self.tally.refused = (
            self.tally.requests - self.tally.placed_at_once - self.tally.placed_from_waitlist
        )
        self.tally.undecided = len(self.doubtful)
        self.tally.rows = sorted(self.slept)
        self.tally.nights_served = len(self.slept)
        return self.tally

    def _until(self, now: dt.datetime) -> None:
        """Day by day: who arrives is fixed; whose nights are over goes into the book."""
        while arriving := self._arriving(now):
            day = min(min(stay.nights) for stay in arriving.values())
            self._over(day)
            if self.tidy:
                self._move(self.tidy(self.house, self.stays.values()))
            for number in arriving:
                stay = self.stays[number]
                self._put(number, replace(stay, fixed=min(stay.nights) == day))
        self._over(now.date())
        for number, one in list(self.waiting.items()):
            if dt.datetime.combine(one.last_arrival, CUT_OFF) <= now:
                del self.waiting[number]

    def _arriving(self, now: dt.datetime) -> dict[int, PlanStay]:
        """Who has arrived by now without being fixed yet."""
        return {
            number: stay
            for number, stay in self.stays.items()
            if not stay.fixed and dt.datetime.combine(min(stay.nights), CHECK_IN) <= now
        }

    def _over(self, today: dt.date) -> None:
        for number, stay in list(self.stays.items()):
            if max(stay.nights) < today - DAY:
                self._book(number, stay, stay.nights)
                del self.stays[number]

    def _move(self, moves: Mapping[int, int]) -> None:
        for moved, bed in moves.items():
            self.stays[moved] = replace(self.stays[moved], bed=bed)
        self.tally.moves += len(moves)

    def _book(self, number: int, stay: PlanStay, nights: Iterable[Night]) -> None:
        one = self.requests[number]
        no_show = one.cancelled_at is not None
        if not no_show and stay.bed is not None:
            self.slept += [(one.ref, stay.bed, night) for night in nights]

    def _ask(self, number: int, now: dt.datetime) -> None:
        one = self.requests[number]
        if one.cancelled_at and one.cancelled_at <= one.at:
            return
        if self._place(number, one, now):
            self.tally.placed_at_once += 1
        else:
            self.waiting[number] = one

    def _place(self, number: int, one: Request, now: dt.datetime) -> bool:
        today = now.date() + (DAY if now.time() >= CUT_OFF else dt.timedelta())
        for arrival, nights in one.options(today):
            wanted = frozenset(arrival + night * DAY for night in range(nights))
            wish = PlanStay(number, one.sex, wanted)
            if number in self.waiting and not self._held(wish):
                continue
            try:
                found = self.plan(self.house, self.stays.values(), wish)
            except NoPlan:
                continue
            except Undecided:
                self.doubtful.add(number)
                continue
            self.doubtful.discard(number)
            self._move(found.moves)
            self._put(number, replace(wish, bed=found.bed))
            return True
        return False

    def _held(self, wish: PlanStay) -> bool:
        """The planner's quick proof by nights, kept for those who wait and have many options."""
        unknown = wish.nights - self.left.keys()
        self.left |= places_left(self.house, self.stays.values(), unknown)
        return all(self.left[night][wish.sex] for night in wish.nights)

    def _put(self, number: int, stay: PlanStay) -> None:
        self.stays[number] = stay
        self.left.clear()

    def _cancel(self, number: int, now: dt.datetime) -> None:
        self.waiting.pop(number, None)
        stay = self.stays.pop(number, None)
        if stay is None:
            return
        self.left.clear()
        if dt.datetime.combine(min(stay.nights), CUT_OFF) <= now:
            lost = frozenset(night for night in stay.nights if night < now.date())
            if lost:  # an empty bed that nobody else could have had
                self._put(number, replace(stay, nights=lost, fixed=True))
        for other, one in list(self.waiting.items()):
            if self._place(other, one, now):
                del self.waiting[other]
                self.tally.placed_from_waitlist += 1


def simulate(
    house: House, requests: Iterable[Request], plan: Planner, tidy: Tidier | None = None
) -> tuple[Tally, float]:
    """The whole season: what came of it, and the seconds it took."""
    start = time.perf_counter()
    tally = _Season(house, plan, tidy).run(requests)
    return tally, time.perf_counter() - start
