"""Statements on the outbox."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from app.kit.database.sessions import WriteSession
from app.notifying.outbox.tables import OutboxEventRow


async def add_events(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds events in this order, and asks nothing back: most are of others than the caller, who may not see them."""
    await session.execute(insert(OutboxEventRow).inline(), [dict(row) for row in rows])
