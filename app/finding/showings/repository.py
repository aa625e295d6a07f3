"""Statements on how often offers were shown."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, text

from app.finding.showings.tables import ShowingRow
from app.kit.database.jobs import Job
from app.kit.database.sessions import ReadSession, WriteSession

KEPT: Final = timedelta(days=62)
"""How long a day is kept: this month and the one before it."""

_ADD: Final = text("""
    INSERT INTO offer_showings (day, offer_id, times)
    SELECT :day, shown.id, shown.times
    FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS bigint[])) AS shown (id, times) ORDER BY shown.id
    ON CONFLICT (day, offer_id) DO UPDATE SET times = offer_showings.times + excluded.times
""")
"""In the order of the ids, so that two workers never wait for each other."""


async def add_showings(session: WriteSession, day: date, shown: Mapping[str, int]) -> None:
    """Adds these numbers, by the offer's id, to those of a day."""
    ids = [UUID(each) for each in shown]
    await session.execute(_ADD, {"day": day, "ids": ids, "times": list(shown.values())})


async def count_showings(session: ReadSession, offer_ids: Collection[UUID], since: date) -> dict[UUID, int]:
    """How often each of these offers was shown from that day on; those that were not are left out."""
    statement = (
        select(ShowingRow.offer_id, func.sum(ShowingRow.times))
        .where(ShowingRow.day >= since, ShowingRow.offer_id.in_(offer_ids))
        .group_by(ShowingRow.offer_id)
    )
    return {offer_id: int(times) for offer_id, times in await session.execute(statement)}


async def _prune(session: WriteSession) -> None:
    await session.execute(delete(ShowingRow).where(ShowingRow.day < func.current_date() - KEPT))


PRUNING: Final = Job("prune-showings", "43 2 * * *", _prune)
