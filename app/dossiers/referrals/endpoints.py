"""Referrals: institutions send them, providers answer, each side sees its own; a region sees how many there are."""

from datetime import datetime
from typing import Annotated
from uuid import UUID
from zlib import crc32

from fastapi import Query, Request, Response

from app.dossiers.referrals import repository, service
from app.dossiers.referrals.correction_schemas import CorrectionIn, CorrectionOut, ReferralPatch
from app.dossiers.referrals.corrections import correct
from app.dossiers.referrals.decision_schemas import DecisionIn
from app.dossiers.referrals.decisions import decide as take_decision
from app.dossiers.referrals.schemas import (
    CountQuery,
    NoticeQuery,
    ReferralCounts,
    ReferralEventOut,
    ReferralId,
    ReferralIn,
    ReferralOut,
    ReferralQuery,
)
from app.dossiers.referrals.views import correction_out, counts_out, event_out, pressing, referral_out
from app.dossiers.requests.schemas import RequestId
from app.kit.clock import Now
from app.kit.database.sessions import (
    Reading,
    ReadSession,
    WriteSession,
    Writing,
)
from app.kit.errors import InputError, InvalidInputError
from app.kit.http.idempotency import Idempotent
from app.kit.http.language import InLanguage
from app.kit.http.pagination import Page, PageQuery, listed
from app.kit.http.respond import IfMatch, respond, to_json
from app.kit.http.routing import router as make_router
from app.kit.security.auth import (
    Caller,
    PartyToCorrections,
    PartyToReferrals,
    Referrer,
    Region,
    Role,
)

router = make_router("Referrals")


async def _answer(
    request: Request,
    session: ReadSession | WriteSession,
    caller: Caller,
    referral_id: UUID,
    now: datetime,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """The answer with a referral. It is overdue by the day, so the ETag says what is shown after the version."""
    full = await repository.get_referral(session, caller, referral_id)
    content = referral_out(full, caller, now)
    version = [full.referral.version, crc32(to_json(content))]
    return respond(request, content, status=status, version=version, headers=headers)


@router.post("/requests/{requestId}/referrals", response_model=ReferralOut, status_code=201)
async def send_referral(
    request: Request,
    request_id: RequestId,
    body: ReferralIn,
    caller: Referrer,
    session: Writing,
    now: Now,
    once: Idempotent,
) -> Response:
    """Puts a request to an offer, or records care that is bought outside the contracts."""

    async def create() -> Response:
        row = await service.send(session, caller, request_id, body, now)
        return await _answer(request, session, caller, row.id, now, 201, {"Location": f"/v1/referrals/{row.id}"})

    return await once(caller, create)


@router.get("/referrals", response_model=Page[ReferralOut])
async def list_referrals(
    request: Request, query: Annotated[ReferralQuery, Query()], caller: PartyToReferrals, session: Reading, now: Now
) -> Response:
    """Of a provider those to its offers, of an institution or local team those that it sent.

    Those in a crisis that wait for an answer come first; then the oldest.
    """
    if query.request is not None and caller.role is Role.PROVIDER:
        raise InvalidInputError(InputError("#/query/request", "not-applicable", service.NOT_OF_PROVIDERS))
    rows = await repository.list_referrals(
        session,
        caller,
        now=now,
        status=query.status,
        overdue=query.overdue,
        request_id=query.request,
        offer_id=query.offer,
        limit=query.window,
        key=query.key(request, int, datetime, UUID),
    )
    return listed(
        request,
        query,
        rows,
        key=lambda full: [pressing(full.referral), full.referral.sent_at, full.referral.id],
        show=lambda full: referral_out(full, caller, now),
    )


@router.get("/referrals/{referralId}", response_model=ReferralOut)
async def get_referral(
    request: Request, referral_id: ReferralId, caller: PartyToReferrals, session: Reading, now: Now
) -> Response:
    """One referral. Reading changes nothing: a provider says that it has seen it with the decision `see`."""
    return await _answer(request, session, caller, referral_id, now)


@router.post("/referrals/{referralId}/decisions", response_model=ReferralOut, status_code=201)
async def decide(
    request: Request,
    referral_id: ReferralId,
    body: DecisionIn,
    caller: PartyToReferrals,
    session: Writing,
    now: Now,
    once: Idempotent,
    if_match: IfMatch = None,
) -> Response:
    """Takes a decision; the answer is the referral afterwards.

    Accepting takes the places out of the free ones, as long as there are; of care outside the contracts the
    institution also records what the provider decides. When the help starts, every other referral for the child
    from which it could have started is withdrawn, and its places are given back.
    """

    async def create() -> Response:
        await take_decision(session, caller, referral_id, body, if_match, now)
        return await _answer(request, session, caller, referral_id, now, 201)

    return await once(caller, create)


@router.patch("/referrals/{referralId}", response_model=ReferralOut)
async def change_referral(
    request: Request,
    referral_id: ReferralId,
    body: ReferralPatch,
    caller: Referrer,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Changes urgency, wished start or remark of a referral that is not decided; the provider is told."""
    await service.change(session, caller, referral_id, body, if_match, now)
    return await _answer(request, session, caller, referral_id, now)


@router.post("/referrals/{referralId}/corrections", response_model=CorrectionOut, status_code=201)
async def correct_referral(
    request: Request,
    referral_id: ReferralId,
    body: CorrectionIn,
    caller: PartyToCorrections,
    session: Writing,
    now: Now,
    language: InLanguage,
    once: Idempotent,
) -> Response:
    """Gives a decision its right date, or takes it back: by the side that took it, within 28 days of recording it,
    and later by the expert team of the child's region. The last decision comes first.

    Places, clocks and the request follow. Taking back a start brings back what was withdrawn because of it, where its
    place has not been given to another.
    """

    async def create() -> Response:
        restored = await correct(session, caller, referral_id, body, now)
        full = await repository.get_referral(session, caller, referral_id)
        content = correction_out(referral_out(full, caller, now), restored, language)
        return respond(request, content, status=201)

    return await once(caller, create)


@router.get("/referrals/{referralId}/history", response_model=Page[ReferralEventOut])
async def list_referral_history(
    request: Request,
    referral_id: ReferralId,
    query: Annotated[PageQuery, Query()],
    caller: PartyToReferrals,
    session: Reading,
) -> Response:
    """Who did what when, from the first on."""
    await repository.get_referral(session, caller, referral_id)
    rows = await repository.list_events(session, referral_id, limit=query.window, key=query.key(request, int))
    return listed(request, query, rows, key=lambda row: [row.id], show=lambda row: event_out(row, caller))


@router.get("/notices", response_model=Page[ReferralEventOut])
async def list_notices(
    request: Request, query: Annotated[NoticeQuery, Query()], caller: PartyToReferrals, session: Reading
) -> Response:
    """What others did to the caller's referrals, the oldest first: sent, withdrawn, started, or answered."""
    rows = await repository.list_notices(
        session, caller, since=query.since, limit=query.window, key=query.key(request, int)
    )
    return listed(request, query, rows, key=lambda row: [row.id], show=lambda row: event_out(row, caller))


@router.get("/referral-counts", response_model=ReferralCounts)
async def count_referrals(
    request: Request, query: Annotated[CountQuery, Query()], caller: Region, session: Reading, now: Now
) -> Response:
    """How many referrals there are of the region's own children; of no child more than that."""
    region = service.counted_region(caller, query.region)
    rows = await repository.count_referrals(session, region, now)
    return respond(request, counts_out(region, rows))
