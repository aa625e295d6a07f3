"""Statements on target lines."""

from typing import Any

from sqlalchemy import or_

from app.insight.keeping.areas import Areas
from app.insight.keeping.kinds import Kind
from app.insight.keeping.repository import asked, visible
from app.insight.targets.schemas import TargetQuery
from app.insight.targets.tables import TargetLineRow
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession


async def list_targets(
    session: ReadSession, kind: Kind[TargetLineRow], areas: Areas, query: TargetQuery, key: list[Any] | None
) -> list[TargetLineRow]:
    """The target lines that are asked, the oldest first, after the one with `key` (created_at, id); one more than the
    page."""
    row = kind.row
    order = [row.created_at, row.id]
    statement = asked(kind, areas, query).order_by(*order)
    if query.care_type is not None:
        statement = statement.where(or_(row.care_types.is_(None), row.care_types.contains([query.care_type])))
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())


async def list_lines(session: ReadSession, kind: Kind[TargetLineRow], areas: Areas) -> list[TargetLineRow]:
    """The target lines of these areas that hold, the last added first."""
    row = kind.row
    statement = visible(kind, areas).where(row.withdrawn_at.is_(None)).order_by(row.created_at.desc(), row.id)
    return list((await session.scalars(statement)).all())
