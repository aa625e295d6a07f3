"""Statements on what proposals say of one child, for the institution or local team whose child it is."""

from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnClause,
    Date,
    DateTime,
    SmallInteger,
    String,
    TableValuedAlias,
    Uuid,
    column,
    func,
    literal,
    select,
    tuple_,
)

from app.allocation.model import Method
from app.dossiers.proposals.tables import ProposalLineRow
from app.kit.database.sessions import ReadSession


class MadeProposal(NamedTuple):
    """What whose child stands in a proposal that is made knows of it."""

    id: UUID
    asked_at: datetime
    made_at: datetime
    today: date
    horizon_days: int
    method: Method
    region_code: str | None
    supraregion: str | None


_MADE: Final[tuple[ColumnClause[Any], ...]] = (
    column("id", Uuid()),
    column("asked_at", DateTime(timezone=True)),
    column("made_at", DateTime(timezone=True)),
    column("today", Date()),
    column("horizon_days", SmallInteger()),
    column("method", String()),
    column("region_code", String()),
    column("supraregion", String()),
)


async def list_child_lines(
    session: ReadSession, request_id: UUID, *, limit: int, key: list[Any] | None
) -> list[tuple[MadeProposal, ProposalLineRow]]:
    """At most `limit` lines of a child of the caller's own, the last made first; after `key` (made_at, id).

    Its institution reads no row of proposals: a function of the database (`caller_proposals`) gives what it may know.
    """
    line, made = ProposalLineRow, _made_with(request_id)
    order = [made.c.made_at, made.c.id]
    statement = (
        select(line, *(made.c[name] for name in MadeProposal._fields))
        .join(made, made.c.id == line.proposal_id)
        .where(line.request_id == request_id)
        .order_by(*(each.desc() for each in order))
        .limit(limit)
    )
    if key is not None:
        statement = statement.where(tuple_(*order) < tuple_(*key))
    return [(MadeProposal(*row[1:]), row[0]) for row in await session.execute(statement)]


def _made_with(request_id: UUID) -> TableValuedAlias:
    """The made proposals that a request of the caller's stands in."""
    return func.caller_proposals(literal(request_id, Uuid())).table_valued(*_MADE, name="made")
