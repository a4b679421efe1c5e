"""The planner's plain values: a house, its stays, a plan. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

Night = dt.date


@dataclass(frozen=True)
class PlanBed:
    """`offers`: of "lower_bunk", "accessible", "ground_floor" what it has."""

    id: int
    room: int
    offers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PlanStay:
    """A stay as the planner sees it; `bed` is its present one, None for the wish.

    `needs` must be among what its bed offers; a fixed stay keeps its bed whatever its needs. `friends`:
    the stays it would like to share a room with. Who changed beds after arriving is several fixed
    stays, one a bed, with ids of their own, negative ones if need be.
    """

    id: int
    sex: str
    nights: frozenset[Night]
    bed: int | None = None
    fixed: bool = False
    needs: frozenset[str] = frozenset()
    friends: frozenset[int] = frozenset()


@dataclass(frozen=True)
class House:
    """A station: room sexes ("women", "men", "flexible"), beds, and (bed, night) out of use."""

    rooms: Mapping[int, str]
    beds: tuple[PlanBed, ...]
    closed: frozenset[tuple[int, Night]] = frozenset()


@dataclass(frozen=True)
class Plan:
    """Which bed the wish gets, and which stays move to which bed for it."""

    bed: int
    moves: Mapping[int, int] = field(default_factory=dict)


class NoPlan(Exception):
    """No re-arrangement of the movable stays could place the wish: proven."""


class Undecided(Exception):
    """The time limit came before a plan or a proof."""
