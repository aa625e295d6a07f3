"""What admins keep of organisations and their clients, and what a caller is told of itself."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.access import repository
from app.access.schemas import (
    ClientOut,
    Me,
    OrganisationIn,
    OrganisationOut,
    OrganisationPatch,
    OrganisationQuery,
)
from app.access.secrets import SALT_BYTES, hash_secret
from app.access.tables import ClientRow, OrganisationRow
from app.domain.language import Text
from app.kit.database.sessions import (
    ReadSession,
    WriteSession,
    connect,
)
from app.kit.database.upserts import change
from app.kit.errors import (
    ConflictError,
    InputError,
    InvalidInputError,
    NotFoundError,
)
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller, Right, Role
from app.kit.security.hashing import hashed
from app.kit.versions import check_version
from app.notifying.contacts import service as contacts
from app.notifying.contacts.schemas import ContactIn, OrganisationContact
from app.notifying.contacts.service import Owner
from app.notifying.contacts.tables import ContactRow
from app.supply.providers.repository import check_named_provider, find_provider


async def describe(session: ReadSession, caller: Caller) -> Me:
    """The caller, with its organisation's name and how it is reached."""
    organisation = await repository.find_organisation(session, caller.organisation_id)
    return Me.model_construct(
        client_id=caller.client_id,
        organisation_id=caller.organisation_id,
        organisation=organisation.name if organisation else None,
        role=caller.role,
        provider_id=caller.provider_id,
        region=caller.region,
        supraregion=caller.supraregion,
        institution=caller.institution,
        rights=sorted(caller.rights) or None,
        contact=await _find_contact(session, caller),
    )


async def _find_contact(session: ReadSession, caller: Caller) -> OrganisationContact | None:
    """How the caller is reached; a provider's desk has no teams and no hours here."""
    if caller.role is not Role.PROVIDER:
        row = await contacts.find_contact(session, caller.organisation_id)
        return contacts.contact_out(row) if row else None
    provider = await find_provider(session, caller.provider_id) if caller.provider_id else None
    if provider is None or not (provider.intake_desk or provider.phone or provider.email):
        return None
    return OrganisationContact.model_construct(
        name=provider.intake_desk,
        phone=provider.phone,
        email=provider.email,
        opening_hours=[],
        teams=[],
        municipalities=[],
    )


async def get_contact(session: ReadSession, organisation_id: UUID) -> ContactRow | None:
    """How an organisation is reached; `NotFoundError` where there is none."""
    await repository.get_organisation(session, organisation_id)
    return await contacts.find_contact(session, organisation_id)


async def put_contact(
    session: WriteSession, organisation_id: UUID, body: ContactIn, if_match: str | None, now: datetime
) -> ContactRow:
    """Says how an organisation is reached; `ConflictError` for a provider's, which stands with the provider."""
    organisation = await repository.get_organisation(session, organisation_id)
    if organisation.role == Role.PROVIDER:
        text = Text(
            nl="De contactgegevens van een aanbieder staan bij de aanbieder: PATCH /v1/providers/{id}.",
            en="A provider's contact stands with the provider: PATCH /v1/providers/{id}.",
        )
        raise ConflictError(text)
    owner = Owner(organisation.id, Role(organisation.role), organisation.region_code)
    return await contacts.put_contact(session, owner, body, if_match, now)


async def list_organisations(
    session: ReadSession, query: OrganisationQuery, key: list[Any] | None
) -> list[OrganisationRow]:
    """The organisations that are asked, by name; after `key` (name, id), and one more than the page."""
    role = query.role.value if query.role else None
    return await repository.list_organisations(session, role=role, limit=query.window, key=key)


async def get_organisation(session: ReadSession, organisation_id: UUID) -> OrganisationRow:
    """An organisation; `NotFoundError` where there is none."""
    return await repository.get_organisation(session, organisation_id)


async def list_clients(
    session: ReadSession, organisation_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[ClientRow]:
    """The clients of an organisation by name, revoked ones too; after `key` (name), and one more than the page."""
    await repository.get_organisation(session, organisation_id)
    return await repository.list_clients(session, organisation_id, limit=query.window, key=key)


async def add_organisation(session: WriteSession, body: OrganisationIn) -> OrganisationRow:
    """Registers an organisation."""
    if body.provider_id is not None:
        await check_named_provider(session, body.provider_id)
    values = {
        "name": body.name,
        "role": body.role.value,
        "provider_id": body.provider_id,
        "region_code": body.region,
        "supraregion_code": body.supraregion,
        "institution": body.institution,
    }
    return await repository.add_organisation(session, values)


async def change_organisation(
    session: WriteSession, organisation_id: UUID, body: OrganisationPatch, if_match: str | None, now: datetime
) -> OrganisationRow:
    """Changes an organisation's name."""
    row = await repository.get_organisation(session, organisation_id, lock=True)
    check_version(if_match, row.version)
    await change(session, row, body.values(), now)
    return row


async def put_client(
    session: WriteSession, organisation_id: UUID, client_id: str, secret: str, rights: Sequence[Right]
) -> tuple[ClientRow, bool]:
    """Makes a client, or gives it another secret and these rights and makes it valid again; and whether it is new."""
    organisation = await repository.get_organisation(session, organisation_id)
    if rights and organisation.role != Role.REGION:
        text = Text(nl="expert-team hoort bij de rol region.", en="expert-team goes with the role region.")
        raise InvalidInputError(InputError("#/rights", "role-mismatch", text))
    salt = secrets.token_bytes(SALT_BYTES)
    values = {"salt": salt, "secret_hash": await hashed(hash_secret, secret, salt), "demo": False}
    values["rights"] = [right.value for right in rights]
    row = await repository.find_client(session, client_id)
    if row is None:
        fresh = {"id": client_id, "organisation_id": organisation_id, **values}
        created = await repository.add_client(session, fresh)
        if created is not None:
            return created, True
        row = await repository.find_client(session, client_id)
    if row is None or row.organisation_id != organisation_id:
        raise ConflictError(
            Text(nl=f"De clientnaam {client_id} is al in gebruik.", en=f"The client name {client_id} is taken.")
        )
    await repository.set_client(session, row, values | {"revoked_at": None})
    return row, False


async def revoke_client(session: WriteSession, organisation_id: UUID, client_id: str, now: datetime) -> None:
    """Revokes a client: it gets no more tokens, and those that it has count no more within a minute."""
    row = await repository.find_client(session, client_id)
    if row is None or row.organisation_id != organisation_id:
        raise NotFoundError(Text(nl="Deze client", en="This client"))
    if row.revoked_at is None:
        await repository.set_client(session, row, {"revoked_at": now})
    await repository.revoke_tokens(session, client_id, now)


async def revoke_tokens(dsn: str, client_id: str, now: datetime) -> None:
    """Has the tokens of a client, here or of another issuer, count no more, nor its sessions of the web app."""
    database = connect(dsn, pool_size=1)
    try:
        async with database.write() as session:
            await repository.revoke_tokens(session, client_id, now)
    finally:
        await database.close()


def organisation_out(row: OrganisationRow) -> OrganisationOut:
    """An organisation's row as it goes over the wire."""
    return OrganisationOut.model_construct(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        provider_id=row.provider_id,
        region=row.region_code,
        supraregion=row.supraregion_code,
        institution=row.institution,
    )


def client_out(row: ClientRow) -> ClientOut:
    """A client's row as it goes over the wire."""
    return ClientOut.model_validate(row)
