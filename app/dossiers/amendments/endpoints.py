"""Amendments: a referral that is to be for more or fewer children, by the consent of both its sides."""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query, Request, Response

from app.domain.dates import dutch_day
from app.dossiers.amendments import service, views
from app.dossiers.amendments.errors import (
    AmendmentDecidedError,
    AmendmentOpenError,
    AmendmentOutdatedError,
    NotAmendableError,
)
from app.dossiers.amendments.schemas import AmendmentDecisionIn, AmendmentIn, AmendmentOut
from app.dossiers.amendments.tables import AmendmentRow
from app.dossiers.amendments.views import amendment_out
from app.dossiers.referrals.endpoints import ReferralId
from app.dossiers.referrals.errors import OfferExcludedError
from app.finding.catalogue.dependencies import Context
from app.kit.database.sessions import WriteSession
from app.kit.errors import ConflictError, NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.respond import respond
from app.kit.http.rights import PartyToReferrals
from app.kit.http.routing import router as make_router
from app.kit.pages import Page, PageQuery
from app.kit.security.callers import Caller
from app.supply.capacity.errors import NoPlaceError

router = make_router("Referrals")

AmendmentNumber = Annotated[
    int, Path(alias="number", ge=1, le=2**31 - 1, description="The how manieth amendment.", examples=[1])
]


async def _answer(
    request: Request, session: WriteSession, row: AmendmentRow, caller: Caller, now: datetime
) -> Response:
    requests = await views.requests_of(session, [row])
    headers = {"Location": f"/v1/referrals/{row.referral_id}/amendments"}
    return respond(request, amendment_out(row, requests, caller, dutch_day(now)), status=201, headers=headers)


@router.post(
    "/referrals/{referralId}/amendments",
    response_model=AmendmentOut,
    status_code=201,
    responses=LOCATION
    | raises(NotFoundError, NotAmendableError, AmendmentOpenError, ConflictError, OfferExcludedError),
)
async def propose_amendment(
    request: Request,
    referral_id: ReferralId,
    body: AmendmentIn,
    caller: PartyToReferrals,
    session: Writing,
    context: Context,
    once: Idempotent,
) -> Response:
    """Proposes for whom an open referral is to be: the institution that a sibling joins, the provider that one is
    left out. A child that the institution takes out itself it withdraws, with `only`."""

    async def create() -> Response:
        await context.follower.catch_up()  # as where a referral is sent
        row = await service.propose(session, context.follower.catalogue, caller, referral_id, body, context.now)
        return await _answer(request, session, row, caller, context.now)

    return await once(caller, create)


@router.get("/referrals/{referralId}/amendments", response_model=Page[AmendmentOut], responses=raises(NotFoundError))
async def list_amendments(
    request: Request,
    referral_id: ReferralId,
    query: Annotated[PageQuery, Query()],
    caller: PartyToReferrals,
    session: Reading,
    now: Now,
) -> Response:
    """The amendments of a referral, the first first, and what came of them."""
    rows = await views.list_amendments(session, caller, referral_id, query, query.key(request.url.path, int))
    requests = await views.requests_of(session, rows)
    return listed(
        request,
        query,
        rows,
        key=lambda row: [row.number],
        show=lambda row: amendment_out(row, requests, caller, dutch_day(now)),
    )


@router.post(
    "/referrals/{referralId}/amendments/{number}/decisions",
    response_model=AmendmentOut,
    status_code=201,
    responses=LOCATION
    | raises(NotFoundError, AmendmentDecidedError, NotAmendableError, AmendmentOutdatedError, NoPlaceError),
)
async def decide_amendment(
    request: Request,
    referral_id: ReferralId,
    number: AmendmentNumber,
    body: AmendmentDecisionIn,
    caller: PartyToReferrals,
    session: Writing,
    now: Now,
    once: Idempotent,
) -> Response:
    """Agrees or refuses what the other side proposed, or withdraws one's own; the answer is the amendment afterwards.

    Agreed, the referral is for these children: of an accepted one places are reserved and given back with it.
    """

    async def create() -> Response:
        row = await service.decide(session, caller, referral_id, number, body, now)
        return await _answer(request, session, row, caller, now)

    return await once(caller, create)
