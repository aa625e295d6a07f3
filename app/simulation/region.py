"""The region that is simulated: its offers, and the children that come."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import simpy

from app.domain.geo import Point
from app.simulation.model import YEAR, Course, Help, World

_CENTRE: Final = Point(52.5, 4.8)
_KM_NORTH: Final = 111.2
_KM_EAST: Final = 67.7
_CHOICES: Final = 3


@dataclass(slots=True)
class Published:
    """The figures of an offer as everybody sees them."""

    at: float
    free: int
    waiting: int
    wait: float


@dataclass(slots=True, eq=False)
class Offer:
    """An offer: its places, who has one or was promised one, and who waits for one, in order of coming."""

    number: int
    care_type: str
    stay: float
    point: Point
    places: int
    busy: int = 0
    queue: deque["Child"] = field(default_factory=deque)
    published: Published | None = None
    reports_every: float | None = None

    @property
    def id(self) -> str:
        """Its name."""
        return f"offer-{self.number:03d}"

    @property
    def wait(self) -> float:
        """Days that whoever joins the queue will wait on average: those before it, and itself, at the usual pace."""
        if self.busy < self.places and not self.queue:
            return 0.0
        return (len(self.queue) + 1) * self.stay / self.places


@dataclass(slots=True, eq=False)
class Child:
    """A child that waits: its choices of help, which referrer looks for it, and who would refuse it."""

    number: int
    referrer: int
    point: Point
    choices: tuple[str, ...]
    course: Course
    granted: Any
    queued_at: Offer | None = None
    refused_by: set[int] = field(default_factory=set)
    proposed: Any = None

    @property
    def id(self) -> str:
        """Its name."""
        return f"child-{self.number:05d}"

    def choice_of(self, offer: Offer) -> int:
        """Which of its choices an offer is, from 1."""
        return self.choices.index(offer.care_type) + 1


def point_in(world: World, rng: Random) -> Point:
    """A point somewhere in the region."""
    north, east = (rng.uniform(-world.width_km / 2, world.width_km / 2) for _ in range(2))
    return Point(_CENTRE.latitude + north / _KM_NORTH, _CENTRE.longitude + east / _KM_EAST)


def offers_of(world: World, rng: Random) -> list[Offer]:
    """The offers of a region, filled as far as they would be, and with how often each publishes."""
    offers: list[Offer] = []
    for each in world.help:
        places = _places(world, each)
        for at in range(each.offers):
            some = places // each.offers + (at < places % each.offers)
            if some:
                offers.append(Offer(len(offers), each.care_type, each.stay, point_in(world, rng), some))
    for offer in offers:
        if rng.random() < world.taking_part:
            offer.reports_every = world.stale_after if rng.random() < world.stale else world.report_every
        offer.busy = sum(rng.random() < world.scarcity for _ in range(offer.places))
    return offers


def _places(world: World, each: Help) -> int:
    """How many places so many children would keep occupied, over the scarcity."""
    asked = world.children * each.share * each.stay / YEAR
    return max(1, round(asked / world.scarcity))


def children_of(world: World, env: simpy.Environment, rng: Random, until: float) -> Iterator[tuple[float, Child]]:
    """The children that come until that day, each with the day."""
    types, shares = [each.care_type for each in world.help], [each.share for each in world.help]
    at, number = 0.0, 0
    while (at := at + rng.expovariate(world.children / YEAR)) < until:
        first = rng.choices(types, shares)[0]
        others = [each for each in types if each != first]
        rng.shuffle(others)
        choices = (first, *others[: _CHOICES - 1])
        yield at, Child(number, rng.randrange(world.referrers), point_in(world, rng), choices, Course(at), env.event())
        number += 1
