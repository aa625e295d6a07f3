"""Runs the migrations: one at a time over all processes, and never waiting long for a lock that users hold.

The database is the one that `wijzer` hands over, or for `alembic` itself that of DATABASE_URL.
"""

import asyncio
import os

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.kit.database.migrations import is_ours
from app.kit.database.roles import ENSURE
from app.tables import METADATA

MIGRATION_LOCK = 7_201_847
LOCK_TIMEOUT = "5s"


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        compare_server_default=True,
        include_name=is_ours,
        transaction_per_migration=True,
    )
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.commit()
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text(ENSURE))
    connection.commit()


def _dsn() -> str:
    dsn = context.config.attributes.get("dsn") or os.environ.get("DATABASE_URL")
    if not dsn:
        raise CommandError("Set DATABASE_URL, or use `wijzer migrate` and `wijzer revision`.")
    return str(dsn)


async def _run() -> None:
    engine = create_async_engine(_dsn(), poolclass=NullPool, hide_parameters=True)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()


asyncio.run(_run())
