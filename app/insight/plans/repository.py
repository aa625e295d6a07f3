"""Statements on the actions of plans."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from app.insight.keeping.areas import Area, Areas
from app.insight.keeping.kinds import Kind
from app.insight.keeping.repository import asked
from app.insight.plans.schemas import ActionQuery
from app.insight.plans.tables import PlanActionRow, PlanActionVersionRow
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession


class Standing(NamedTuple):
    """An action as it stood at a moment: since when it is kept, and what went over the wire of it then."""

    added_at: datetime
    state: dict[str, Any]


async def list_actions(
    session: ReadSession, kind: Kind[PlanActionRow], areas: Areas, query: ActionQuery, key: list[Any] | None
) -> list[PlanActionRow]:
    """The actions that are asked, by due day, after the one with `key` (due_on, id); one more than the page."""
    row = kind.row
    order = [row.due_on, row.id]
    statement = asked(kind, areas, query).order_by(*order)
    if query.status is not None:
        statement = statement.where(row.status == query.status)
    if query.light is not None:
        statement = statement.where(row.light == query.light)
    if query.due_before is not None:
        statement = statement.where(row.due_on < query.due_before)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())


async def list_standing(session: ReadSession, area: Area, before: datetime) -> dict[UUID, Standing]:
    """The actions of one area as they stood just before a moment, by id; those that were withdrawn by then too."""
    action, version = PlanActionRow, PlanActionVersionRow
    statement = (
        select(version.kept_id, action.created_at, version.state)
        .join(action, action.id == version.kept_id)
        .where(action.region_code == area.region if area.region else action.supraregion == area.supraregion)
        .where(version.at < before)
        .ext(distinct_on(version.kept_id))
        .order_by(version.kept_id, version.version.desc())
    )
    return {row[0]: Standing(row[1], row[2]) for row in await session.execute(statement)}
