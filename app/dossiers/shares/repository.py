"""Statements on shares. Whose request it is is asked of the request first."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert

from app.access.tables import OrganisationRow
from app.dossiers.requests.tables import RequestShareRow
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.security.callers import Role
from app.notifying.contacts.tables import ContactRow

_STANDS = or_(RequestShareRow.may.is_not(None), RequestShareRow.asked)


async def is_local_team(session: WriteSession, organisation_id: UUID) -> bool:
    """Whether an organisation is registered here as a local team."""
    statement = select(OrganisationRow.id).where(
        OrganisationRow.id == organisation_id, OrganisationRow.role == Role.LOCAL_TEAM.value
    )
    return await session.scalar(statement) is not None


async def list_teams_of(session: WriteSession, municipality: str) -> list[UUID]:
    """The local teams that say that they work for a municipality, as far as they are registered here."""
    own = ContactRow.municipalities.contains([municipality])
    statement = select(OrganisationRow.id).join(ContactRow, ContactRow.organisation_id == OrganisationRow.id)
    is_team = OrganisationRow.role == Role.LOCAL_TEAM.value
    return list(await session.scalars(statement.where(own, is_team).order_by(OrganisationRow.id)))


async def list_shares(
    session: ReadSession | WriteSession, request_id: UUID, *, limit: int | None = None, key: list[Any] | None = None
) -> list[RequestShareRow]:
    """At most `limit` of those with whom a request is shared now, after the one with `key` (organisation_id)."""
    order = [RequestShareRow.organisation_id]
    statement = select(RequestShareRow).where(RequestShareRow.request_id == request_id, _STANDS)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement.order_by(*order).limit(limit))).all())


async def hold_share(session: WriteSession, request_id: UUID, organisation_id: UUID) -> RequestShareRow:
    """The row of a request and an organisation, made where there was none; the request is held."""
    key = {"request_id": request_id, "organisation_id": organisation_id}
    await session.execute(insert(RequestShareRow).values(key).on_conflict_do_nothing())
    return await session.get_one(RequestShareRow, (request_id, organisation_id), populate_existing=True)
