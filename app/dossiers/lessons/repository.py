"""Statements on lessons: of the escalations that they come from nothing else is read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.dossiers.escalations.tables import EscalationRow
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession


async def list_lessons(
    session: ReadSession, *, care_type: str | None, characteristic: str | None, limit: int, key: list[Any] | None
) -> Sequence[Any]:
    """At most `limit` lessons, the last year first, after the one with `key` (minus the year, id).

    Each with id, year, care_types, characteristics, causes and text.
    """
    row = EscalationRow
    order = [-row.lesson_year, row.lesson_id]
    statement = select(
        row.lesson_id.label("id"),
        row.lesson_year.label("year"),
        row.lesson_care_types.label("care_types"),
        row.lesson_characteristics.label("characteristics"),
        row.lesson_causes.label("causes"),
        row.lesson_text.label("text"),
    ).where(row.lesson_id.is_not(None))
    if care_type is not None:
        statement = statement.where(row.lesson_care_types.contains([care_type]))
    if characteristic is not None:
        statement = statement.where(row.lesson_characteristics.contains([characteristic]))
    if key is not None:
        statement = statement.where(after(order, key))
    return (await session.execute(statement.order_by(*order).limit(limit))).all()
