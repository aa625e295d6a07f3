"""The desk of a region, which proposes each week which child goes to which free place; referrers follow that."""

from collections.abc import Generator, Iterable, Iterator
from datetime import timedelta
from typing import Any, Final

import numpy as np
import simpy

from app.allocation.applicants import applicants_of
from app.allocation.model import CANDIDATE, Candidate, Case, Places
from app.allocation.model import Child as Waiting
from app.allocation.stable import NOWHERE, stable
from app.simulation.behaviours import Phone, Ranking, day_of
from app.simulation.model import NORM_DAYS, YEAR
from app.simulation.region import Child, Offer

_WEEK: Final = 7


class Proposals(Ranking):
    """Follows the ranking, and each week what the region's proposal (stable) gives to whom."""

    def processes(self) -> Iterable[Generator[simpy.Event, Any, None]]:
        """The desk of the region."""
        yield self._desk()

    def asked(self, child: Child) -> Iterator[Offer]:
        """Free places are given out by the desk; what publishes nothing is phoned."""
        if child.queued_at is None:
            yield from Phone.asked(self, child)

    def _desk(self) -> Generator[simpy.Event, Any, None]:
        while True:
            yield self._region.env.timeout(_WEEK)
            free = [offer for offer in self._region.offers if offer.published and offer.published.free]
            waiting = [child for child in self._region.waiting.values() if _can_be_proposed(child)]
            if free and waiting:
                for child, offer in self._given(waiting, free):
                    child.proposed.succeed(offer)

    def _given(self, waiting: list[Child], free: list[Offer]) -> list[tuple[Child, Offer]]:
        lists = [self._candidates(child, free) for child in waiting]
        first = np.cumsum([0, *map(len, lists)])
        positions = {offer.id: at for at, offer in enumerate(free)}
        candidates = np.zeros(int(first[-1]), CANDIDATE)
        for at, each in enumerate(each for found in lists for each in found):
            candidates[at] = (positions[each.offer], each.starts_on.toordinal(), each.distance, each.choice, 0, 0)
        case = Case(
            today=self.today,
            horizon=self.today + timedelta(days=YEAR),
            method="stable",
            seed=0,
            children=tuple(map(_as_waiting, waiting)),
            places=tuple(Places(offer.id, offer.published.free) for offer in free if offer.published),
            candidates=candidates,
            first=first,
        )
        applicants = applicants_of(case)
        chosen = stable(applicants).tolist()
        given = []
        for number, option in enumerate(chosen):
            if option != NOWHERE:
                (at,) = applicants.members[number]
                row = int(applicants.rows[number][0, option - applicants.first[number]])
                given.append((waiting[at], free[int(candidates["offer"][row])]))
        return given

    def _candidates(self, child: Child, free: list[Offer]) -> list[Candidate]:
        last, wanted = self.today + timedelta(days=YEAR), set(map(id, free))
        return [
            Candidate(each.offer.id, each.choice, min(each.expected_start or last, last), round(each.distance_km or 0))
            for each in self.better(child)
            if id(offer := self._offer(each)) in wanted and self._is_new(child, offer)
        ]


def _can_be_proposed(child: Child) -> bool:
    return child.proposed is not None and not child.proposed.triggered and not child.granted.triggered


def _as_waiting(child: Child) -> Waiting:
    since = day_of(child.course.since)
    return Waiting(child.id, since + timedelta(days=NORM_DAYS), since, measure=True)
