"""No bed on the nights asked for: what is free instead. Nothing is written, nothing is held."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from bookings.applications.models import Application
from bookings.beds.allocate import wish_of
from bookings.beds.house import read_station
from bookings.beds.models import BedNight
from bookings.beds.planner import House, NoPlan, PlanStay, Undecided, plan
from bookings.core.clock import local_date, nights_between
from bookings.eligibility.decide import rules_of
from bookings.eligibility.rules import judge
from bookings.journey.common import gathered
from bookings.places.models import Policy, Station

DAY = dt.timedelta(days=1)
DAYS_AWAY = 7
SECONDS = 0.2  # for one question to the solver; what it leaves undecided is not offered
OF_A_KIND = 2


class Alternative(NamedTuple):
    station: Station
    arrival: dt.date
    nights: int


def alternatives(*, application: Application, now: dt.datetime) -> list[Alternative]:
    """The same nights at another station, the nearest days, and a shorter stay: two of each at most,
    none that the rules would refuse."""
    search = _Search(application, now)
    return [
        *search.first(search.elsewhere()),
        *search.first(search.other_days()),
        *search.first(search.shorter()),
    ]


def instead(*, application: Application, now: dt.datetime) -> list[Alternative] | None:
    """What is free in place of the nights asked for; None where a bed is free on all of these, or
    where too many plans would have to be tried to know."""
    if _Search(application, now).has_bed():
        return None
    return alternatives(application=application, now=now)


class _Search:
    def __init__(self, application: Application, now: dt.datetime) -> None:
        assert application.graduate and application.station
        assert application.arrival and application.nights
        self.wish = application
        self.station = application.station
        self.arrival, self.nights = application.arrival, application.nights
        self.bed = wish_of(application)
        self.today = local_date(now)
        policy = Policy.objects.in_force(application.district_id, self.today)
        self.rules, self.facts = rules_of(policy), gathered(application, policy, now=now)
        others = Station.objects.filter(district=application.district_id, is_open=True)
        self.others = list(others.exclude(pk=self.station.pk).order_by("pk"))
        mine = BedNight.objects.filter(graduate=application.graduate)
        self.slept = set(mine.values_list("night", flat=True))
        self.known: dict[int, tuple[House, list[PlanStay]]] = {}

    def first(self, some: Iterator[Alternative]) -> list[Alternative]:
        """The first ones that the rules allow and that have a bed."""
        found: list[Alternative] = []
        for one in some:
            if len(found) == OF_A_KIND:
                break
            if self._allowed(one) and self._free(one):
                found.append(one)
        return found

    def has_bed(self) -> bool:
        """Whether the nights asked for can be had as they are."""
        return self._free(Alternative(self.station, self.arrival, self.nights), undecided=True)

    def elsewhere(self) -> Iterator[Alternative]:
        for station in self.others:
            yield Alternative(station, self.arrival, self.nights)

    def other_days(self) -> Iterator[Alternative]:
        for away in range(1, DAYS_AWAY + 1):
            for arrival in (self.arrival + away * DAY, self.arrival - away * DAY):
                for station in (self.station, *self.others):
                    yield Alternative(station, arrival, self.nights)

    def shorter(self) -> Iterator[Alternative]:
        for nights in range(self.nights - 1, 0, -1):
            for late in range(self.nights - nights + 1):
                yield Alternative(self.station, self.arrival + late * DAY, nights)

    def _allowed(self, one: Alternative) -> bool:
        nights = nights_between(one.arrival, one.arrival + one.nights * DAY)
        facts = dataclasses.replace(
            self.facts,
            arrival=one.arrival,
            nights=one.nights,
            overlapping=bool(self.slept & {*nights}),
        )
        return all(finding.outcome != "fail" for finding in judge(facts, self.rules))

    def _free(self, one: Alternative, *, undecided: bool = False) -> bool:
        if one.station.pk not in self.known:
            first = max(self.arrival - DAYS_AWAY * DAY, self.today)
            until = self.arrival + (DAYS_AWAY + self.nights) * DAY
            self.known[one.station.pk] = read_station(one.station, first, until)
        house, stays = self.known[one.station.pk]
        nights = frozenset(nights_between(one.arrival, one.arrival + one.nights * DAY))
        try:
            plan(house, stays, dataclasses.replace(self.bed, nights=nights), seconds=SECONDS)
        except NoPlan:
            return False
        except Undecided:
            return undecided
        return True
