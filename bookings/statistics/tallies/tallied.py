"""What is kept in tallies: a count over the rows, marked `@tallied`, that is read instead of counted
where it has been counted for the day that is asked for."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Case, Max, Q, When
from django.db.models.fields.json import KeyTransform

from bookings.places.models import District
from bookings.statistics.scope import Scope
from bookings.statistics.tallies.models import Tally

Key = tuple[Any, ...]  # of words and numbers


class Line(NamedTuple):
    """So many of one key, in a month, at a station (its id)."""

    month: dt.date
    station: int
    key: Key
    how_many: int


Count = tuple[dt.date, Key, int]  # month, key, how many; a key may come several times
ALL: dict[str, "Tallied"] = {}


class Tallied:
    """A count that is kept under its name. Its lines of one month and station can be added up, those
    of several too."""

    def __init__(self, from_rows: Callable[[Scope], Iterable[Line]], part_of: int = 0) -> None:
        self.name, self.from_rows, self.part_of = from_rows.__name__, from_rows, part_of

    def kept_under(self, key: Key) -> str:
        """What has parts is kept and read part by part: the beginning of a key says of which it is, and
        is not kept with each line."""
        return " ".join(map(str, [self.name, *key[: self.part_of]]))

    def __call__(self, scope: Scope, *part: Any) -> list[Count]:
        """From the tallies, in one query; from the rows themselves where the district has none of the
        day that is asked for."""
        found = self._found(scope, Q(station=scope.station), part)
        return [count for counts in found.values() for count in counts]

    def by_station(self, scope: Scope) -> dict[int, list[Count]]:
        """The same, apart for each station of the scope, by its key."""
        stations = Q(station=scope.station) if scope.station else Q(station__isnull=False)
        return self._found(scope, stations, ())

    def _found(self, scope: Scope, stations: Q, part: Key) -> dict[Any, list[Count]]:
        of_the_day = Tally.objects.filter(district=scope.district, day=scope.today)
        kept = of_the_day.filter(stations, **scope.period.days("month"))
        counts = KeyTransform(self.kept_under(part), "counts")
        tallies = list(kept.values_list("station", "month", counts))
        found: dict[Any, list[Count]] = defaultdict(list)
        for station, month, lines in tallies:
            found[station] += [(month, (*part, *key), n) for *key, n in lines or ()]
        if not tallies and not of_the_day.exists():
            for line in self.from_rows(scope):
                if line.key[: len(part)] == part:
                    found[line.station].append((line.month, line.key, line.how_many))
        return found

    def of_each(self, scopes: Sequence[Scope]) -> list[list[Count]]:
        """Of several whole districts at once, over the same months: as often as it is called for one,
        in one query for all that are kept."""
        days = {scope.district.pk: scope.today for scope in scopes}
        # of other months it matters only that they are there
        asked = When(**scopes[0].period.days("month"), then=KeyTransform(self.name, "counts"))
        kept = Tally.objects.filter(district__in=days, day__in=days.values(), station=None)
        found: dict[int, list[Count]] = {}
        for district, day, month, lines in kept.values_list(
            "district", "day", "month", Case(asked)
        ):
            if days[district] == day:
                counts = [(month, tuple(key), n) for *key, n in lines or ()]
                found.setdefault(district, []).extend(counts)
        return [
            found[scope.district.pk] if scope.district.pk in found else self(scope)
            for scope in scopes
        ]


def tallied(from_rows: Callable[[Scope], Iterable[Line]]) -> Tallied:
    """Mark a count over the rows of a scope as one that is kept."""
    return ALL.setdefault(from_rows.__name__, Tallied(from_rows))


def tallied_in_parts(from_rows: Callable[[Scope], Iterable[Line]]) -> Tallied:
    """The same, of which each page reads but one part: that of the first two words of a key."""
    return ALL.setdefault(from_rows.__name__, Tallied(from_rows, part_of=2))


def counted(districts: Iterable[District]) -> dict[int, tuple[dt.date, dt.datetime]]:
    """For which day the tallies of districts were counted, and when the latest ones were, by the
    district's key; those that have none are not in it."""
    kept = Tally.objects.filter(district__in=districts, station=None).values("district")
    latest = kept.annotate(of=Max("day"), at=Max("counted_at")).order_by()
    return {one["district"]: (one["of"], one["at"]) for one in latest}
