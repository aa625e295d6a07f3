"""Statements on rankings. Whose they are is asked of the request first."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import defer

from app.domain.language import Text
from app.dossiers.rankings.tables import RankingRow
from app.kit.clock import system_clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError

KEPT_FOR = timedelta(days=7)
"""How long a ranking that no referral names is kept."""

_THIS = Text(nl="Deze rangschikking", en="This ranking")


async def add_ranking(session: WriteSession, values: Mapping[str, Any]) -> None:
    """Keeps a ranking; one that is there already was shown again."""
    statement = insert(RankingRow).values(values)
    last = func.greatest(RankingRow.shown_at, statement.excluded.shown_at)
    await session.execute(statement.on_conflict_do_update(index_elements=[RankingRow.id], set_={"shown_at": last}))


async def get_ranking(session: ReadSession, request_id: UUID, ranking_id: UUID) -> RankingRow:
    """A ranking of this request; `NotFoundError` where it has no such."""
    statement = select(RankingRow).where(RankingRow.id == ranking_id, RankingRow.request_id == request_id)
    row = await session.scalar(statement)
    if row is None:
        raise NotFoundError(_THIS)
    return row


async def list_rankings(
    session: ReadSession, request_id: UUID, *, limit: int, key: list[Any] | None
) -> list[RankingRow]:
    """At most `limit` rankings of a request, the last shown first, after the one with `key` (shown_at, id)."""
    order = [RankingRow.shown_at, RankingRow.id]
    statement = select(RankingRow).options(defer(RankingRow.case_file)).where(RankingRow.request_id == request_id)
    if key is not None:
        statement = statement.where(tuple_(*order) < tuple_(*key))
    return list((await session.scalars(statement.order_by(*(each.desc() for each in order)).limit(limit))).all())


async def keep_ranking(session: WriteSession, request_id: UUID, ranking_id: UUID) -> None:
    """Keeps a ranking of this request for good, because a referral names it; `NotFoundError` where it has no such."""
    statement = update(RankingRow).where(RankingRow.id == ranking_id, RankingRow.request_id == request_id)
    if await session.scalar(statement.values(kept=True).returning(RankingRow.id)) is None:
        raise NotFoundError(_THIS)


async def prune_rankings(session: WriteSession, now: datetime) -> int:
    """Deletes the rankings that no referral names and that were last shown more than 7 days ago; how many."""
    statement = delete(RankingRow).where(~RankingRow.kept, RankingRow.shown_at < now - KEPT_FOR)
    return len((await session.scalars(statement.returning(RankingRow.id))).all())


async def _prune(session: WriteSession) -> None:
    await prune_rankings(session, system_clock())


PRUNING = Job("prune-rankings", "43 * * * *", _prune)
