"""Offers: providers keep their own, everyone finds them (the region's sociale kaart)."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.domain.dates import dutch_day
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.pagination import listed
from app.kit.http.respond import OptionalIfMatch, respond
from app.kit.http.rights import AnyReader, Owner
from app.kit.http.routing import router as make_router
from app.kit.pages import Page
from app.supply.offers import service
from app.supply.offers.schemas import (
    OfferIn,
    OfferOut,
    OfferQuery,
    OwnOfferQuery,
)
from app.supply.providers.endpoints import OwnKey, ProviderId

router = make_router("Providers and offers")

OfferId = Annotated[
    UUID, Path(alias="offerId", description="The offer.", examples=["0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"])
]


@router.put(
    "/providers/{providerId}/offers/{key}",
    response_model=OfferOut,
    responses=raises(NotFoundError) | {201: {"model": OfferOut, **LOCATION[201]}},
)
async def put_offer(
    request: Request,
    provider_id: ProviderId,
    key: OwnKey,
    body: OfferIn,
    caller: Owner,
    session: Writing,
    now: Now,
    if_match: OptionalIfMatch = None,
) -> Response:
    """Creates or replaces an offer by the provider's own key; one that had ended is given again."""
    full, created = await service.put_offer(session, caller, provider_id, key, body, if_match, now)
    headers = {"Location": f"/v1/offers/{full.offer.id}"} if created else None
    status = 201 if created else 200
    return respond(request, service.offer_out(full), status=status, version=service.versions(full), headers=headers)


@router.get("/providers/{providerId}/offers", response_model=Page[OfferOut], responses=raises(NotFoundError))
async def list_provider_offers(
    request: Request,
    provider_id: ProviderId,
    query: Annotated[OwnOfferQuery, Query()],
    _: AnyReader,
    session: Reading,
) -> Response:
    """The offers of one provider, by name."""
    rows = await service.list_provider_offers(session, provider_id, query, query.key(request.url.path, str, UUID))
    return listed(request, query, rows, key=service.name_and_id, show=service.offer_out)


@router.get("/offers", response_model=Page[OfferOut])
async def list_offers(
    request: Request, query: Annotated[OfferQuery, Query()], _: AnyReader, session: Reading, now: Now
) -> Response:
    """The region's sociale kaart: offers that are given now, by name; what is asked holds all at once.

    With `contractedFor` only those that a contract covers today, of that municipality, its region, or that region.
    """
    rows = await service.list_offers(session, query, query.key(request.url.path, str, UUID), dutch_day(now))
    return listed(request, query, rows, key=service.name_and_id, show=service.offer_out)


@router.get("/offers/{offerId}", response_model=OfferOut, responses=raises(NotFoundError))
async def get_offer(request: Request, offer_id: OfferId, _: AnyReader, session: Reading) -> Response:
    """One offer, also after it ended."""
    full = await service.get_offer(session, offer_id)
    return respond(request, service.offer_out(full), version=service.versions(full))


@router.delete("/offers/{offerId}", status_code=204, responses=raises(NotFoundError))
async def end_offer(
    offer_id: OfferId, caller: Owner, session: Writing, now: Now, if_match: OptionalIfMatch = None
) -> Response:
    """Ends an offer; it keeps its history. Ending it again changes nothing."""
    await service.end_offer(session, caller, offer_id, if_match, now)
    return Response(status_code=204)
