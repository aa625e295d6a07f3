"""The case of a proposal: children that wait, each with its offers as the ranking has them, and the places.

All children are ranked by the catalogue as it stands at one moment, of which an excerpt is taken; a change since, such
as a report, counts for none of them.
"""

from asyncio import to_thread
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import numpy as np

from app.allocation.model import Case, Child, KeptOut, Method
from app.allocation.model import Places as FreePlaces
from app.domain.dates import add_months
from app.dossiers.proposals.beside import Run, places, ranked
from app.dossiers.proposals.case_file import MOST_DAYS
from app.dossiers.proposals.ranked import Ranked, records_of
from app.dossiers.proposals.states import Places
from app.dossiers.referrals.refusals import earlier_declines
from app.dossiers.referrals.schemas import Refusal
from app.dossiers.requests.match_request import of_known_place
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.excerpt import take_excerpt
from app.finding.matching.schemas import OfferException
from app.finding.matching.service import ranked_request
from app.kit.turns import in_turns
from app.ranking.derived_dates import NORM_MONTHS
from app.ranking.model import PREVENTIVE, Request
from app.ranking.rank import DEFAULT_POLICY
from app.reference.lists import reference

Progress = Callable[[int], Awaitable[None]]
"""Is told how many children are ranked."""
_STEPS: Final = 20
"""How often that is told, at most."""
_FEWEST: Final = 100
"""Children that are ranked at a time, at least."""
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


Group = tuple[UUID, str | None]
"""A family: the institution, and what it calls these siblings together."""


def _group(row: RequestRow) -> Group:
    return row.organisation_id, row.sibling_group


async def gather(catalogue: Catalogue, known: Known, asked: Asked, run: Run, progress: Progress) -> Case:
    """The case: the children in the order of `known.rows`, called k1, k2 and so on.

    They are ranked some at a time where `run` has it done, and others have their turn. A child whose municipality is no
    more has no offers. Of the excerpt, only offers that are a candidate of some child are in the case.
    """
    requests = [request async for request in _requests(known, asked)]
    packed = await _excerpt(catalogue, [each for each in requests if each is not None])
    found = list[Ranked]()
    step = max(_FEWEST, -(-len(requests) // _STEPS))
    for begin in range(0, len(requests), step):
        some = requests[begin : begin + step]
        there = [each for each in some if each is not None]
        answers = iter(await run(ranked, packed, there, asked.today, asked.horizon))
        found.extend(
            _nothing(known.rows[at], asked) if each is None else next(answers) for at, each in enumerate(some, begin)
        )
        await progress(len(found))
    free = await run(places, packed, asked.today, asked.horizon, asked.places)
    return await to_thread(_case, known, asked, found, free)


async def _requests(known: Known, asked: Asked) -> AsyncIterator[Request | None]:
    """What each child asks of the ranking; None of one whose municipality is no more."""
    families = defaultdict[Group, list[RequestRow]](list)
    for each in known.siblings:
        families[_group(each)].append(each)
    async for row in in_turns(known.rows):
        if row.municipality_code not in reference().municipalities:
            yield None
            continue
        family = families[_group(row)] if row.sibling_group is not None else []
        declines, exceptions = earlier_declines(known.refusals[row.id]), known.exceptions[row.id]
        yield ranked_request(of_known_place(row, family, asked.today, DEFAULT_POLICY, 1, declines, exceptions))


async def _excerpt(catalogue: Catalogue, requests: Sequence[Request]) -> bytes:
    """What the catalogue has for these children at one moment, packed.

    Blocks that are not there yet are made before it, so that the moment is short.
    """
    keys = {(each.child.region, choice.care_type) for each in requests for choice in each.choices}
    named = {(choice.offer_id, choice.provider_id) for each in requests for choice in each.choices}
    async for key in in_turns(keys):
        catalogue.block(*key)
    return await to_thread(take_excerpt(catalogue, keys, named).packed)


def _nothing(row: RequestRow, asked: Asked) -> Ranked:
    due_on = add_months(row.measure_imposed_on or asked.today, NORM_MONTHS)
    return Ranked(due_on, records_of(()), kept_out=KeptOut(0, None, 0))


def _case(known: Known, asked: Asked, found: Sequence[Ranked], free: Sequence[FreePlaces]) -> Case:
    candidates = np.concatenate([records_of(()), *(each.candidates for each in found)])
    met, candidates["offer"] = np.unique(candidates["offer"], return_inverse=True)
    return Case(
        today=asked.today,
        horizon=asked.horizon,
        method=asked.method,
        seed=asked.seed,
        children=tuple(_children(known, asked, found)),
        places=tuple(free[number] for number in met.tolist()),
        candidates=candidates,
        first=np.cumsum([0, *(len(each.candidates) for each in found)]).astype(np.int64),
        changes=asked.changes,
    )


def _children(known: Known, asked: Asked, found: Sequence[Ranked]) -> Iterator[Child]:
    sizes = Counter(map(_group, known.siblings))
    groups: dict[Group, str] = {}
    for number, (row, each) in enumerate(zip(known.rows, found, strict=True), start=1):
        is_member = row.sibling_group is not None and sizes[_group(row)] > 1
        group = groups.setdefault(_group(row), f"g{len(groups) + 1}") if is_member else None
        yield Child(
            id=f"k{number}",
            due_on=min(max(each.due_on, asked.today - _FURTHEST), asked.today + _FURTHEST),
            waiting_since=min(row.needed_again_on or row.requested_on, asked.today),
            crisis=row.id in known.in_crisis,
            measure=row.measure_type not in {None, PREVENTIVE},
            group=group,
            places=1 if group is not None else row.places,
            beyond=each.beyond,
            kept_out=each.kept_out,
        )
