"""What was revoked, read by each worker so often that within a minute it counts everywhere."""

import asyncio
from typing import Final

from app.access import repository
from app.kit.database.sessions import UNREACHABLE, Database
from app.kit.monitoring.log_events import DATABASE_LOST, log
from app.kit.security.revocations import Revocations

PAUSE: Final = 15.0
"""Seconds between two looks."""


async def refresh(database: Database, revocations: Revocations) -> None:
    """Has this worker know all that was revoked."""
    async with database.read() as session:
        revocations.learn(await repository.list_revocations(session))


async def follow(database: Database, revocations: Revocations) -> None:
    """Looks time and again, until it is cancelled; while the database is away, what is known goes on counting."""
    while True:
        try:
            await refresh(database, revocations)
        except UNREACHABLE as error:
            log(DATABASE_LOST, error=type(error).__qualname__)
        await asyncio.sleep(PAUSE)
