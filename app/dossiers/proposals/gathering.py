"""The case of a proposal: children that wait, each with its offers as the ranking has them, and the places."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import numpy as np

from app.allocation.model import CANDIDATE, Case, Child, Method
from app.allocation.model import Places as FreePlaces
from app.domain.arrays import Array
from app.domain.dates import add_months
from app.dossiers.proposals.case_file import MOST_DAYS
from app.dossiers.proposals.states import Places
from app.dossiers.referrals.refusals import earlier_declines
from app.dossiers.referrals.schemas import Refusal
from app.dossiers.requests.match_request import of_known_place
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.schemas import OfferException
from app.finding.matching.service import ranked_request, ranking_of
from app.ranking.derived_dates import NORM_MONTHS
from app.ranking.model import PREVENTIVE
from app.ranking.rank import DEFAULT_POLICY, Listed
from app.ranking.rules import STALE_AFTER_DAYS
from app.reference.lists import reference

Progress = Callable[[int], Awaitable[None]]
"""Is told how many children are ranked."""
_STEPS: Final = 20
"""How often that is told, at most."""
_FURTHEST: Final = timedelta(days=MOST_DAYS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a proposal is asked with."""

    today: date
    horizon_days: int
    places: Places
    method: Method
    seed: int
    changes: int

    @property
    def horizon(self) -> date:
        """The day on which a child without a place counts as helped."""
        return self.today + timedelta(days=self.horizon_days)


@dataclass(frozen=True, slots=True)
class Known:
    """The children, and what is known of each by its id: its refusals, and what was granted for it.

    `siblings` are all open requests of their families, `in_crisis` those whose last referral says so.
    """

    rows: Sequence[RequestRow]
    siblings: Sequence[RequestRow]
    refusals: Mapping[UUID, Sequence[Refusal]]
    exceptions: Mapping[UUID, Sequence[OfferException]]
    in_crisis: frozenset[UUID]


def _group(row: RequestRow) -> tuple[UUID, str | None]:
    return row.organisation_id, row.sibling_group


