"""Registering providers, and providers keeping their own particulars."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.language import Text
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.upserts import change
from app.kit.errors import (
    ConflictError,
    ForbiddenError,
    InputError,
    InvalidInputError,
)
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version
from app.reference.lists import reference
from app.supply.providers import repository
from app.supply.providers.schemas import (
    Contact,
    LocationIn,
    LocationOut,
    ProviderIn,
    ProviderOut,
    ProviderPatch,
    ProviderQuery,
)
from app.supply.providers.tables import LocationRow, ProviderRow


def check_owner(caller: Caller, provider_id: UUID) -> None:
    """Lets through the provider itself and an admin; everyone may read it, so another gets 403, not 404."""
    if caller.role is not Role.ADMIN and caller.provider_id != provider_id:
        raise ForbiddenError(
            Text(
                nl="Alleen de aanbieder zelf wijzigt zijn gegevens en zijn aanbod.",
                en="Only the provider itself changes its particulars and offers.",
            )
        )


async def list_providers(session: ReadSession, query: ProviderQuery, key: list[Any] | None) -> list[ProviderRow]:
    """The providers that are asked, by name; after `key` (name, id), and one more than the page."""
    municipalities = reference().municipalities_in(
        regions=query.region,
        municipalities=query.municipality,
    )
    return await repository.list_providers(
        session, q=query.q, municipalities=municipalities, limit=query.window, key=key
    )


async def list_locations(
    session: ReadSession, provider_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[LocationRow]:
    """The locations of a provider by its own keys; after `key` (that key), and one more than the page.

    `NotFoundError` where there is no such provider.
    """
    await repository.get_provider(session, provider_id)
    return await repository.list_locations(session, provider_id, limit=query.window, key=key)


async def get_provider(session: ReadSession, provider_id: UUID) -> ProviderRow:
    """A provider; `NotFoundError` where there is none."""
    return await repository.get_provider(session, provider_id)


async def add_provider(session: WriteSession, body: ProviderIn, now: datetime) -> ProviderRow:
    """Registers a provider; `ConflictError` when its AGB code is taken."""
    await _check_agb_code(session, body.agb_code, None)
    values = body.values(exclude={"contact"}) | body.contact.values()
    return await repository.add_provider(session, values | {"created_at": now, "updated_at": now})


async def change_provider(
    session: WriteSession, caller: Caller, provider_id: UUID, body: ProviderPatch, if_match: str | None, now: datetime
) -> ProviderRow:
    """Changes what the body names of a provider."""
    row = await repository.get_provider(session, provider_id, lock=True)
    check_owner(caller, provider_id)
    check_version(if_match, row.version)
    values = body.values(exclude_unset=True, exclude={"contact"})
    if "contact" in body.model_fields_set:
        values |= body.contact.values(exclude_unset=True) if body.contact else Contact().values()
    if values.get("agb_code"):
        await _check_agb_code(session, values["agb_code"], provider_id)
    await change(session, row, values, now)
    return row


async def _check_agb_code(session: WriteSession, agb_code: str | None, provider_id: UUID | None) -> None:
    if agb_code is None:
        return
    taken = await repository.find_by_agb_code(session, agb_code)
    if taken not in (None, provider_id):
        raise ConflictError(
            Text(nl=f"AGB-code {agb_code} is al geregistreerd.", en=f"AGB code {agb_code} is already registered.")
        )


async def put_location(
    session: WriteSession,
    caller: Caller,
    provider_id: UUID,
    key: str,
    body: LocationIn,
    if_match: str | None,
    now: datetime,
) -> tuple[LocationRow, bool]:
    """Creates or replaces a location; where it is on the map is filled in from its postcode."""
    await repository.get_provider(session, provider_id)
    check_owner(caller, provider_id)
    return await repository.put_location(session, provider_id, key, location_values(body), if_match, now)


def location_values(body: LocationIn) -> dict[str, Any]:
    """The columns of a location; `InvalidInputError` where it is not known in which municipality it lies."""
    area = reference().postcodes.get(body.postcode[:4]) if body.postcode else None
    municipality = body.municipality or (area.municipality if area else None)
    errors = []
    if municipality is None:
        text = Text(
            nl="De gemeente is nodig waar de postcode ontbreekt of ons onbekend is.",
            en="The municipality is needed where the postcode is absent or unknown to us.",
        )
        errors.append(InputError("#/municipality", "missing", text))
    if (body.latitude is None) != (body.longitude is None):
        text = Text(nl="Geef latitude en longitude samen, of geen van beide.", en="Give both or neither.")
        errors.append(InputError("#/latitude", "incomplete", text))
    if errors:
        raise InvalidInputError(*errors)
    values = {name: getattr(body, name) for name in LocationIn.model_fields if name != "municipality"}
    values["municipality_code"] = municipality
    values["city"] = body.city or (area.city if area else None)
    if body.latitude is None and area is not None:
        values |= {"latitude": area.point.latitude, "longitude": area.point.longitude}
    return values


def provider_out(row: ProviderRow) -> ProviderOut:
    """A provider's row as it goes over the wire."""
    return ProviderOut(
        id=row.id,
        name=row.name,
        agb_code=row.agb_code,
        kvk_number=row.kvk_number,
        contact=contact_out(row),
    )


def contact_out(row: ProviderRow) -> Contact:
    """How to reach a provider, as it goes over the wire."""
    return Contact.model_construct(intake_desk=row.intake_desk, phone=row.phone, email=row.email, website=row.website)


def location_out(row: LocationRow) -> LocationOut:
    """A location's row as it goes over the wire."""
    return LocationOut(
        key=row.key,
        name=row.name,
        street=row.street,
        house_number=row.house_number,
        postcode=row.postcode,
        city=row.city,
        municipality=row.municipality_code,
        latitude=row.latitude,
        longitude=row.longitude,
    )
