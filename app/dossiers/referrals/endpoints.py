"""Referrals: institutions send them, providers answer, each side sees its own; a region sees how many there are."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.dossiers.referrals import counts, service, views
from app.dossiers.referrals.correction_schemas import CorrectionIn, CorrectionOut, ReferralPatch
from app.dossiers.referrals.corrections import correct
from app.dossiers.referrals.count_schemas import CountQuery, ReferralCounts
from app.dossiers.referrals.decision_schemas import DecisionIn
from app.dossiers.referrals.decisions import decide as take_decision
from app.dossiers.referrals.errors import (
    CorrectionTooLateError,
    DecidedError,
    DecisionNotPossibleError,
    HelpedElsewhereError,
    NotLastDecisionError,
    OfferExcludedError,
    OverlappingStayError,
)
from app.dossiers.referrals.schemas import (
    NoticeQuery,
    ReferralEventOut,
    ReferralIn,
    ReferralOut,
    ReferralQuery,
)
from app.dossiers.referrals.tables import FullReferral
from app.dossiers.referrals.views import correction_out, event_out, pressing, referral_out
from app.dossiers.requests.endpoints import RequestId
from app.dossiers.requests.errors import ClosedError
from app.finding.catalogue.dependencies import CatalogueContext, Context
from app.kit.errors import ConflictError, NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.respond import IfMatch, OptionalIfMatch, respond, respond_as_shown
from app.kit.http.rights import PartyToCorrections, PartyToReferrals, Referrer, Region
from app.kit.http.routing import router as make_router
from app.kit.pages import Page, PageQuery
from app.kit.security.callers import Caller
from app.supply.capacity.errors import NoPlaceError

router = make_router("Referrals")

ReferralId = Annotated[
    UUID, Path(alias="referralId", description="The referral.", examples=["9a4c7f52-3b0d-4c1e-8f6a-2d5e8b7c1a90"])
]


def _answer(
    request: Request,
    full: FullReferral,
    caller: Caller,
    context: CatalogueContext,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """The answer with a referral, which is overdue from a moment on, and on ground that moves."""
    content = referral_out(full, caller, context.now, context.follower.catalogue)
    return respond_as_shown(request, content, full.referral.version, status=status, headers=headers)


@router.post(
    "/requests/{requestId}/referrals",
    response_model=ReferralOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, ClosedError, ConflictError, OfferExcludedError),
)
async def send_referral(
    request: Request,
    request_id: RequestId,
    body: ReferralIn,
    caller: Referrer,
    session: Writing,
    context: Context,
    once: Idempotent,
) -> Response:
    """Puts a request to an offer, or records care that is bought outside the contracts.

    Where the match would leave the offer out now, a 409 names the `reasons`, and `despite` has to say of each why it
    is right all the same.
    """
    now = context.now

    async def create() -> Response:
        await context.follower.catch_up()  # to what any worker has committed: a stop that was imposed just now counts
        row = await service.send(session, context.follower.catalogue, caller, request_id, body, now)
        full = await views.get_referral(session, caller, row.id)
        return _answer(request, full, caller, context, 201, {"Location": f"/v1/referrals/{row.id}"})

    return await once(caller, create)


@router.get("/referrals", response_model=Page[ReferralOut])
async def list_referrals(
    request: Request,
    query: Annotated[ReferralQuery, Query()],
    caller: PartyToReferrals,
    session: Reading,
    context: Context,
) -> Response:
    """Of a provider those to its offers, of an institution or local team those that it sent.

    Those in a crisis that wait for an answer come first; then the oldest.
    """
    key = query.key(request.url.path, int, datetime, UUID)
    rows = await views.list_referrals(session, caller, query, key, context.now)
    return listed(
        request,
        query,
        rows,
        key=lambda full: [pressing(full.referral), full.referral.sent_at, full.referral.id],
        show=lambda full: referral_out(full, caller, context.now, context.follower.catalogue),
    )


@router.get("/referrals/{referralId}", response_model=ReferralOut, responses=raises(NotFoundError))
async def get_referral(
    request: Request, referral_id: ReferralId, caller: PartyToReferrals, session: Reading, context: Context
) -> Response:
    """One referral. Reading changes nothing: a provider says that it has seen it with the decision `see`."""
    return _answer(request, await views.get_referral(session, caller, referral_id), caller, context)


@router.post(
    "/referrals/{referralId}/decisions",
    response_model=ReferralOut,
    status_code=201,
    responses=LOCATION
    | raises(NotFoundError, DecisionNotPossibleError, NoPlaceError, OverlappingStayError, OfferExcludedError),
)
async def decide(
    request: Request,
    referral_id: ReferralId,
    body: DecisionIn,
    caller: PartyToReferrals,
    session: Writing,
    context: Context,
    once: Idempotent,
    if_match: OptionalIfMatch = None,
) -> Response:
    """Takes a decision; the answer is the referral afterwards.

    Accepting takes the places out of the free ones, as long as there are; of care outside the contracts the
    institution also records what the provider decides. When the help starts, every other referral for the child
    from which it could have started is withdrawn, and its places are given back. Where the match would leave the offer
    out now, accepting, the waiting list and starting take a word why, in `despite`, for each reason that the 409 names.
    """
    now = context.now

    async def create() -> Response:
        await context.follower.catch_up()  # as where it is sent
        settings = parts_of(request.app, KitParts).settings
        full = await take_decision(
            *(session, context.follower.catalogue, caller, referral_id, body, if_match, now),
            base=settings.public_url,
            language=settings.mail_language,
        )
        return _answer(request, full, caller, context, 201, {"Location": f"/v1/referrals/{referral_id}"})

    return await once(caller, create)


@router.patch("/referrals/{referralId}", response_model=ReferralOut, responses=raises(NotFoundError, DecidedError))
async def change_referral(
    request: Request,
    referral_id: ReferralId,
    body: ReferralPatch,
    caller: Referrer,
    session: Writing,
    context: Context,
    if_match: IfMatch = None,
) -> Response:
    """Changes urgency, wished start or remark of a referral that is not decided; the provider is told."""
    full = await service.change(session, caller, referral_id, body, if_match, context.now)
    return _answer(request, full, caller, context)


@router.post(
    "/referrals/{referralId}/corrections",
    response_model=CorrectionOut,
    status_code=201,
    responses=LOCATION
    | raises(
        NotFoundError,
        NotLastDecisionError,
        CorrectionTooLateError,
        HelpedElsewhereError,
        OverlappingStayError,
        NoPlaceError,
    ),
)
async def correct_referral(
    request: Request,
    referral_id: ReferralId,
    body: CorrectionIn,
    caller: PartyToCorrections,
    session: Writing,
    context: Context,
    once: Idempotent,
) -> Response:
    """Gives a decision its right date, or takes it back: by the side that took it, within 28 days of recording it,
    and later by the expert team of the child's region. The last decision comes first.

    Places, clocks and the request follow. Taking back a start brings back what was withdrawn because of it, where its
    place has not been given to another, and opens the calls again that it closed, until their last day.
    """

    async def create() -> Response:
        full, restored = await correct(session, caller, referral_id, body, context.now)
        shown = referral_out(full, caller, context.now, context.follower.catalogue)
        content = correction_out(shown, restored, context.language)
        return respond(request, content, status=201, headers={"Location": f"/v1/referrals/{referral_id}"})

    return await once(caller, create)


@router.get("/referrals/{referralId}/history", response_model=Page[ReferralEventOut], responses=raises(NotFoundError))
async def list_referral_history(
    request: Request,
    referral_id: ReferralId,
    query: Annotated[PageQuery, Query()],
    caller: PartyToReferrals,
    session: Reading,
) -> Response:
    """Who did what when, from the first on."""
    rows = await views.list_history(session, caller, referral_id, query, query.key(request.url.path, int))
    return listed(request, query, rows, key=lambda row: [row.id], show=lambda row: event_out(row, caller))


@router.get("/notices", response_model=Page[ReferralEventOut])
async def list_notices(
    request: Request, query: Annotated[NoticeQuery, Query()], caller: PartyToReferrals, session: Reading
) -> Response:
    """What others did to the caller's referrals, the oldest first: sent, withdrawn, started, or answered."""
    rows = await views.list_notices(session, caller, query, query.key(request.url.path, int))
    return listed(request, query, rows, key=lambda row: [row.id], show=lambda row: event_out(row, caller))


@router.get("/referral-counts", response_model=ReferralCounts)
async def count_referrals(
    request: Request, query: Annotated[CountQuery, Query()], caller: Region, session: Reading, now: Now
) -> Response:
    """How many referrals there are of the region's own children; of no child more than that."""
    return respond(request, await counts.count_referrals(session, caller, query.region, now))
