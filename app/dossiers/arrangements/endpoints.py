"""Arrangements: regions and providers answer what was put to them, institutions see what they asked."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.domain.dates import dutch_day
from app.dossiers.arrangements import service, views
from app.dossiers.arrangements.errors import ArrangementDecidedError, GroundMovedError
from app.dossiers.arrangements.schemas import (
    ArrangementCounts,
    ArrangementDecisionIn,
    ArrangementOut,
    ArrangementQuery,
)
from app.dossiers.arrangements.tables import FullArrangement
from app.dossiers.arrangements.views import arrangement_out
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.respond import OptionalIfMatch, respond, respond_as_shown
from app.kit.http.rights import PartyToArrangements, Region
from app.kit.http.routing import router as make_router
from app.kit.pages import Page
from app.kit.security.callers import Caller

router = make_router("Arrangements")

ArrangementId = Annotated[
    UUID,
    Path(alias="arrangementId", description="The arrangement.", examples=["2f9d1c3b-7a64-4e85-b0c2-6d5e4f3a2b10"]),
]


def answer_arrangement(
    request: Request,
    full: FullArrangement,
    caller: Caller,
    now: datetime,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """The answer with an arrangement, whose term goes by with the days."""
    content = arrangement_out(full, caller, dutch_day(now))
    return respond_as_shown(request, content, full.arrangement.version, status=status, headers=headers)


@router.get("/arrangements", response_model=Page[ArrangementOut])
async def list_arrangements(
    request: Request,
    query: Annotated[ArrangementQuery, Query()],
    caller: PartyToArrangements,
    session: Reading,
    now: Now,
) -> Response:
    """Of an institution or local team what it asked, of a region or provider what was put to it; the oldest first."""
    rows = await views.list_arrangements(session, caller, query, query.key(request.url.path, datetime, UUID))
    return listed(
        request,
        query,
        rows,
        key=lambda full: [full.arrangement.asked_at, full.arrangement.id],
        show=lambda full: arrangement_out(full, caller, dutch_day(now)),
    )


@router.get("/arrangements/{arrangementId}", response_model=ArrangementOut, responses=raises(NotFoundError))
async def get_arrangement(
    request: Request, arrangement_id: ArrangementId, caller: PartyToArrangements, session: Reading, now: Now
) -> Response:
    """One arrangement, with its term as it stands today."""
    return answer_arrangement(request, await views.get_arrangement(session, caller, arrangement_id), caller, now)


@router.post(
    "/arrangements/{arrangementId}/decisions",
    response_model=ArrangementOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, ArrangementDecidedError, GroundMovedError),
)
async def decide_arrangement(
    request: Request,
    arrangement_id: ArrangementId,
    body: ArrangementDecisionIn,
    caller: PartyToArrangements,
    session: Writing,
    now: Now,
    once: Idempotent,
    if_match: OptionalIfMatch = None,
) -> Response:
    """Grants or refuses what was put to the caller, or withdraws what it asked; the answer is the arrangement.

    A light contract that is granted is made, from today: of the child's municipality, for the care type and the
    product codes of the offer. Anything else that is granted is an exception for this child alone: its matches no
    longer hold it against the offer. Both end on `validTo`.
    """

    async def create() -> Response:
        full = await service.decide(session, caller, arrangement_id, body, if_match, now)
        return answer_arrangement(request, full, caller, now, 201, {"Location": f"/v1/arrangements/{arrangement_id}"})

    return await once(caller, create)


@router.get("/arrangement-counts", response_model=ArrangementCounts)
async def count_arrangements(request: Request, caller: Region, session: Reading, now: Now) -> Response:
    """How many arrangements were asked for the region's own children, by kind and care type, and the days they took."""
    return respond(request, await views.count_arrangements(session, caller, dutch_day(now)))
