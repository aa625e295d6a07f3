"""Solving a case beside the service: in a process of its own, so that nobody who asks something waits for it."""

import zlib
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
    """As `solved`, in another process, which ends when this is cancelled."""
    return await run_sync(solved, case, cancellable=True)
