"""What of a proposal takes long: in a process of its own, so that nobody who asks something waits for it."""

import pickle
from asyncio import to_thread
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol, TypeVar

from anyio.to_process import run_sync

from app.allocation.model import Case, Proposal
from app.allocation.model import Places as FreePlaces
from app.allocation.propose import propose
from app.dossiers.proposals.case_packing import pack_case
from app.dossiers.proposals.ranked import Ranked, places_in, rank_all
from app.dossiers.proposals.states import Places
from app.finding.catalogue.excerpt import Excerpt, unpack
from app.ranking.model import Request

Made = TypeVar("Made")


class Run(Protocol):
    """Does work somewhere: what it makes of its arguments."""

    async def __call__(self, work: Callable[..., Made], /, *arguments: object) -> Made:
        """What `work` returns; raises what it raises."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Solved:
    """A proposal, and the case that it was made of with its outcome as a compressed file (`case_file.ProposalCase`)."""

    proposal: Proposal
    case_file: bytes


def solved(case: Case) -> Solved:
    """The proposal of a case. Raises as `allocation.propose.propose`."""
    proposal = propose(case)
    return Solved(proposal, pack_case(case, proposal))


def ranked(packed: bytes, requests: Sequence[Request], today: date, horizon: date) -> list[Ranked]:
    """What each of these children has, by a packed excerpt of the catalogue."""
    return rank_all(_unpacked(packed), requests, today, horizon)


def places(packed: bytes, today: date, horizon: date, which: Places) -> list[FreePlaces]:
    """The places of each offer of a packed excerpt, by its number."""
    return places_in(_unpacked(packed), today, horizon, which)


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> Excerpt:
    """The excerpt, which many slices of one proposal are ranked by one after another."""
    return unpack(packed)


async def run_beside(work: Callable[..., Made], *arguments: object) -> Made:
    """In another process, which ends when this is cancelled.

    What goes there and back is packed in a thread: of thousands of children that takes long enough to be waited for.
    """
    packed = await to_thread(pickle.dumps, (work, arguments))
    answer = await run_sync(_worked, packed, cancellable=True)
    made: Made = await to_thread(pickle.loads, answer)
    return made


def _worked(packed: bytes) -> bytes:
    work, arguments = pickle.loads(packed)  # noqa: S301 - of the process that started this one
    return pickle.dumps(work(*arguments))
