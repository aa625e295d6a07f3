"""Statements on amendments. Whose referral it is, is asked first."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.domain.language import Text
from app.dossiers.amendments.tables import AmendmentRow
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError


async def get_amendment(session: WriteSession, referral_id: UUID, number: int) -> AmendmentRow:
    """An amendment of this referral; `NotFoundError` where it has no such."""
    row = AmendmentRow
    found = await session.scalar(select(row).where(row.referral_id == referral_id, row.number == number))
    if found is None:
        raise NotFoundError(Text(nl="Dit wijzigingsvoorstel", en="This amendment"))
    return found


async def find_open(session: WriteSession, referral_id: UUID) -> int | None:
    """The number of the amendment of this referral that is open."""
    row = AmendmentRow
    return await session.scalar(select(row.number).where(row.referral_id == referral_id, row.status == "open"))


async def list_amendments(
    session: ReadSession, referral_id: UUID, *, limit: int, key: list[Any] | None
) -> list[AmendmentRow]:
    """At most `limit` amendments of a referral in their order, after the one with `key` (number)."""
    statement = select(AmendmentRow).where(AmendmentRow.referral_id == referral_id)
    if key is not None:
        statement = statement.where(AmendmentRow.number > key[0])
    return list((await session.scalars(statement.order_by(AmendmentRow.number).limit(limit))).all())


async def list_requests(session: ReadSession | WriteSession, request_ids: Collection[UUID]) -> dict[UUID, RequestRow]:
    """These requests by id, whosoever they are: a provider is told of a child's age and gender."""
    rows = await session.scalars(select(RequestRow).where(RequestRow.id.in_(request_ids)))
    return {row.id: row for row in rows}


async def add_amendment(session: WriteSession, values: Mapping[str, Any]) -> AmendmentRow:
    """The next amendment of a referral that is held."""
    row = AmendmentRow
    number = select(func.count() + 1).where(row.referral_id == values["referral_id"]).scalar_subquery()
    return (await session.execute(insert(row).values(number=number, **values).returning(row))).scalar_one()


async def save(session: WriteSession) -> None:
    """Writes what was changed of rows."""
    await session.flush()
