"""Imposing and lifting placement stops: each party its own.

What a stop means for referrals that are open is told by the job `tell-concerns` (`dossiers.referrals.concern_teller`).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.language import Text
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.upserts import change
from app.kit.errors import ForbiddenError, InputError, InvalidInputError
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version
from app.supply.offers.repository import find_offer
from app.supply.placement_stops import repository
from app.supply.placement_stops.schemas import StopIn, StopOut, StopPatch, StopQuery
from app.supply.placement_stops.tables import PlacementStopRow
from app.supply.providers.repository import check_named_provider, find_location


def _check_right(caller: Caller, imposed_by: str, provider_id: UUID, region: str | None) -> None:
    """A provider stops its own offers, a region binds its own children, an admin records an inspectorate's."""
    allowed = {
        Role.PROVIDER: imposed_by == "provider" and caller.provider_id == provider_id,
        Role.REGION: imposed_by == "region" and caller.region == region,
        Role.ADMIN: True,
    }
    if not allowed.get(caller.role, False):
        raise ForbiddenError(
            Text(
                nl="Een aanbieder legt een stop op zijn eigen aanbod op, een regio namens zichzelf.",
                en="A provider imposes a stop on its own offers, a region in its own name.",
            )
        )


async def list_stops(
    session: ReadSession, caller: Caller, query: StopQuery, key: list[Any] | None
) -> list[tuple[PlacementStopRow, str | None]]:
    """The stops that the caller may see, with the key of their location, by their first day.

    After `key` (first day, id), and one more than the page.
    """
    return await repository.list_stops(
        session, caller, provider_id=query.provider, on=query.on, limit=query.window, key=key
    )


async def get_stop(session: ReadSession, caller: Caller, stop_id: UUID) -> tuple[PlacementStopRow, str | None]:
    """A stop that the caller may see, with the key of its location; `NotFoundError` where there is none."""
    return await repository.get_stop(session, caller, stop_id)


async def add_stop(session: WriteSession, caller: Caller, body: StopIn) -> tuple[PlacementStopRow, str | None]:
    """Imposes a stop; with it, the key of its location."""
    region = caller.region if body.imposed_by == "region" else None
    _check_right(caller, body.imposed_by, body.provider_id, region)
    if body.imposed_by == "region" and region is None:
        text = Text(nl="Een stop van een regio komt van een regio.", en="A region's stop comes from a region.")
        raise InvalidInputError(InputError("#/imposedBy", "no-region", text))
    await check_named_provider(session, body.provider_id)
    values = {
        "provider_id": body.provider_id,
        "location_id": await _location_id(session, body),
        "offer_id": await _offer_id(session, body),
        "starts_on": body.from_,
        "ends_on": body.to,
        "imposed_by": body.imposed_by,
        "region_code": region,
        "reason": body.reason,
    }
    return await repository.add_stop(session, values), body.location_key


async def _location_id(session: WriteSession, body: StopIn) -> UUID | None:
    if body.location_key is None:
        return None
    location = await find_location(session, body.provider_id, body.location_key)
    if location is None:
        text = Text(nl="Deze aanbieder heeft die locatie niet.", en="This provider has no such location.")
        raise InvalidInputError(InputError("#/locationKey", "unknown-location", text))
    return location.id


async def _offer_id(session: WriteSession, body: StopIn) -> UUID | None:
    if body.offer_id is None:
        return None
    offer = await find_offer(session, body.offer_id)
    if offer is None or offer.provider_id != body.provider_id:
        text = Text(nl="Deze aanbieder heeft dat aanbod niet.", en="This provider has no such offer.")
        raise InvalidInputError(InputError("#/offerId", "unknown-offer", text))
    return offer.id


async def change_stop(
    session: WriteSession, caller: Caller, stop_id: UUID, body: StopPatch, if_match: str | None, now: datetime
) -> tuple[PlacementStopRow, str | None]:
    """Changes what the body names, such as its last day."""
    row, location_key = await repository.get_stop(session, caller, stop_id, lock=True)
    _check_right(caller, row.imposed_by, row.provider_id, row.region_code)
    check_version(if_match, row.version)
    values = _changes(body)
    start, end = values.get("starts_on", row.starts_on), values.get("ends_on", row.ends_on)
    if end is not None and end < start:
        text = Text(nl="De laatste dag (to) ligt vóór de eerste (from).", en="to lies before from.")
        raise InvalidInputError(InputError("#/to", "order", text))
    await change(session, row, values, now)
    return row, location_key


def _changes(body: StopPatch) -> dict[str, Any]:
    names = {"from_": "starts_on", "to": "ends_on", "reason": "reason"}
    return {names[name]: value for name, value in body.values(exclude_unset=True).items()}


def stop_out(row: PlacementStopRow, location_key: str | None) -> StopOut:
    """A stop's row as it goes over the wire."""
    return StopOut.model_construct(
        id=row.id,
        provider_id=row.provider_id,
        location_key=location_key,
        offer_id=row.offer_id,
        from_=row.starts_on,
        to=row.ends_on,
        imposed_by=row.imposed_by,
        region=row.region_code,
        reason=row.reason,
    )
