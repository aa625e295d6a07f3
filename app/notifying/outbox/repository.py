"""Statements on the outbox."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from app.kit.database.sessions import WriteSession
from app.notifying.outbox.tables import OutboxEventRow


async def add_events(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Adds events in this order."""
    await session.execute(insert(OutboxEventRow), [dict(row) for row in rows])
