"""A year of a region, child by child, as a discrete-event simulation (SimPy)."""

from collections.abc import Generator
from itertools import islice
from random import Random
from typing import Any, Final

import simpy

from app.simulation.behaviours import Finds, Phone, Ranking, Region, Search
from app.simulation.desk import Proposals
from app.simulation.model import MEASURES, NORM_DAYS, YEAR, Behaviour, Figures, World
from app.simulation.region import Child, Offer, Published, children_of, offers_of

_Process = Generator[simpy.Event, Any, None]
_TRIES: Final = 5
"""Offers that a referrer asks in one go."""
_AFTER: Final = YEAR
"""Days that the children of the year are followed after it, as long as one waits."""
_STEP: Final = 5


class Year:
    """One run: what happens in a region whose referrers behave so, with one seed.

    Each kind of chance has a stream of its own, so that the same children come, and the same providers refuse them,
    however their referrers look.
    """

    def __init__(self, world: World, behaviour: Behaviour, seed: int) -> None:
        self.world, self.env, self._seed = world, simpy.Environment(), seed
        self._stays, self._answers, self._reports = (self._random(each) for each in ("stays", "answers", "reports"))
        self.offers = offers_of(world, self._random("offers"))
        self.waiting: dict[int, Child] = {}
        self.children: list[Child] = []
        self._empty = 0.0
        self._find: Finds = finder_of(behaviour, self, self._random("known"))

    def _random(self, what: str) -> Random:
        return Random(f"{self._seed}/{what}")  # noqa: S311 - chance that can be repeated

    def run(self) -> Figures:
        """The figures of the children who came in the year after the warm-up."""
        first, last = self.world.warm_up, self.world.warm_up + YEAR
        for offer in self.offers:
            for _ in range(offer.busy):
                self.env.process(self._stay(offer))
            if offer.reports_every is not None:
                self.env.process(self._report(offer))
        self.env.process(self._arrivals(last + _AFTER))
        self.env.process(self._watch_places(first, last))
        for process in self._find.processes():
            self.env.process(process)
        self.env.run(until=last)
        counted = [each for each in self.children if first <= each.course.since < last]
        while self.env.now < last + _AFTER and any(each.course.began is None for each in counted):
            self.env.run(until=self.env.now + _STEP)
        return self._figures(counted)

    def _arrivals(self, until: float) -> _Process:
        for at, child in children_of(self.world, self.env, self._random("children"), until):
            yield self.env.timeout(at - self.env.now)
            self.children.append(child)
            self.env.process(self._child(child))

    def _child(self, child: Child) -> _Process:
        self.waiting[child.number] = child
        while True:
            found = yield from self._look(child)
            if found is None:
                child.proposed = self.env.event()
                yield child.granted | child.proposed | self.env.timeout(self._find.again)
                if child.granted.triggered:
                    found = child.queued_at
                elif child.proposed.triggered:
                    found = yield from self._ask(child, child.proposed.value)
            if found is not None:
                break
        del self.waiting[child.number]
        yield self.env.timeout(self.world.intake)
        child.course.began, child.course.choice = self.env.now, child.choice_of(found)
        self.env.process(self._stay(found))

    def _look(self, child: Child) -> Generator[simpy.Event, Any, Offer | None]:
        """Asks offers one after another; the one that has a place for the child, or None, and then it may be queued."""
        for offer in islice(self._find.asked(child), _TRIES):
            found: Offer | None = yield from self._ask(child, offer)
            if found is not None:
                return found
        if child.queued_at is None and not child.granted.triggered:
            for offer in self._find.queues(child):
                if not self._refuses(child, offer):
                    self._join(child, offer)
                    break
        return child.queued_at if child.granted.triggered else None

    def _ask(self, child: Child, offer: Offer) -> Generator[simpy.Event, Any, Offer | None]:
        """Refers a child to an offer, and hears after a while; None where it has no place or refuses."""
        if takes := self._find.takes(offer):
            yield self.env.timeout(self._answers.expovariate(1 / takes))
        if child.granted.triggered:
            return child.queued_at
        if self._refuses(child, offer):
            return None
        if offer.busy >= offer.places or any(each is not child for each in offer.queue):
            child.course.refusals.append("no-place")
            return None
        if child.queued_at is not None:
            child.queued_at.queue.remove(child)
        offer.busy += 1
        child.queued_at = offer
        return offer

    def _refuses(self, child: Child, offer: Offer) -> bool:
        """Whether an offer refuses this child: drawn once for the two, whenever it is asked."""
        rng = self._random(f"refusal/{child.number}/{offer.number}")
        if rng.random() >= self.world.refusal:
            return False
        reasons, shares = zip(*self.world.refusals, strict=True)
        child.course.refusals.append(rng.choices(reasons, shares)[0])
        child.refused_by.add(offer.number)
        return True

    def _join(self, child: Child, offer: Offer) -> None:
        child.queued_at = offer
        offer.queue.append(child)
        self._admit(offer)

    def _admit(self, offer: Offer) -> None:
        while offer.queue and offer.busy < offer.places:
            offer.busy += 1
            offer.queue.popleft().granted.succeed()

    def _stay(self, offer: Offer) -> _Process:
        yield self.env.timeout(self._stays.expovariate(1 / offer.stay))
        offer.busy -= 1
        self._admit(offer)

    def _report(self, offer: Offer) -> _Process:
        every = offer.reports_every or self.world.report_every
        yield self.env.timeout(self._reports.uniform(0, every))
        while True:
            free = max(0, offer.places - offer.busy - len(offer.queue))
            if self._reports.random() < self.world.wrong:
                free = max(0, free + self._reports.choice((-1, 1)))
            offer.published = Published(self.env.now, free, len(offer.queue), offer.wait)
            yield self.env.timeout(every)

    def _watch_places(self, first: float, last: float) -> _Process:
        yield self.env.timeout(first)
        while self.env.now < last:
            self._empty += sum(offer.places - offer.busy for offer in self.offers)
            yield self.env.timeout(1)

    def _figures(self, children: list[Child]) -> Figures:
        courses = [each.course for each in children]
        count = max(1, len(courses))
        waits = sorted(each.began - each.since for each in courses if each.began is not None)
        days = sum(offer.places for offer in self.offers) * YEAR
        values = (
            sum(each.choice == 1 for each in courses) / count,
            sum(wait <= NORM_DAYS for wait in waits) / count,
            sum(waits) / len(waits) if waits else 0.0,
            waits[int(0.9 * (len(waits) - 1))] if waits else 0.0,
            sum(len(each.refusals) for each in courses) / count,
            sum(each.calls for each in courses) / count,
            self._empty / days,
            (len(courses) - len(waits)) / count,
            float(len(waits)),
        )
        return dict(zip(MEASURES, values, strict=True))


def finder_of(behaviour: Behaviour, region: Region, rng: Random) -> Finds:
    """What looks for help in that way."""
    kinds = {"phone": Phone, "search": Search, "ranking": Ranking, "proposals": Proposals}
    return kinds[behaviour](region, rng)
