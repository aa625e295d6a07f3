"""Offers: providers keep their own, everyone finds them (the region's sociale kaart)."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from app.kit.clock import Now
from app.kit.database.sessions import Reading, Writing
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.pagination import Page, listed
from app.kit.http.respond import OptionalIfMatch, respond
from app.kit.http.routing import router as make_router
from app.kit.security.auth import AnyReader, Owner
from app.reference.lists import reference
from app.supply.offers import repository, service
from app.supply.offers.repository import FullOffer
from app.supply.offers.schemas import (
    OfferId,
    OfferIn,
    OfferOut,
    OfferQuery,
    OwnOfferQuery,
)
from app.supply.providers.repository import get_provider
from app.supply.providers.schemas import OwnKey, ProviderId

router = make_router("Providers and offers")


def _key(full: FullOffer) -> list[Any]:
    return [full.offer.name, full.offer.id]


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
    await get_provider(session, provider_id)
    rows = await repository.list_offers(
        session, limit=query.window, key=query.key(request, str, UUID), provider_id=provider_id, ended=query.ended
    )
    return listed(request, query, rows, key=_key, show=service.offer_out)


@router.get("/offers", response_model=Page[OfferOut])
async def list_offers(
    request: Request, query: Annotated[OfferQuery, Query()], _: AnyReader, session: Reading
) -> Response:
    """The region's sociale kaart: offers that are given now, by name; what is asked holds all at once."""
    places = None if query.region is None else reference().municipalities_of(query.region)
    if query.municipality is not None:
        places = [code for code in [query.municipality] if places is None or code in places]
    rows = await repository.list_offers(
        session,
        limit=query.window,
        key=query.key(request, str, UUID),
        provider_id=query.provider,
        q=query.q,
        care_types=query.care_type,
        municipalities=places,
    )
    return listed(request, query, rows, key=_key, show=service.offer_out)


@router.get("/offers/{offerId}", response_model=OfferOut, responses=raises(NotFoundError))
async def get_offer(request: Request, offer_id: OfferId, _: AnyReader, session: Reading) -> Response:
    """One offer, also after it ended."""
    full = await repository.get_offer(session, offer_id)
    return respond(request, service.offer_out(full), version=service.versions(full))


@router.delete("/offers/{offerId}", status_code=204, responses=raises(NotFoundError))
async def end_offer(
    offer_id: OfferId, caller: Owner, session: Writing, now: Now, if_match: OptionalIfMatch = None
) -> Response:
    """Ends an offer; it keeps its history. Ending it again changes nothing."""
    await service.end_offer(session, caller, offer_id, if_match, now)
    return Response(status_code=204)
