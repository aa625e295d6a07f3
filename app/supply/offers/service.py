"""Providers keeping their offers.

What a change or an end means for referrals that are open is told by the job `tell-concerns`
(`dossiers.referrals.concern_teller`).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.language import Text
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.upserts import change
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller
from app.kit.versions import check_version
from app.reference.lists import reference
from app.supply.offers import repository
from app.supply.offers.repository import Contracted, FullOffer
from app.supply.offers.schemas import OfferIn, OfferOut, OfferQuery, OwnOfferQuery
from app.supply.providers.repository import find_location, get_provider
from app.supply.providers.service import check_owner, contact_out, location_out


async def list_provider_offers(
    session: ReadSession, provider_id: UUID, query: OwnOfferQuery, key: list[Any] | None
) -> list[FullOffer]:
    """The offers of a provider, by name; after `key` (name, id), and one more than the page."""
    await get_provider(session, provider_id)
    return await repository.list_offers(
        session, limit=query.window, key=key, provider_id=provider_id, ended=query.ended
    )


async def list_offers(session: ReadSession, query: OfferQuery, key: list[Any] | None, today: date) -> list[FullOffer]:
    """The offers given now that fit all that is asked, by name; after `key` (name, id), and one more than the page."""
    return await repository.list_offers(
        session,
        limit=query.window,
        key=key,
        provider_id=query.provider,
        q=query.q,
        care_types=query.care_type,
        municipalities=reference().municipalities_in(regions=query.region, municipalities=query.municipality),
        contracted=contracted(query.contracted_for, today),
    )


async def get_offer(session: ReadSession, offer_id: UUID) -> FullOffer:
    """An offer, also after it ended; `NotFoundError` where there is none."""
    return await repository.get_offer(session, offer_id)


def name_and_id(full: FullOffer) -> list[Any]:
    """What lists of offers are sorted by."""
    return [full.offer.name, full.offer.id]


async def put_offer(
    session: WriteSession,
    caller: Caller,
    provider_id: UUID,
    key: str,
    body: OfferIn,
    if_match: str | None,
    now: datetime,
) -> tuple[FullOffer, bool]:
    """Creates or replaces an offer; one that had ended is given again."""
    provider = await get_provider(session, provider_id)
    check_owner(caller, provider_id)
    location = None
    if body.location_key is not None:
        location = await find_location(session, provider_id, body.location_key)
    values = offer_values(body, location.id if location else None)
    row, created = await repository.put_offer(session, provider_id, key, values, if_match, now)
    return FullOffer(row, provider, location), created


def offer_values(body: OfferIn, location_id: UUID | None) -> dict[str, Any]:
    """The columns of an offer that is given; `location_id` is None where its provider has no such location.

    `InvalidInputError` where the body names a location that is not there.
    """
    if body.location_key is not None and location_id is None:
        text = Text(
            nl=f"Deze aanbieder heeft geen locatie met sleutel {body.location_key!r}; maak die eerst.",
            en=f"This provider has no location with key {body.location_key!r}; create it first.",
        )
        raise InvalidInputError(InputError("#/locationKey", "unknown-location", text))
    needs = body.needs_court_authorisation
    if needs is None:
        needs = reference().care_types[body.care_type].needs_court_authorisation
    values = {name: getattr(body, name) for name in OfferIn.model_fields if name != "location_key"}
    return values | {"location_id": location_id, "needs_court_authorisation": needs, "ended_at": None}


async def end_offer(session: WriteSession, caller: Caller, offer_id: UUID, if_match: str | None, now: datetime) -> None:
    """Ends an offer: it is no longer found or matched, its history stays. Ending it again changes nothing."""
    row = await repository.lock_offer(session, offer_id)
    check_owner(caller, row.provider_id)
    check_version(if_match, row.version, required=False, composite=True)
    if row.ended_at is None:
        await change(session, row, {"ended_at": now}, now)


def versions(full: FullOffer) -> list[int]:
    """The versions that make up an offer's ETag."""
    return [row.version for row in (full.offer, full.provider, full.location) if row is not None]


def contracted(area: str | None, on: date) -> Contracted | None:
    """Whose contracts count on that day, of the code of a municipality or a region; None where that is not asked."""
    if area is None:
        return None
    municipality = reference().municipalities.get(area)
    return Contracted(area, None, on) if municipality is None else Contracted(municipality.region, area, on)


def offer_out(full: FullOffer) -> OfferOut:
    """An offer as it goes over the wire."""
    offer, provider, location = full.offer, full.provider, full.location
    return OfferOut.model_construct(
        id=offer.id,
        provider_id=offer.provider_id,
        provider_name=provider.name,
        contact=contact_out(provider),
        key=offer.key,
        name=offer.name,
        description=offer.description,
        care_type=offer.care_type,
        age_min=offer.age_min,
        age_max=offer.age_max,
        genders=offer.genders,
        specialisations=offer.specialisations,
        exclusion_criteria=offer.exclusion_criteria,
        location_key=location.key if location else None,
        location=location_out(location) if location else None,
        at_home=offer.at_home,
        service_area=offer.service_area,
        needs_court_authorisation=offer.needs_court_authorisation,
        product_codes=offer.product_codes,
        unit=offer.unit,
        ended_at=offer.ended_at,
    )
