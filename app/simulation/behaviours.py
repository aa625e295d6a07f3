"""How referrers look for help: whom they ask, in which order, and where they have a child wait."""

from collections.abc import Generator, Iterable, Iterator
from datetime import date, timedelta
from itertools import takewhile
from random import Random
from typing import Any, Final, Protocol

import simpy

from app.domain.dates import YearMonth, dutch_midnight
from app.domain.geo import distance_km
from app.ranking.model import Capacity, Choice, Contract, Location, Measure, Outcome, Request, Result
from app.ranking.model import Child as Ranked
from app.ranking.model import Offer as RankedOffer
from app.ranking.rank import rank
from app.simulation.model import YEAR, World
from app.simulation.region import Child, Offer, Published

_FIRST_DAY: Final = date(2025, 1, 1)
_REGION: Final = "JZ03"
_TOWN: Final = "GM0400"
_ADULT: Final = 17
_AGE: Final = 10
_CONTRACT: Final = Contract("regional", _FIRST_DAY, regions=frozenset({_REGION}))
_GENDERS: Final = frozenset({"female", "male", "other"})


class Region(Protocol):
    """What referrers have before them."""

    world: World
    env: simpy.Environment
    offers: list[Offer]
    waiting: dict[int, Child]


class Finds(Protocol):
    """A way to look. `again` is after how many days it looks again for a child that waits."""

    again: float

    def asked(self, child: Child) -> Iterator[Offer]:
        """The offers to ask for a place, in order."""
        ...

    def queues(self, child: Child) -> Iterator[Offer]:
        """Where the child could wait, the best first."""
        ...

    def takes(self, offer: Offer) -> float:
        """Days until an offer answers, on average."""
        ...

    def processes(self) -> Iterable[Generator[simpy.Event, Any, None]]:
        """What goes on besides the children."""
        ...


class Phone:
    """Each referrer phones round the offers that it knows of each of the child's choices, the first choice first."""

    def __init__(self, region: Region, rng: Random) -> None:
        self._region, self.again = region, region.world.phone_again
        self._known = [self._knows(rng) for _ in range(region.world.referrers)]

    def _knows(self, rng: Random) -> dict[str, list[Offer]]:
        """What one referrer knows; some offers everybody knows: the first of a kind twice as likely as the second."""
        known = {}
        for each in self._region.world.help:
            own: list[Offer] = []
            left = [offer for offer in self._region.offers if offer.care_type == each.care_type]
            while left and len(own) < self._region.world.known:
                own.append(rng.choices(left, [2.0**-number for number in range(len(left))])[0])
                left.remove(own[-1])
            known[each.care_type] = own
        return known

    def known(self, child: Child) -> Iterator[Offer]:
        """The offers that its referrer knows and that did not refuse it, by choice."""
        for care_type in child.choices:
            for offer in self._known[child.referrer][care_type]:
                if offer.number not in child.refused_by:
                    yield offer

    def asked(self, child: Child) -> Iterator[Offer]:
        """Calls them one by one, each call counted, and asks those who say that they have a place."""
        for offer in self.known(child):
            if offer is child.queued_at or not self.is_phoned(offer):
                continue
            child.course.calls += 1
            if offer.busy < offer.places and not offer.queue:
                yield offer

    def is_phoned(self, offer: Offer) -> bool:  # noqa: ARG002 - all are
        """Whether it is phoned to hear whether it has a place."""
        return True

    def queues(self, child: Child) -> Iterator[Offer]:
        """The shortest wait of the first choice that it knows, then of the others."""
        yield from sorted(self.known(child), key=lambda offer: (child.choice_of(offer), offer.wait))

    def takes(self, offer: Offer) -> float:  # noqa: ARG002 - whoever is called, answers
        """A call."""
        return self._region.world.call

    def processes(self) -> Iterable[Generator[simpy.Event, Any, None]]:
        """Nothing."""
        return ()


