"""Statements on contacts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.notifying.contacts.tables import ContactRow


async def find_contact(session: ReadSession | WriteSession, organisation_id: UUID) -> ContactRow | None:
    """How an organisation is reached; None where it has not said."""
    return await session.get(ContactRow, organisation_id)


async def hold_contact(session: WriteSession, organisation_id: UUID, role: str, region: str | None) -> ContactRow:
    """The row of an organisation, made where there was none (version 0), and held until the transaction ends."""
    fresh = {"organisation_id": organisation_id, "role": role, "region_code": region, "version": 0}
    await session.execute(insert(ContactRow).values(fresh).on_conflict_do_nothing())
    statement = select(ContactRow).where(ContactRow.organisation_id == organisation_id).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one()


async def list_local_teams(
    session: ReadSession, municipality: str | None, *, limit: int, key: list[Any] | None
) -> Sequence[ContactRow]:
    """At most `limit` local teams by name, after the one with `key` (name, organisation)."""
    order = [ContactRow.name, ContactRow.organisation_id]
    statement = select(ContactRow).where(ContactRow.role == "local-team").order_by(*order).limit(limit)
    if municipality is not None:
        statement = statement.where(ContactRow.municipalities.contains([municipality]))
    if key is not None:
        statement = statement.where(after(order, key))
    return (await session.scalars(statement)).all()