class _Offers:
    """The offers that were met, numbered as they came.

    A slot of the catalogue can go to another offer when that changes, so what is known of slots counts for as long as
    the catalogue stands where it stood.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._position = catalogue.position
        self._of_slot = np.full(len(catalogue.table), -1, np.int64)
        self.numbers: dict[str, int] = {}

    def numbers_of(self, slots: Array) -> Array:
        """The numbers of the offers in these slots."""
        if self._catalogue.position != self._position or len(self._catalogue.table) != len(self._of_slot):
            self._position = self._catalogue.position
            self._of_slot = np.full(len(self._catalogue.table), -1, np.int64)
        for slot in slots[self._of_slot[slots] < 0].tolist():
            offer_id = self._catalogue.entry(slot).id
            self._of_slot[slot] = self.numbers.setdefault(offer_id, len(self.numbers))
        numbers: Array = self._of_slot[slots]
        return numbers

    def places(self, asked: Asked) -> tuple[FreePlaces, ...]:
        """How many children more each of them can take, by number."""
        return tuple(
            FreePlaces(offer_id, places_of(self._catalogue, offer_id, asked.today, asked.horizon, asked.places))
            for offer_id in self.numbers
        )


def places_of(catalogue: Catalogue, offer_id: str, today: date, horizon: date, which: Places) -> int:
    """How many children more an offer can take by its report; of a report that is too old, or of hours, see below.

    Free places minus who waits; a place that was promised is free no more, since a promise counts in the figures
    (`supply.capacity.place_movements`). Where none is left and `soon` is asked, the place that comes free within the
    horizon counts. A report that says nothing about the start (`STALE_AFTER_DAYS`) has no places. Hours a week are no
    number of children, so an offer that has some left counts for one.
    """
    slot = catalogue.find_slot(offer_id)
    if slot is None:
        return 0
    offer = catalogue.table[slot]
    if not offer["reported"] or offer["observed_on"] < today.toordinal() - STALE_AFTER_DAYS:
        return 0
    room, comes_free = float(offer["room"]), int(offer["next_free_on"])
    if offer["in_hours"]:
        return int(room > 0)
    if room >= 1:
        return int(room)
    is_soon = which == "soon" and room >= 0 and int(offer["observed_on"]) <= comes_free <= horizon.toordinal()
    return int(is_soon)


async def gather(catalogue: Catalogue, known: Known, asked: Asked, progress: Progress) -> Case:
    """The case: the children in the order of `known.rows`, called k1, k2 and so on.

    A child at a time is ranked, so that others get their turn; each by the catalogue as it stands then, and places by
    that as it stands at the end. A child whose municipality is no more has no offers.
    """
    offers, children, parts = _Offers(catalogue), list[Child](), list[Array]()
    groups: dict[tuple[UUID, str | None], str] = {}
    step = max(1, -(-len(known.rows) // _STEPS))
    families = defaultdict[tuple[UUID, str | None], list[RequestRow]](list)
    for each in known.siblings:
        families[_group(each)].append(each)
    for number, row in enumerate(known.rows, start=1):
        family = families[_group(row)] if row.sibling_group is not None else []
        due_on, candidates = _ranked(catalogue, known, row, family, asked, offers)
        is_member = row.sibling_group is not None and len(family) > 1
        group = groups.setdefault(_group(row), f"g{len(groups) + 1}") if is_member else None
        children.append(_child(number, row, due_on, group, known, asked))
        parts.append(candidates)
        if number % step == 0:
            await progress(number)
        await asyncio.sleep(0)
    return Case(
        today=asked.today,
        horizon=asked.horizon,
        method=asked.method,
        seed=asked.seed,
        children=tuple(children),
        places=offers.places(asked),
        candidates=np.concatenate([np.zeros(0, CANDIDATE), *parts]),
        first=np.cumsum([0, *map(len, parts)]).astype(np.int64),
        changes=asked.changes,
    )


def _child(number: int, row: RequestRow, due_on: date, group: str | None, known: Known, asked: Asked) -> Child:
    return Child(
        id=f"k{number}",
        due_on=min(max(due_on, asked.today - _FURTHEST), asked.today + _FURTHEST),
        waiting_since=min(row.needed_again_on or row.requested_on, asked.today),
        crisis=row.id in known.in_crisis,
        measure=row.measure_type not in {None, PREVENTIVE},
        group=group,
        places=1 if group is not None else row.places,
    )


def _ranked(
    catalogue: Catalogue, known: Known, row: RequestRow, family: Sequence[RequestRow], asked: Asked, offers: _Offers
) -> tuple[date, Array]:
    """When help is due for a child, and its offers that can start within the horizon, as records of CANDIDATE."""
    if row.municipality_code not in reference().municipalities:
        return add_months(row.measure_imposed_on or asked.today, NORM_MONTHS), np.zeros(0, CANDIDATE)
    declines, exceptions = earlier_declines(known.refusals[row.id]), known.exceptions[row.id]
    body = of_known_place(row, family, asked.today, DEFAULT_POLICY, 1, declines, exceptions)
    ranking = ranking_of(catalogue, ranked_request(body), asked.today, DEFAULT_POLICY)
    return ranking.norm.deadline, _candidates(ranking.listed(), offers, asked.horizon)


def _candidates(listed: Sequence[Listed], offers: _Offers, horizon: date) -> Array:
    last = horizon.toordinal()
    within = [each for each in listed if each.start <= last]
    candidates: Array = np.zeros(len(within), CANDIDATE)
    candidates["offer"] = offers.numbers_of(np.array([each.number for each in within], np.int64))
    for name in ("start", "choice", "wishes", "distance", "needs"):
        candidates[name] = [getattr(each, name) for each in within]
    return candidates