class Search(Phone):
    """Looks at what is published, the first choice first and the nearest first; what publishes nothing is phoned."""

    def __init__(self, region: Region, rng: Random) -> None:
        super().__init__(region, rng)
        self.again = region.world.look_again
        self._seen: dict[tuple[int, int], float] = {}

    def asked(self, child: Child) -> Iterator[Offer]:
        """The offers that say they have a place, each asked once on the same figures."""
        for offer in self._in_order(child):
            if self._is_new(child, offer) and offer.published and offer.published.free:
                self._seen[child.number, offer.number] = offer.published.at
                yield offer
        if child.queued_at is None:
            yield from super().asked(child)

    def _is_new(self, child: Child, offer: Offer) -> bool:
        """Whether it was not yet asked on these figures."""
        return offer.published is not None and self._seen.get((child.number, offer.number)) != offer.published.at

    def is_phoned(self, offer: Offer) -> bool:
        """What publishes nothing."""
        return offer.published is None

    def _in_order(self, child: Child) -> list[Offer]:
        return sorted(
            self._seen_by(child),
            key=lambda offer: (child.choice_of(offer), distance_km(child.point, offer.point), offer.number),
        )

    def _seen_by(self, child: Child) -> list[Offer]:
        """What publishes figures and is one of the child's choices; while it waits, only what is no worse a choice."""
        worst = child.choice_of(child.queued_at) if child.queued_at else len(child.choices)
        return [
            offer
            for offer in self._region.offers
            if offer.published is not None
            and offer.care_type in child.choices[:worst]
            and offer.number not in child.refused_by
        ]

    def queues(self, child: Child) -> Iterator[Offer]:
        """The shortest published wait of the first choice, then of the others; then what it knows."""
        yield from sorted(
            self._seen_by(child),
            key=lambda offer: (child.choice_of(offer), offer.published.wait if offer.published else 0, offer.number),
        )
        yield from super().queues(child)

    def takes(self, offer: Offer) -> float:
        """A referral is answered after some days."""
        return self._region.world.answer if offer.published is not None else self._region.world.call


class Ranking(Search):
    """Follows the product's ranking, from the top."""

    def _in_order(self, child: Child) -> list[Offer]:
        return list(map(self._offer, self.better(child)))

    def _seen_by(self, child: Child) -> list[Offer]:
        """What publishes figures and is one of the child's choices: which is better is the ranking's to say."""
        return [
            offer
            for offer in self._region.offers
            if offer.published is not None and offer.care_type in child.choices and offer.number not in child.refused_by
        ]

    def better(self, child: Child) -> list[Result]:
        """What the ranking puts above where the child waits, best first; nothing where no place is free."""
        offers = self._seen_by(child)
        if not any(offer.published and offer.published.free and offer is not child.queued_at for offer in offers):
            return []  # nothing to ask, so it need not be ranked
        results = self.ranked(child, offers).results
        return list(takewhile(lambda result: self._offer(result) is not child.queued_at, results))

    def queues(self, child: Child) -> Iterator[Offer]:
        """Where the ranking has it wait: the best on it, and what it knows after that."""
        yield from map(self._offer, self.ranked(child, self._seen_by(child)).results)
        yield from Phone.queues(self, child)

    def _offer(self, result: Result) -> Offer:
        return self._region.offers[int(result.offer.id.rpartition("-")[2])]

    @property
    def today(self) -> date:
        """The day that it is in the region."""
        return day_of(self._region.env.now)

    def ranked(self, child: Child, offers: Iterable[Offer]) -> Outcome:
        """The ranking of these offers for a child of ten years with a measure."""
        since = day_of(child.course.since)
        birth = YearMonth.of(since - timedelta(days=_AGE * YEAR))
        measure = Measure("10", since)
        ranked = Ranked(birth, "female", _TOWN, _REGION, origin=child.point, measure=measure)
        request = Request(ranked, tuple(map(Choice, child.choices)))
        return rank(request, [_as_ranked(offer) for offer in offers], today=self.today)


def day_of(now: float) -> date:
    """The day on which it is so many days since the first."""
    return _FIRST_DAY + timedelta(days=int(now))


def _as_ranked(offer: Offer) -> RankedOffer:
    """An offer with its published figures, as the ranking takes it."""
    published = offer.published or Published(0, 0, 0, 0)
    capacity = Capacity(
        dutch_midnight(day_of(published.at)),
        places_free=published.free,
        waiting_count=published.waiting,
        places_total=offer.places,
        wait_days_intake=0,
        wait_days_treatment=min(round(published.wait), YEAR * 3),
    )
    where = Location(_TOWN, offer.point.latitude, offer.point.longitude)
    return RankedOffer(
        offer.id, offer.id, offer.care_type, 0, _ADULT, _GENDERS, (_CONTRACT,), capacity=capacity, location=where
    )
