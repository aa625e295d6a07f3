"""The database made ready: reached, migrated, and filled."""

import asyncio
from datetime import date

import asyncpg
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.demo.seed import DatabaseInUseError, SeedReport, seed
from app.kit.database.migrations import head, upgrade
from app.reference.loader import load
from scripts.local.errors import StartError

_OLDEST = (15,)


def prepare(dsn: str, today: date, *, demo: bool) -> SeedReport | None:
    """Migrates, loads the reference data and, with `demo`, the demo data set as it is today.

    `StartError` where the database cannot be reached or is no PostgreSQL 15 or newer, and where it is somebody's own.
    """
    try:
        if asyncio.run(_reach(dsn)) != head():  # migrations bring the whole service along; most starts have none
            upgrade(dsn)
        asyncio.run(load(dsn))
        return asyncio.run(seed(dsn, today)) if demo else None
    except DatabaseInUseError as error:
        raise StartError(
            "The database of DATABASE_URL has providers or clients of its own, and the demo data set has clients\n"
            "with a published secret: it belongs in an empty database. Start with --no-demo, or use another one."
        ) from error
    except (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StartError(f"The database could not be made ready: {_words(error)}") from error


async def _reach(dsn: str) -> str | None:
    """The migration that the database is at."""
    if not dsn.startswith("postgresql+asyncpg://"):
        raise StartError("DATABASE_URL must start with postgresql+asyncpg:// (PostgreSQL is the only database).")
    try:
        engine = create_async_engine(dsn, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": 10})
        async with engine.connect() as connection:
            return await connection.run_sync(_revision)
    except (OSError, ValueError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise StartError(f"No connection with the database: {_words(error)}") from error


def _words(error: Exception) -> str:
    """The driver's own words, without SQLAlchemy's around them."""
    cause = getattr(error, "orig", None) or error
    return str(cause) or type(cause).__name__


def _revision(connection: Connection) -> str | None:
    version = connection.dialect.server_version_info or ()
    if version < _OLDEST:
        raise StartError(f"The database is PostgreSQL {'.'.join(map(str, version))}; this takes 15 or newer.")
    return MigrationContext.configure(connection).get_current_revision()
