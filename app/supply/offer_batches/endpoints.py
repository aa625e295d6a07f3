"""A provider's whole catalogue in one call, after the Batching module of the NL API strategy."""

from typing import Annotated, Any

from fastapi import Query, Request, Response

from app.kit.errors import NotAllAcceptedError, NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Now, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.language import language_of
from app.kit.http.problem import describe
from app.kit.http.respond import respond_bytes
from app.kit.http.rights import Owner
from app.kit.http.routing import router as make_router
from app.kit.json_bytes import to_json
from app.kit.turns import in_turns
from app.supply.offer_batches import service
from app.supply.offer_batches.items import read
from app.supply.offer_batches.plan import Outcome
from app.supply.offer_batches.schemas import (
    STATUSES,
    OfferBatchIn,
    OfferBatchOut,
    OfferBatchQuery,
)
from app.supply.offer_batches.service import Outcomes
from app.supply.providers.endpoints import ProviderId

router = make_router("Providers and offers")


def _location(request: Request, outcome: Outcome) -> dict[str, Any]:
    """A `LocationResult`, as plain as JSON, because there are so many."""
    return {
        "key": outcome.key,
        "status": outcome.status,
        "changes": [each.values() for each in outcome.changes],
        "problem": describe(request, outcome.error, language_of(request)) if outcome.error else None,
    }


def _offer(request: Request, outcome: Outcome) -> dict[str, Any]:
    """An `OfferResult`."""
    return _location(request, outcome) | {"offerId": outcome.id}


async def _shown(request: Request, outcomes: Outcomes) -> dict[str, Any]:
    """The `OfferBatchOut` of these."""
    counts = outcomes.counts()
    return {status: counts[status] for status in STATUSES} | {
        "results": [_offer(request, each) async for each in in_turns(outcomes.offers)],
        "locations": [_location(request, each) async for each in in_turns(outcomes.locations)],
        "endedOffers": [_offer(request, each) async for each in in_turns(outcomes.ended)],
    }


@router.post("/providers/{providerId}/offers/_batch", response_model=OfferBatchOut, responses=raises(NotFoundError))
async def put_offers(
    request: Request,
    provider_id: ProviderId,
    query: Annotated[OfferBatchQuery, Query()],
    body: OfferBatchIn,
    caller: Owner,
    session: Writing,
    now: Now,
    once: Idempotent,
) -> Response:
    """Creates or replaces many locations and offers at once, by the provider's own keys; each is answered, in order.

    Each has the rules of a single PUT, and what is the same already stays as it is. One that is wrong is `rejected` and
    leaves the others be, unless `atomic` is asked: then it is a 400 and nothing is changed. An offer that is not in the
    list goes on, unless `endMissing` is asked. With `dryRun` nothing is changed, and the answer says what would be.
    """
    batch = await read(body)

    async def put() -> Response:
        try:
            outcomes = await service.put_all(session, caller, provider_id, batch, query, now)
        except NotAllAcceptedError as error:
            error.members |= await _shown(request, error.outcomes)
            raise
        content = {"dryRun": query.dry_run} | await _shown(request, outcomes)
        return respond_bytes(request, to_json(content), "application/json")

    if query.dry_run:
        return await put()
    return await once(caller, put, content=await request.body() + bytes([query.atomic, query.end_missing]))
