"""Asking for proposals, and reading them; `making` has how they are made."""

import secrets
import zlib
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.domain.dates import dutch_day
from app.dossiers.proposals import child_lines_repository, repository
from app.dossiers.proposals.case_file import MOST_SEED
from app.dossiers.proposals.child_lines_repository import MadeProposal
from app.dossiers.proposals.errors import CaseErasedError, NotMadeError, TooManyProposalsError, not_waiting
from app.dossiers.proposals.schemas import ProposalIn
from app.dossiers.proposals.tables import ProposalLineRow, RegionalProposalRow
from app.dossiers.requests.repository import get_request
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import InvalidInputError
from app.kit.json_bytes import to_json
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller, Role

MOST_UNFINISHED: Final = 5
"""Proposals of one region or supraregion that may wait to be made at once."""


async def ask(session: WriteSession, caller: Caller, body: ProposalIn, now: datetime) -> RegionalProposalRow:
    """Asks for a proposal; a job makes it (`making`).

    `InvalidInputError` with every listed request that is not of a child of the caller's that waits,
    `TooManyProposalsError` where too many wait to be made already.
    """
    if await repository.count_unfinished(session, caller) >= MOST_UNFINISHED:
        raise TooManyProposalsError(MOST_UNFINISHED)
    await _check_listed(session, caller, body, now)
    seed = secrets.randbelow(MOST_SEED + 1) if body.seed is None else body.seed
    values = {
        **body.values(exclude={"requests", "seed"}),
        "seed": seed,
        "organisation_id": caller.organisation_id,
        "client_id": caller.client_id,
        "region_code": caller.region if caller.role is Role.REGION else None,
        "supraregion": caller.supraregion if caller.role is Role.SUPRAREGION else None,
        "asked_at": now,
        "status": "queued",
    }
    row = await repository.add_proposal(session, values)
    if body.requests is not None:
        await repository.put_lines(session, row.id, to_json([{"request_id": each} for each in body.requests]))
    return row


async def _check_listed(session: WriteSession, caller: Caller, body: ProposalIn, now: datetime) -> None:
    if body.requests is None:
        return
    rows = await repository.list_children(session, caller, "listed", dutch_day(now), body.requests)
    waiting = {row.id for row in rows}
    wrong = [not_waiting(f"#/requests/{at}") for at, each in enumerate(body.requests) if each not in waiting]
    if wrong:
        raise InvalidInputError(*wrong)


async def get_proposal(session: ReadSession, caller: Caller, proposal_id: UUID) -> RegionalProposalRow:
    """A proposal of the caller's; `NotFoundError` where it has no such."""
    return await repository.get_proposal(session, caller, proposal_id)


async def list_proposals(
    session: ReadSession, caller: Caller, query: PageQuery, key: list[Any] | None
) -> list[RegionalProposalRow]:
    """The caller's proposals, the last asked first; after `key` (when asked, id), and one more than the page."""
    return await repository.list_proposals(session, caller, limit=query.window, key=key)


async def get_made(session: ReadSession, caller: Caller, proposal_id: UUID) -> RegionalProposalRow:
    """As `get_proposal`; `NotMadeError` where it is not done."""
    row = await repository.get_proposal(session, caller, proposal_id)
    if row.status != "done":
        raise NotMadeError(row.status)
    return row


async def list_lines(
    session: ReadSession, proposal: RegionalProposalRow, query: PageQuery, key: list[Any] | None
) -> list[tuple[ProposalLineRow, RequestRow]]:
    """The lines of a proposal with their children, those longest over the norm first; one more than the page."""
    return await repository.list_lines(session, proposal.id, limit=query.window, key=key)


async def list_child_lines(
    session: ReadSession, caller: Caller, request_id: UUID, query: PageQuery, key: list[Any] | None
) -> tuple[RequestRow, list[tuple[MadeProposal, ProposalLineRow]]]:
    """A request of the caller's own and what proposals say of it, the last made first; one more than the page.

    `NotFoundError` where it has no such: whoever it is shared with does not refer, and so is told nothing of these.
    """
    row = await get_request(session, caller, request_id)
    return row, await child_lines_repository.list_child_lines(session, row.id, limit=query.window, key=key)


async def get_case_file(session: ReadSession, caller: Caller, proposal_id: UUID) -> bytes:
    """The case of a proposal with its outcome, as JSON; who sees it saw each child that is in it.

    `CaseErasedError` where a dossier of it was erased.
    """
    row = await get_made(session, caller, proposal_id)
    case_file = await repository.find_case_file(session, row.id)
    if case_file is None:
        raise CaseErasedError
    await repository.note_children(session, row.id)
    return zlib.decompress(case_file)
