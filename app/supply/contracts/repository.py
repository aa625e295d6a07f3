"""Statements on contracts; all start from those that the caller may see."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, any_, or_, select

from app.domain.language import Text
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller, Role
from app.reference.lists import reference
from app.supply.contracts.tables import ContractRow


def touches(region: str) -> ColumnElement[bool]:
    """That a contract covers children of this region, or of one of its municipalities."""
    return or_(
        ContractRow.regions.contains([region]),
        ContractRow.municipalities.overlap(reference().municipalities_of(region)),
    )


def in_force(
    on: date | SQLColumnExpression[date], care_type: SQLColumnExpression[str], row: type[ContractRow] = ContractRow
) -> ColumnElement[bool]:
    """That a contract stands on that day and covers the care type; one that was withdrawn stands on no day."""
    return and_(
        row.withdrawn_at.is_(None),
        row.valid_from <= on,
        or_(row.valid_to.is_(None), row.valid_to >= on),
        or_(row.care_types.is_(None), care_type == any_(row.care_types)),
    )


def _visible(caller: Caller) -> Select[ContractRow]:
    """A provider sees its own contracts, a region those that cover its children, an admin all."""
    statement = select(ContractRow)
    if caller.role is Role.PROVIDER:
        return statement.where(ContractRow.provider_id == caller.provider_id)
    if caller.role is Role.REGION:
        return statement.where(touches(str(caller.region)))
    return statement


async def get_contract(
    session: ReadSession | WriteSession, caller: Caller, contract_id: UUID, *, lock: bool = False
) -> ContractRow:
    """The contract; `NotFoundError` where there is none that the caller may see."""
    statement = _visible(caller).where(ContractRow.id == contract_id).execution_options(populate_existing=True)
    row = await session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFoundError(Text(nl="Dit contract", en="This contract"))
    return row


async def list_contracts(
    session: ReadSession,
    caller: Caller,
    *,
    provider_id: UUID | None,
    region: str | None,
    withdrawn: bool,
    limit: int,
    key: list[Any] | None,
) -> list[ContractRow]:
    """At most `limit` contracts by first day, after the one with `key` (valid_from, id)."""
    order = [ContractRow.valid_from, ContractRow.id]
    statement = _visible(caller).order_by(*order).limit(limit)
    statement = statement.where(ContractRow.withdrawn_at.is_not(None) == withdrawn)
    if provider_id is not None:
        statement = statement.where(ContractRow.provider_id == provider_id)
    if region is not None:
        statement = statement.where(touches(region))
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())


async def add_contract(session: WriteSession, values: Mapping[str, Any]) -> ContractRow:
    """A new contract."""
    row = ContractRow(**values)
    session.add(row)
    await session.flush()
    return row
