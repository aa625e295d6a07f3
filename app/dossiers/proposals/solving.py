"""Solving a case beside the service: in a process of its own, so that nobody who asks something waits for it."""

import pickle
import zlib
from asyncio import to_thread
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from anyio.to_process import run_sync

from app.allocation.model import Case, Proposal
from app.allocation.propose import propose
from app.dossiers.proposals.case_file import write_case


@dataclass(frozen=True, slots=True)
class Solved:
    """A proposal, and the case that it was made of with its outcome as a compressed file (`case_file.ProposalCase`)."""

    proposal: Proposal
    case_file: bytes


Solve = Callable[[Case], Awaitable[Solved]]


def solved(case: Case) -> Solved:
    """The proposal of a case. Raises as `allocation.propose.propose`."""
    proposal = propose(case)
    return Solved(proposal, zlib.compress(write_case(case, proposal)))


async def solve_beside(case: Case) -> Solved:
    """As `solved`, in another process, which ends when this is cancelled.

    What goes there and back is packed in a thread: of thousands of children that takes long enough to be waited for.
    """
    packed = await to_thread(pickle.dumps, case)
    answer = await run_sync(_solved, packed, cancellable=True)
    unpacked: Solved = await to_thread(pickle.loads, answer)
    return unpacked


def _solved(packed: bytes) -> bytes:
    return pickle.dumps(solved(pickle.loads(packed)))  # noqa: S301 - of the process that started this one
