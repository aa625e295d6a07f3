"""Proposals: many children and few places on one table."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.dossiers.proposals import line_views, service, views
from app.dossiers.proposals.case_file import ProposalCase
from app.dossiers.proposals.errors import CaseErasedError, NotMadeError, TooManyProposalsError
from app.dossiers.proposals.schemas import (
    ChildProposalLine,
    ProposalIn,
    ProposalInFull,
    ProposalLine,
    ProposalOut,
    ProposalReport,
)
from app.dossiers.requests.endpoints import RequestId
from app.finding.catalogue.dependencies import Context
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import LOCATION, Responses, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.language import InLanguage
from app.kit.http.pagination import listed
from app.kit.http.respond import respond, respond_bytes
from app.kit.http.rights import Referrer, Table
from app.kit.http.routing import router as make_router
from app.kit.pages import Page, PageQuery

router = make_router("Proposals")

ProposalId = Annotated[
    UUID, Path(alias="proposalId", description="The proposal.", examples=["5d0c2b7a-91f4-4e36-b8a2-7c4e1f6a9d03"])
]
_ACCEPTED: Final[Responses] = {202: LOCATION[201]}


@router.post(
    "/proposals", response_model=ProposalOut, status_code=202, responses=_ACCEPTED | raises(TooManyProposalsError)
)
async def ask_proposal(
    request: Request, body: ProposalIn, caller: Table, session: Writing, now: Now, once: Idempotent
) -> Response:
    """Asks who of many children would best go to which of the places there are; it is made in the background.

    The children are those that have neither help nor a promised place: of an expert team its region's, of a supraregion
    those that stand before its own step. Candidates and their order are those of each child's own ranking; places are
    those free, less who waits and what was promised. It advises: nothing is referred by it. Ask for the proposal until
    its status is `done` or `failed`.
    """

    async def create() -> Response:
        row = await service.ask(session, caller, body, now)
        location = {"Location": f"/v1/proposals/{row.id}"}
        return respond(request, views.proposal_out(row), status=202, headers=location)

    return await once(caller, create)


@router.get("/proposals", response_model=Page[ProposalOut])
async def list_proposals(
    request: Request, query: Annotated[PageQuery, Query()], caller: Table, session: Reading
) -> Response:
    """The proposals that the caller's region or supraregion asked for, the last first; they are kept for a year."""
    rows = await service.list_proposals(session, caller, query, query.key(request.url.path, datetime, UUID))
    return listed(request, query, rows, key=lambda row: [row.asked_at, row.id], show=views.proposal_out)


@router.get("/proposals/{proposalId}", response_model=ProposalInFull, responses=raises(NotFoundError))
async def get_proposal(request: Request, proposal_id: ProposalId, caller: Table, session: Reading) -> Response:
    """A proposal: how far its making is; and once it is done the price of each method, and what would do most."""
    row = await service.get_proposal(session, caller, proposal_id)
    return respond(request, await views.proposal_in_full(session, row))


@router.get(
    "/proposals/{proposalId}/lines",
    response_model=Page[ProposalLine],
    responses=raises(NotFoundError, NotMadeError),
)
async def list_proposal_lines(
    request: Request,
    proposal_id: ProposalId,
    query: Annotated[PageQuery, Query()],
    caller: Table,
    session: Reading,
    context: Context,
    language: InLanguage,
) -> Response:
    """What is proposed for each child and why, those longest over the norm first; and what became of it since.

    A child that is no longer the caller's to see is left out. Whose request it is refers by one call (`toSend`).
    """
    row = await service.get_made(session, caller, proposal_id)
    lines = await service.list_lines(session, row, query, query.key(request.url.path, int))
    found = await line_views.show_lines(
        session, row, lines[: query.limit], language, context.follower.catalogue, context.today
    )
    return listed(
        request, query, lines, key=lambda line: [line[0].number], show=lambda line: found[line[1].id],
        headers={"Content-Language": language},
    )  # fmt: skip


@router.get(
    "/proposals/{proposalId}/report", response_model=ProposalReport, responses=raises(NotFoundError, NotMadeError)
)
async def get_proposal_report(request: Request, proposal_id: ProposalId, caller: Table, session: Reading) -> Response:
    """What the proposal comes to for groups of children: whether it treats some worse than others.

    A region sees all of its own; a supraregion no counts of fewer than five children, nor what they follow from.
    """
    row = await service.get_made(session, caller, proposal_id)
    return respond(request, await views.report_out(session, caller, row))


@router.get(
    "/proposals/{proposalId}/case",
    response_model=ProposalCase,
    responses=raises(NotFoundError, NotMadeError, CaseErasedError),
)
async def get_proposal_case(request: Request, proposal_id: ProposalId, caller: Table, session: Reading) -> Response:
    """All that went into a proposal and what came out, for `wijzer propose` to make again, to the byte.

    In it children are called k1, k2 and so on, in the order of the lines.
    """
    content = await service.get_case_file(session, caller, proposal_id)
    return respond_bytes(request, content, "application/json")


@router.get(
    "/requests/{requestId}/proposal-lines",
    response_model=Page[ChildProposalLine],
    responses=raises(NotFoundError),
)
async def list_child_proposal_lines(
    request: Request,
    request_id: RequestId,
    query: Annotated[PageQuery, Query()],
    caller: Referrer,
    session: Reading,
    context: Context,
    language: InLanguage,
) -> Response:
    """What proposals of the region or supraregion say of a child of the caller's own, the last made first.

    It is advice to whose request it is: `toSend` refers the child where it says. Nothing of other children is in it.
    """
    key = query.key(request.url.path, datetime, UUID)
    row, lines = await service.list_child_lines(session, caller, request_id, query, key)
    found = await line_views.show_child_lines(
        session, row, lines[: query.limit], language, context.follower.catalogue, context.today
    )
    return listed(
        request, query, lines, key=lambda line: [line[0].made_at, line[0].id], show=lambda line: found[line[0].id],
        headers={"Content-Language": language},
    )  # fmt: skip
