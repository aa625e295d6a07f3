"""Statements on organisations and clients."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert

from app.access.tables import ClientRow, OrganisationRow, RevocationRow
from app.domain.language import Text
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Role


@dataclass(frozen=True, slots=True)
class Credentials:
    """A client that is not revoked, with its organisation."""

    client: ClientRow
    organisation: OrganisationRow


async def find_credentials(session: ReadSession | WriteSession, client_id: str) -> Credentials | None:
    """The client with this name, where it is not revoked."""
    statement = (
        select(ClientRow, OrganisationRow)
        .join(OrganisationRow, OrganisationRow.id == ClientRow.organisation_id)
        .where(ClientRow.id == client_id, ClientRow.revoked_at.is_(None))
    )
    row = (await session.execute(statement)).one_or_none()
    return Credentials(*row) if row else None


async def list_demo_clients(session: ReadSession) -> list[Credentials]:
    """The demo clients that are not revoked, by name."""
    statement = (
        select(ClientRow, OrganisationRow)
        .join(OrganisationRow, OrganisationRow.id == ClientRow.organisation_id)
        .where(ClientRow.demo.is_(True), ClientRow.revoked_at.is_(None))
        .order_by(ClientRow.id)
    )
    return [Credentials(*row) for row in await session.execute(statement)]


async def has_demo_clients(session: ReadSession) -> bool:
    """Whether a demo client can still ask for tokens."""
    return bool(await session.scalar(select(exists().where(ClientRow.demo.is_(True), ClientRow.revoked_at.is_(None)))))


async def find_organisation(session: ReadSession, organisation_id: UUID) -> OrganisationRow | None:
    """The organisation."""
    return await session.get(OrganisationRow, organisation_id)


async def list_names(session: ReadSession | WriteSession, organisation_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of those organisations that are registered here."""
    statement = select(OrganisationRow.id, OrganisationRow.name).where(OrganisationRow.id.in_(organisation_ids))
    return {row[0]: row[1] for row in await session.execute(statement)}


async def list_regional(session: ReadSession | WriteSession, region: str) -> list[UUID]:
    """The organisations that are registered here for a region, by id."""
    statement = select(OrganisationRow.id).where(OrganisationRow.region_code == region).order_by(OrganisationRow.id)
    return list((await session.scalars(statement)).all())


async def list_of_role(
    session: ReadSession | WriteSession, role: Role, *, supraregion: str | None = None
) -> list[UUID]:
    """The organisations that are registered here with a role, by id; of one supraregion where that is named."""
    statement = select(OrganisationRow.id).where(OrganisationRow.role == role.value).order_by(OrganisationRow.id)
    if supraregion is not None:
        statement = statement.where(OrganisationRow.supraregion_code == supraregion)
    return list((await session.scalars(statement)).all())


async def get_organisation(
    session: ReadSession | WriteSession, organisation_id: UUID, *, lock: bool = False
) -> OrganisationRow:
    """The organisation; `NotFoundError` where there is none."""
    row = await session.get(OrganisationRow, organisation_id, with_for_update=lock or None)
    if row is None:
        raise NotFoundError(Text(nl="Deze organisatie", en="This organisation"))
    return row


async def list_organisations(
    session: ReadSession, *, role: str | None, limit: int, key: list[Any] | None
) -> list[OrganisationRow]:
    """At most `limit` organisations by name, after the one with `key` (name, id)."""
    order = [OrganisationRow.name, OrganisationRow.id]
    statement = select(OrganisationRow).order_by(*order).limit(limit)
    if role is not None:
        statement = statement.where(OrganisationRow.role == role)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())


async def add_organisation(session: WriteSession, values: Mapping[str, Any]) -> OrganisationRow:
    """A new organisation."""
    row = OrganisationRow(**values)
    session.add(row)
    await session.flush()
    return row


async def find_client(session: WriteSession, client_id: str) -> ClientRow | None:
    """The client with this name, held until the transaction ends."""
    return await session.get(ClientRow, client_id, with_for_update=True)


async def add_client(session: WriteSession, values: Mapping[str, Any]) -> ClientRow | None:
    """A new client; None where its name was taken in the meantime."""
    return await session.scalar(insert(ClientRow).values(values).on_conflict_do_nothing().returning(ClientRow))


async def set_client(session: WriteSession, row: ClientRow, values: Mapping[str, Any]) -> None:
    """Changes a client."""
    for name, value in values.items():
        setattr(row, name, value)
    await session.flush()


async def list_clients(
    session: ReadSession, organisation_id: UUID, *, limit: int, key: list[Any] | None
) -> list[ClientRow]:
    """At most `limit` clients of an organisation by name, after the one with `key` (id)."""
    statement = (
        select(ClientRow).where(ClientRow.organisation_id == organisation_id).order_by(ClientRow.id).limit(limit)
    )
    if key is not None:
        statement = statement.where(ClientRow.id > key[0])
    return list((await session.scalars(statement)).all())


async def revoke_tokens(session: WriteSession, client_id: str, now: datetime) -> None:
    """Has the tokens and sessions of a client, up to now, count no more."""
    statement = insert(RevocationRow).values(client_id=client_id, revoked_at=now)
    newest = {"revoked_at": func.greatest(RevocationRow.revoked_at, statement.excluded.revoked_at)}
    await session.execute(statement.on_conflict_do_update(index_elements=[RevocationRow.client_id], set_=newest))


async def list_revocations(session: ReadSession) -> dict[str, float]:
    """By client the moment (seconds since 1970) up to which its tokens count no more."""
    rows = await session.execute(select(RevocationRow.client_id, RevocationRow.revoked_at))
    return {client_id: revoked_at.timestamp() for client_id, revoked_at in rows}
